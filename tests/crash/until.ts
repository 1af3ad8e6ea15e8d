import { setTimeout as after } from 'node:timers/promises';

const LOOK_AGAIN_MS = 25;
const DEADLINE_MS = 20_000;

/** Waits until the condition holds. @throws Error where that does not come in time */
export async function until(condition: () => Promise<boolean>, deadlineMs = DEADLINE_MS): Promise<void> {
  const deadline = AbortSignal.timeout(deadlineMs);
  while (!(await condition())) {
    deadline.throwIfAborted();
    await after(LOOK_AGAIN_MS);
  }
}

/** The first call does it; later ones do nothing. */
export function onlyOnce(act: () => Promise<unknown>): () => Promise<unknown> {
  let next = act;
  return () => {
    const now = next;
    next = async () => {};
    return now();
  };
}
