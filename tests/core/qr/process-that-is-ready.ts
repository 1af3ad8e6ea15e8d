/** Stands in for the process that renders: it has started, and answers nothing for as long as it lives. */
setInterval(() => {}, 1_000);
process.on('disconnect', () => process.exit());
process.send?.({ ready: true });
