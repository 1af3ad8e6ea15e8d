/** A little less than the 30 s after which Container Apps kills: so long may what was begun take in all. */
const END_MS = 28_000;

/**
 * A signal that aborts when the process is asked to end, by Ctrl-C or SIGTERM. Asking again changes nothing: through
 * npm the same Ctrl-C arrives twice, once from the terminal and once handed on.
 */
export function stopSignal(): AbortSignal {
  const stop = new AbortController();
  const end = () => {
    stop.abort();
    // Storage that hangs must not hold the process: what is not given back expires.
    setTimeout(() => process.exit(1), END_MS).unref();
  };
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, end);
  return stop.signal;
}
