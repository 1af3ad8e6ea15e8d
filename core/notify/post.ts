import { type Clock, orAborted } from '../clock.ts';
import { VERSION } from '../version.ts';

/** How a receiver answered, or why it did not: `timeout`, or what the connection says, such as `ECONNREFUSED`. */
export type Answer =
  | { readonly status: number; readonly retryAfter: string | undefined }
  | { readonly status: null; readonly reason: string };

interface PostOptions {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** As long as receivers are commonly given; whoever needs more takes the event and works on it later. */
export const ATTEMPT_MS = 10_000;

/**
 * Posts JSON once. The operator names the address, so that it may well be in a private network; but a redirect is not
 * followed: what is posted is for nobody else. @throws the signal's reason when it aborts
 */
export async function postJson({ url, headers, body, clock, signal }: PostOptions): Promise<Answer> {
  const late = new AbortController();
  const ended = new AbortController();
  clock.sleep(ATTEMPT_MS, ended.signal).then(
    () => late.abort(),
    () => {},
  );
  const either = AbortSignal.any([signal, late.signal]);
  try {
    const asked = fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'user-agent': `prompt-generator/${VERSION}`,
        ...headers,
      },
      body,
      redirect: 'manual',
      signal: either,
    });
    const answer = await orAborted(asked, either);
    // Nothing that it says is of interest, and it might go on saying it.
    await answer.body?.cancel().catch(() => {});
    return { status: answer.status, retryAfter: answer.headers.get('retry-after') ?? undefined };
  } catch (error) {
    signal.throwIfAborted();
    return { status: null, reason: late.signal.aborted ? 'timeout' : reasonOf(error) };
  } finally {
    ended.abort();
  }
}

/** The message of such an error may name the address, whose path and query can be secrets: only its code is told. */
function reasonOf(error: unknown): string {
  const code = member(member(error, 'cause'), 'code') ?? member(error, 'code');
  return typeof code === 'string' ? code : 'no-answer';
}

function member(value: unknown, key: 'cause' | 'code'): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}
