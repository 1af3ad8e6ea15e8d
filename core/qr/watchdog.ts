import { Worker } from 'node:worker_threads';

/** The thread's own program: a module of its own would be one more file of the bundle. */
const WATCH = `
const { workerData } = require('node:worker_threads');
setTimeout(() => process.kill(process.pid, 'SIGKILL'), workerData);
`;

/**
 * Ends this process after so many milliseconds whatever it is doing. Its parent does that sooner; but a parent may be
 * killed itself, and a process in a loop hears of it as little as of its own timers. A thread of its own does not wait
 * for the loop.
 */
export function endAfter(milliseconds: number): void {
  new Worker(WATCH, { eval: true, workerData: milliseconds, env: {}, execArgv: [] }).unref();
}
