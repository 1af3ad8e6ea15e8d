/** A little less than the 30 s after which Container Apps kills: so long may what was begun take in all. */
const END_MS = 28_000;

const stop = new AbortController();

/**
 * Aborts when the process is asked to end, by Ctrl-C or SIGTERM, from the moment on that this module is imported. Asking
 * again changes nothing: through npm the same Ctrl-C arrives twice, once from the terminal and once handed on.
 */
export const stopping: AbortSignal = stop.signal;

for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, end);

function end(): void {
  stop.abort();
  // Storage that hangs must not hold the process: what is not given back expires.
  setTimeout(() => process.exit(1), END_MS).unref();
}
