import { orAborted } from '../../core/clock.ts';
import { FailedError } from '../../core/errors.ts';
import type { Queue } from '../../core/queue/queue.ts';
import type { Blobs, WriteCondition } from '../../core/store/blobs.ts';

/** What becomes of one call of storage. */
export const FATES = [
  'ok',
  /** It fails, and nothing has happened. */
  'fails',
  /** It happened, but its answer was lost: the SDK repeats it, and has the answer to the repetition. */
  'repeated',
  /** It happened, but every answer was lost: it fails. */
  'lost',
  /** The process ends, and nothing has happened. */
  'dies',
  /** It happened, and then the process ends. */
  'dies-after',
] as const;
export type Fate = (typeof FATES)[number];

export interface Call {
  /** The container or the queue. */
  readonly target: string;
  readonly operation: 'head' | 'read' | 'write' | 'remove' | 'page' | 'send' | 'receive' | 'hide';
  /** Of the blob, or the message; the prefix of a page. */
  readonly name: string;
  readonly condition?: WriteCondition | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Asked before every call. It may be a promise, and the call waits for it. */
export type Decide = (call: Call) => Fate | Promise<Fate>;

/** The container, as a process sees it whose calls have the fates that are decided. */
export function faultyBlobs(blobs: Blobs, decide: Decide): Blobs {
  const target = blobs.container;
  const run = <T>(call: Omit<Call, 'target'>, effect: () => Promise<T>) =>
    withFate(decide, { target, ...call }, effect);
  return {
    container: target,
    url: (name) => blobs.url(name),
    head: (name, signal) => run({ operation: 'head', name, signal }, () => blobs.head(name, signal)),
    read: (name, options) =>
      run({ operation: 'read', name, signal: options.signal }, () => blobs.read(name, options)),
    write(name, bytes, options) {
      const { condition, signal } = options;
      return run({ operation: 'write', name, condition, signal }, () => blobs.write(name, bytes, options));
    },
    remove(name, options = {}) {
      const { etag, signal } = options;
      const condition = etag === undefined ? 'any' : { etag };
      return run({ operation: 'remove', name, condition, signal }, () => blobs.remove(name, options));
    },
    page: (options) =>
      run({ operation: 'page', name: options.prefix ?? '', signal: options.signal }, () =>
        blobs.page(options),
      ),
  };
}

/** The queue, as a process sees it whose calls have the fates that are decided. */
export function faultyQueue(queue: Queue, decide: Decide): Queue {
  const target = queue.name;
  const run = <T>(call: Omit<Call, 'target'>, effect: () => Promise<T>) =>
    withFate(decide, { target, ...call }, effect);
  return {
    name: target,
    send: (text, options = {}) =>
      run({ operation: 'send', name: '', signal: options.signal }, () => queue.send(text, options)),
    receive: (options) =>
      run({ operation: 'receive', name: '', signal: options.signal }, () => queue.receive(options)),
    hide: (message, hidden) =>
      run({ operation: 'hide', name: message.id }, () => queue.hide(message, hidden)),
    remove: (message) => run({ operation: 'remove', name: message.id }, () => queue.remove(message)),
    peek: (max) => queue.peek(max),
    length: () => queue.length(),
  };
}

async function withFate<T>(decide: Decide, call: Call, effect: () => Promise<T>): Promise<T> {
  const fate = await decided(decide, call);
  switch (fate) {
    case 'ok':
      return effect();
    case 'fails':
      throw new FailedError('storage-unavailable', { detail: 'It was made to fail.' });
    case 'repeated':
      await effect();
      return effect();
    case 'lost':
      await effect();
      throw new FailedError('storage-unavailable', { detail: 'Its answer was made to get lost.' });
    case 'dies':
      return new Promise<never>(() => {});
    case 'dies-after':
      await effect();
      return new Promise<never>(() => {});
  }
}

async function decided(decide: Decide, call: Call): Promise<Fate> {
  const fate = Promise.resolve(decide(call));
  if (call.signal === undefined) return fate;
  // The real storage, too, makes a failure of its own of a request that is called off.
  return orAborted(fate, call.signal).catch((cause) => {
    throw new FailedError('storage-unavailable', { cause });
  });
}
