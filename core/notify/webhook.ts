import type { Clock } from '../clock.ts';
import { FailedError } from '../errors.ts';
import type { Log } from '../log.ts';
import { parseRetryAfter } from '../retry-after.ts';
import type { OutgoingTelemetry } from '../telemetry/outgoing.ts';
import type { WebhookEvent } from './event.ts';
import type { Outbox } from './outbox.ts';
import { type Answer, postJson } from './post.ts';
import { signedHeaders, signingKey } from './sign.ts';

export interface WebhookOptions {
  readonly url: string;
  /** @throws FailedError where it cannot be read at the moment */
  readonly secret: () => Promise<string | null>;
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly telemetry: OutgoingTelemetry;
  readonly log: Log;
}

export const MAX_ATTEMPTS = 5;

/** Full jitter: a wait from nothing up to this, three times as much after each attempt: about three minutes in all. */
const BACKOFF_MS = 10_000;

/** The longest wait that a receiver may ask for: the events of ten minutes are many to keep. */
const MAX_RETRY_AFTER_MS = 5 * 60_000;

/** The client errors that say nothing about the event itself. */
const TRIED_AGAIN = new Set([408, 425, 429]);

/** Posts events to the operator's receiver, each signed, in several attempts where it has to be. */
export class Webhook {
  readonly #options: WebhookOptions;
  /** All that may be told of the address: what follows it can be a secret. */
  readonly #host: string;

  constructor(options: WebhookOptions) {
    this.#options = options;
    this.#host = new URL(options.url).host;
  }

  /** @returns when it was attempted once, or is lost. It never rejects */
  send(event: WebhookEvent): Promise<void> {
    const { outbox, telemetry } = this.#options;
    const body = JSON.stringify(event);
    // All that is told of it later: the event itself need not be kept.
    const { id, type, name, batchId } = event;
    const about = { webhook: id, type, ...(name === null ? { batch: batchId } : { name }) };
    return outbox.add({
      try: (attempt, signal) => this.#try({ id, body, about, attempt }, signal),
      lost: (reason) => {
        telemetry.webhook(reason);
        this.#tell({ ...about, reason });
      },
    });
  }

  async #try(
    { id, body, about, attempt }: { id: string; body: string; about: object; attempt: number },
    signal: AbortSignal,
  ): Promise<number | null> {
    const { clock, telemetry } = this.#options;
    const answer = await this.#post(id, body, signal);
    if (answer === 'stopped') {
      telemetry.webhook('stopped');
      this.#tell({ ...about, attempt, reason: 'stopped' });
      return null;
    }
    const { status } = answer;
    if (status !== null && status >= 200 && status < 300) {
      telemetry.webhook('delivered');
      return null;
    }
    const isFinal = status !== null && status < 500 && !TRIED_AGAIN.has(status);
    if (!isFinal && attempt < MAX_ATTEMPTS) return waitAfter(answer, attempt, clock);
    telemetry.webhook(isFinal ? 'refused' : 'failed');
    this.#tell({ ...about, attempt, ...(status === null ? { reason: answer.reason } : { status }) });
    return null;
  }

  async #post(id: string, body: string, signal: AbortSignal): Promise<Answer | 'stopped'> {
    const { url, secret, clock } = this.#options;
    try {
      const text = await secret();
      const key = text === null ? null : signingKey(text);
      // It is not sent unsigned: the receiver could not tell it from anyone else's.
      if (key === null) return { status: null, reason: 'no-secret' };
      const headers = signedHeaders(key, { id, at: clock.now(), body });
      return await postJson({ url, headers, body, clock, signal });
    } catch (error) {
      if (signal.aborted) return 'stopped';
      return { status: null, reason: error instanceof FailedError ? error.code : 'internal' };
    }
  }

  #tell(fields: object): void {
    this.#options.log.error({ host: this.#host, ...fields }, 'the webhook was not told');
  }
}

function waitAfter(answer: Answer, attempt: number, clock: Clock): number {
  const own = clock.random() * BACKOFF_MS * 3 ** (attempt - 1);
  const advised = answer.status === null ? null : parseRetryAfter(answer.retryAfter, clock.now());
  return Math.max(own, Math.min(advised ?? 0, MAX_RETRY_AFTER_MS));
}
