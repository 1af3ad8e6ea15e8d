/** The body of a child process: what loading one module costs, in milliseconds and MiB. */
const [module] = process.argv.slice(2);
const start = performance.now();
if (module) await import(module);
const milliseconds = performance.now() - start;
process.send?.({ milliseconds, mebibytes: process.memoryUsage.rss() / 2 ** 20 });
process.disconnect?.();
