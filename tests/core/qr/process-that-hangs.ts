/** Stands in for the process that renders: it answers nothing, for as long as it lives. */
setInterval(() => {}, 1_000);
process.on('disconnect', () => process.exit());
