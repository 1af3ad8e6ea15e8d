/**
 * Runs something with a signal that aborts so many milliseconds after another: what ends a run that was stopped has as
 * long for it.
 */
export async function withGrace<T>(
  signal: AbortSignal,
  ms: number,
  run: (late: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = new AbortController();
  const begin = () => {
    setTimeout(() => late.abort(signal.reason), ms).unref();
  };
  if (signal.aborted) begin();
  signal.addEventListener('abort', begin, { once: true });
  try {
    return await run(late.signal);
  } finally {
    signal.removeEventListener('abort', begin);
  }
}
