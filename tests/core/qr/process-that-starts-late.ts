/** Stands in for the process that renders: starting takes it longer than it is given for its answer. */
const LATE_MS = 2_000;

process.once('message', () => {
  setTimeout(() => {
    process.send?.({ ready: true });
    process.send?.({ image: 'late' });
  }, LATE_MS);
});
