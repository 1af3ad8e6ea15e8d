/** At most `requests` in `windowMs` milliseconds. */
export interface RateLimit {
  readonly requests: number;
  readonly windowMs: number;
}

export interface Taken {
  readonly isAllowed: boolean;
  /** Requests that are left in the window. */
  readonly left: number;
  /** Milliseconds until the window ends. */
  readonly endsIn: number;
}

/** Of about 150 bytes each: nobody fills the memory by coming from many addresses. */
const MAX_WINDOWS = 10_000;

/**
 * Counts each client's requests in windows that begin with its first. The libraries for this keep every client they
 * ever saw, or a timer for each; here the client that has been silent longest is forgotten where there are too many.
 */
export class Windows {
  readonly #limit: RateLimit;
  readonly #now: () => number;
  /** In the order of the last request. */
  readonly #windows = new Map<string, { readonly ends: number; readonly taken: number }>();

  /** @param now in milliseconds; must never go back */
  constructor(limit: RateLimit, now: () => number) {
    this.#limit = limit;
    this.#now = now;
  }

  take(client: string): Taken {
    const { requests, windowMs } = this.#limit;
    const now = this.#now();
    const open = this.#windows.get(client);
    const { ends, taken } = open && now < open.ends ? open : { ends: now + windowMs, taken: 0 };
    const isAllowed = taken < requests;
    const left = isAllowed ? requests - taken - 1 : 0;
    this.#windows.delete(client);
    this.#windows.set(client, { ends, taken: requests - left });
    this.#forget();
    return { isAllowed, left, endsIn: ends - now };
  }

  #forget(): void {
    const [longestSilent] = this.#windows.keys();
    if (longestSilent !== undefined && this.#windows.size > MAX_WINDOWS) this.#windows.delete(longestSilent);
  }
}
