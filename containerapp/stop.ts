/**
 * A signal that aborts when the process is asked to end, by Ctrl-C or SIGTERM. Asking again changes nothing: through
 * npm the same Ctrl-C arrives twice, once from the terminal and once handed on.
 */
export function stopSignal(): AbortSignal {
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => stop.abort());
  return stop.signal;
}
