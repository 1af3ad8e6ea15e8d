/** Stands in for the process that renders: what it was told makes it fill its heap. */
process.once('message', () => {
  const eaten: number[][] = [];
  for (;;) eaten.push(Array.from({ length: 10_000 }, Math.random));
});
