import type { MiddlewareHandler } from 'hono';
import { FailedError } from '../../errors.ts';
import { contentType } from '../bodies/body.ts';
import type { ApiEnv } from '../options.ts';
import { clientOf } from './client.ts';

export interface AdmissionLimits {
  /** Requests that are worked on at once, most of the time waiting for a provider. */
  readonly requests: number;
  /** Bytes of images that all of these may hold. */
  readonly bytes: number;
  /** Requests that wait, their bodies unread, until another one ends. */
  readonly waiting: number;
  readonly waitMs: number;
}

/** The memory of the smallest hosts, of which decoding takes about as much again. */
const MIB = 1024 * 1024;
const LIMITS: AdmissionLimits = { requests: 32, bytes: 160 * MIB, waiting: 64, waitMs: 5_000 };

const RETRY_AFTER = '2';

/** What a request asks for. */
export interface Entry {
  /** What it will hold at most; never more than the limit alone. */
  readonly bytes: number;
  /** Whose it is. */
  readonly client: string;
  readonly signal: AbortSignal;
}

interface Waiting extends Entry {
  admit(leave: () => void): void;
  turnAway(): void;
}

/**
 * Lets in what there is memory for; the next few wait, all others are turned away.
 *
 * A client alone may have all of it. Where several want more than there is, the next place is for the one with the
 * fewest, and the room to wait is taken from the one who waits most often: so nobody is kept out by whoever comes with
 * many requests at once, or with requests that take long. Otherwise it goes by the order of coming.
 */
export class Admission {
  readonly #limits: AdmissionLimits;
  readonly #waiting = new Set<Waiting>();
  /** Requests that are let in, of each client that has some. */
  readonly #inside = new Map<string, number>();
  #requests = 0;
  #bytes = 0;

  constructor(limits: AdmissionLimits = LIMITS) {
    this.#limits = limits;
  }

  /**
   * @returns what must be called when the request has ended
   * @throws FailedError `busy`
   */
  async enter(entry: Entry): Promise<() => void> {
    if (this.#waiting.size === 0 && this.#fits(entry.bytes)) return this.#admit(entry);
    if (this.#waiting.size >= this.#limits.waiting) this.#makeRoom(entry.client);
    const { signal } = entry;
    const { promise, resolve, reject } = Promise.withResolvers<() => void>();
    const turnAway = () => {
      if (this.#waiting.delete(waiting)) reject(busy());
    };
    const waiting: Waiting = { ...entry, admit: resolve, turnAway };
    this.#waiting.add(waiting);
    const giveUp = () => {
      turnAway();
      // It may have been the one that all others waited behind.
      this.#admitNext();
    };
    const timer = setTimeout(giveUp, this.#limits.waitMs);
    signal.addEventListener('abort', giveUp, { once: true });
    return promise.finally(() => {
      clearTimeout(timer);
      signal.removeEventListener('abort', giveUp);
    });
  }

  /** Whether someone waits who would be let in if another left. */
  get isAwaited(): boolean {
    return this.#waiting.size > 0;
  }

  #fits(bytes: number): boolean {
    return this.#requests < this.#limits.requests && this.#bytes + bytes <= this.#limits.bytes;
  }

  #admit({ bytes, client }: Entry): () => void {
    this.#count(client, 1);
    this.#bytes += bytes;
    return () => {
      this.#count(client, -1);
      this.#bytes -= bytes;
      this.#admitNext();
    };
  }

  #count(client: string, change: number): void {
    this.#requests += change;
    const inside = this.#insideOf(client) + change;
    if (inside === 0) this.#inside.delete(client);
    else this.#inside.set(client, inside);
  }

  #insideOf(client: string): number {
    return this.#inside.get(client) ?? 0;
  }

  #admitNext(): void {
    while (this.#waiting.size > 0) {
      // The first of those whose client has the fewest.
      const next = [...this.#waiting].reduce((first, other) =>
        this.#insideOf(other.client) < this.#insideOf(first.client) ? other : first,
      );
      if (!this.#fits(next.bytes)) return;
      this.#waiting.delete(next);
      next.admit(this.#admit(next));
    }
  }

  /** Turns the last request of whoever waits most often away for a newcomer, unless that is the newcomer. */
  #makeRoom(newcomer: string): void {
    const byClient = Map.groupBy(this.#waiting, ({ client }) => client);
    const own = byClient.get(newcomer)?.length ?? 0;
    const [most = []] = [...byClient.values()].sort((a, b) => b.length - a.length);
    if (most.length <= own + 1) throw busy();
    most.at(-1)?.turnAway();
  }
}

/**
 * Turns requests for images away with 429 while there is no memory for another, before their bodies are read.
 * @param maxBytes of an image: what is counted for a request that does not say how much it brings, or names an image
 */
export function shedLoad(
  admission: Admission,
  { maxBytes, trustedProxies }: { readonly maxBytes: number; readonly trustedProxies: number },
): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const declared = Number(c.req.header('content-length') ?? maxBytes);
    const isImage = c.req.method === 'POST' && contentType(c.req.raw) !== 'application/json';
    const bytes = isImage && declared < maxBytes ? declared : maxBytes;
    const client = clientOf(c, trustedProxies);
    const leave = await admission.enter({ bytes, client, signal: c.req.raw.signal });
    c.set('isAwaited', () => admission.isAwaited);
    try {
      await next();
    } finally {
      leave();
    }
  };
}

function busy(): FailedError {
  return new FailedError('busy', { headers: { 'retry-after': RETRY_AFTER } });
}
