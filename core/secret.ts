/** How often a secret is read anew because it was refused, at most. */
const REFRESH_MS = 60_000;

export interface SecretOptions {
  /** Gives the secret as it is now, null where there is none; its errors are those of `value` and `refresh`. */
  readonly read: () => Promise<string | null>;
  /** How long it is used before it is read anew, in milliseconds; without one, until `refresh`. */
  readonly maxAge?: number;
  /** Milliseconds. */
  readonly now?: () => number;
}

/** A secret that lies elsewhere and may change while the program runs. It is read when it is first needed. */
export class Secret {
  readonly #read: () => Promise<string | null>;
  readonly #maxAge: number;
  readonly #now: () => number;
  #known: { readonly value: string | null } | undefined;
  #reading: Promise<string | null> | undefined;
  #readAt = Number.NEGATIVE_INFINITY;
  #refreshedAt = Number.NEGATIVE_INFINITY;

  constructor({ read, maxAge = Number.POSITIVE_INFINITY, now = () => performance.now() }: SecretOptions) {
    this.#read = read;
    this.#maxAge = maxAge;
    this.#now = now;
  }

  /**
   * The secret, null where there is none. While it cannot be read anew, the one that is known goes on being used: nobody
   * is locked out because the vault is away.
   */
  async value(): Promise<string | null> {
    if (this.#known && this.#now() - this.#readAt < this.#maxAge) return this.#known.value;
    try {
      return await this.#readAnew();
    } catch (error) {
      if (!this.#known) throw error;
      return this.#known.value;
    }
  }

  /** After the secret was refused somewhere: reads it anew, unless that was done within the last minute. */
  async refresh(): Promise<void> {
    if (this.#now() - this.#refreshedAt >= REFRESH_MS) {
      this.#refreshedAt = this.#now();
      await this.#readAnew();
    } else {
      await this.#reading;
    }
  }

  /** Once for all who wait for it. Also a failed reading counts, so that not every caller waits for a dead vault. */
  #readAnew(): Promise<string | null> {
    this.#reading ??= this.#read()
      .then((value) => {
        this.#known = { value };
        return value;
      })
      .finally(() => {
        this.#readAt = this.#now();
        this.#reading = undefined;
      });
    return this.#reading;
  }
}
