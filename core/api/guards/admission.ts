import type { MiddlewareHandler } from 'hono';
import { FailedError } from '../../errors.ts';
import type { ApiEnv } from '../options.ts';

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

interface Waiting {
  readonly bytes: number;
  admit(leave: () => void): void;
}

/** Lets in what there is memory for, in the order of coming; the next few wait, all others are turned away. */
export class Admission {
  readonly #limits: AdmissionLimits;
  readonly #waiting = new Set<Waiting>();
  #requests = 0;
  #bytes = 0;

  constructor(limits: AdmissionLimits = LIMITS) {
    this.#limits = limits;
  }

  /**
   * @param bytes what the request will hold at most; never more than the limit alone
   * @returns what must be called when the request has ended
   * @throws FailedError `busy`
   */
  async enter(bytes: number, signal: AbortSignal): Promise<() => void> {
    if (this.#waiting.size === 0 && this.#fits(bytes)) return this.#admit(bytes);
    if (this.#waiting.size >= this.#limits.waiting) throw busy();
    const { promise, resolve, reject } = Promise.withResolvers<() => void>();
    const waiting: Waiting = { bytes, admit: resolve };
    this.#waiting.add(waiting);
    const giveUp = () => {
      if (this.#waiting.delete(waiting)) reject(busy());
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

  #fits(bytes: number): boolean {
    return this.#requests < this.#limits.requests && this.#bytes + bytes <= this.#limits.bytes;
  }

  #admit(bytes: number): () => void {
    this.#requests++;
    this.#bytes += bytes;
    return () => {
      this.#requests--;
      this.#bytes -= bytes;
      this.#admitNext();
    };
  }

  #admitNext(): void {
    for (const waiting of this.#waiting) {
      if (!this.#fits(waiting.bytes)) return;
      this.#waiting.delete(waiting);
      waiting.admit(this.#admit(waiting.bytes));
    }
  }
}

/**
 * Turns requests for images away with 429 while there is no memory for another, before their bodies are read.
 * @param maxBytes of an image: what is counted for a request that does not say how much it brings, or names an image
 */
export function shedLoad(admission: Admission, maxBytes: number): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const declared = Number(c.req.header('content-length') ?? maxBytes);
    const isImage = c.req.method === 'POST' && !c.req.header('content-type')?.includes('json');
    const bytes = isImage && declared < maxBytes ? declared : maxBytes;
    const leave = await admission.enter(bytes, c.req.raw.signal);
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
