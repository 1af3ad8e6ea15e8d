/** Waits until all have ended. When one fails the others are stopped, and only then is its error thrown. */
export async function together(
  signal: AbortSignal,
  parts: readonly ((signal: AbortSignal) => Promise<unknown>)[],
): Promise<void> {
  const failed = new AbortController();
  const until = AbortSignal.any([signal, failed.signal]);
  const running = parts.map((part) => part(until));
  for (const part of running) part.catch(() => failed.abort());
  await Promise.allSettled(running);
  await Promise.all(running);
}
