/** Stands in for the process that renders: it answers what it was started with. */
process.once('message', () => {
  process.send?.({ image: JSON.stringify([process.env, process.execArgv]) });
});
