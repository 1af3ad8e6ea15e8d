import { type Clock, dateIn, orAborted, SYSTEM_CLOCK } from '../../clock.ts';
import { DeferredError, FailedError, type FailureCode } from '../../errors.ts';
import { parseRetryAfter } from '../../retry-after.ts';
import type { Blobs } from '../../store/blobs.ts';
import { type CountedCall, VisionTelemetry } from '../../telemetry/vision.ts';
import type { Analysis, AnalyzeOptions, Vision, VisionImage } from '../vision.ts';
import { Breaker } from './breaker.ts';
import { DAY_MS, DailyLimit } from './daily-limit.ts';
import { Pace } from './pace.ts';

export interface GuardOptions {
  /** By this instance; above 0, fractions allowed. */
  readonly callsPerSecond: number;
  /** After so many milliseconds a call is given up: a provider waits for as long as its service says nothing. */
  readonly attemptMs: number;
  /** By all instances together, in one UTC day, counted in `blobs`. */
  readonly daily?: { readonly limit: number; readonly blobs: Blobs } | undefined;
  /** Makes the provider read its key anew; called once for an image whose call was refused for its credentials. */
  readonly refreshCredential?: (() => Promise<void>) | undefined;
  readonly clock?: Clock;
}

/**
 * No call begins later than this after its image came, so that an image has an end: this and the time of one call. A
 * call that has begun gets its full time, since one that is cut short may have been paid for.
 */
const LATEST_START_MS = 45_000;

const MAX_TRIES = 3;

/** Full jitter: a wait from nothing up to this, twice as much after the second try. */
const BACKOFF_MS = 1_000;

/** Instances that were told to wait equally long do not come back in the same moment. */
const MAX_JITTER_MS = 1_000;

/** For a service that throttles and does not say for how long. */
const THROTTLED_MS = 30_000;

/** More than this, with their bytes in memory, are not kept waiting at once. */
const MAX_IMAGES = 256;
const BUSY_MS = 10_000;

const TRIED_AGAIN: ReadonlySet<FailureCode> = new Set([
  'vision-unavailable',
  'vision-timeout',
  'vision-throttled',
]);

/**
 * What stands between this program and every provider that costs money or can fail: calls per second and per day,
 * deadlines, retries, a circuit breaker and telemetry. `analyze` throws what the provider throws, and DeferredError
 * when it is to be asked again at a known time.
 */
export function guardVision(vision: Vision, options: GuardOptions): Vision {
  const guard = new Guard(vision, options);
  return { ...vision, analyze: (image, asked) => guard.analyze(image, asked) };
}

/** What all calls for one image share. */
interface Job {
  readonly image: VisionImage;
  readonly options: AnalyzeOptions;
  readonly counted: CountedCall;
  /** No call begins after this time, of the clock that is never set. */
  readonly latest: number;
}

class Guard {
  readonly #vision: Vision;
  readonly #attemptMs: number;
  readonly #refresh: (() => Promise<void>) | undefined;
  readonly #clock: Clock;
  readonly #pace: Pace;
  readonly #daily: DailyLimit | undefined;
  readonly #breaker: Breaker;
  readonly #telemetry: VisionTelemetry;
  #images = 0;

  constructor(
    vision: Vision,
    { callsPerSecond, attemptMs, daily, refreshCredential, clock = SYSTEM_CLOCK }: GuardOptions,
  ) {
    this.#vision = vision;
    this.#refresh = refreshCredential;
    this.#attemptMs = attemptMs;
    this.#clock = clock;
    this.#pace = new Pace(callsPerSecond, clock);
    this.#daily = daily && new DailyLimit(daily.limit, daily.blobs, clock);
    this.#breaker = new Breaker(clock);
    this.#telemetry = new VisionTelemetry(vision.provider, () => this.#breaker.state);
  }

  async analyze(image: VisionImage, options: AnalyzeOptions): Promise<Analysis> {
    return this.#telemetry.image(options.signal, async (counted) => {
      if (this.#images >= MAX_IMAGES) throw new DeferredError('vision-busy', dateIn(this.#clock, BUSY_MS));
      this.#images++;
      try {
        const latest = this.#clock.elapsed() + LATEST_START_MS;
        return await this.#tries({ image, options, counted, latest });
      } finally {
        this.#images--;
      }
    });
  }

  async #tries(job: Job): Promise<Analysis> {
    const { signal } = job.options;
    let refresh = this.#refresh;
    for (let tries = 1; ; tries++) {
      try {
        return await this.#try(job);
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof FailedError)) throw error;
        if (error.code === 'vision-auth' && refresh && tries < MAX_TRIES) {
          await refresh().catch((cause) => {
            throw new FailedError('vision-auth', { cause });
          });
          refresh = undefined;
        } else {
          await this.#backOff(error, tries, job);
        }
      }
    }
  }

  /** Waits until the next try, or throws where there is none. */
  async #backOff(error: FailedError, tries: number, { latest, options }: Job): Promise<void> {
    const now = this.#clock.elapsed();
    const chance = this.#clock.random();
    const advised = parseRetryAfter(error.retryAfter, this.#clock.now());
    const wait = advised === null ? chance * BACKOFF_MS * 2 ** (tries - 1) : advised + chance * MAX_JITTER_MS;
    const isThrottled = error.code === 'vision-throttled';
    // The others need not find out for themselves.
    if (TRIED_AGAIN.has(error.code) && advised !== null) this.#pace.pauseUntil(now + wait);
    if (tries >= MAX_TRIES || now + wait > latest || this.#breaker.state !== 'closed') {
      if (!isThrottled) throw error;
      const pause = advised === null ? THROTTLED_MS : wait;
      this.#pace.pauseUntil(now + pause);
      throw new DeferredError('vision-throttled', dateIn(this.#clock, pause), { cause: error });
    }
    if (!TRIED_AGAIN.has(error.code)) throw error;
    await this.#clock.sleep(wait, options.signal);
  }

  async #try(job: Job): Promise<Analysis> {
    // Before anything is taken or waited for; it may open meanwhile.
    this.#breaker.check();
    const giveBack = await this.#allowance(job.latest, job.options.signal);
    let isCalled = false;
    try {
      return await this.#breaker.run(() => {
        isCalled = true;
        return job.counted(() => this.#call(job));
      });
    } finally {
      if (!isCalled) giveBack();
    }
  }

  #day(): number {
    return Math.floor(this.#clock.now() / DAY_MS);
  }

  /** Takes one of the day's calls and waits for the turn. */
  async #allowance(latest: number, signal: AbortSignal): Promise<() => void> {
    const day = this.#day();
    const giveBack = (await this.#daily?.take(signal)) ?? (() => {});
    try {
      await this.#pace.turn(latest, signal);
    } catch (error) {
      giveBack();
      throw error;
    }
    if (this.#daily === undefined || this.#day() === day) return giveBack;
    // Midnight came while it waited: the call is made on the new day, and counts there.
    giveBack();
    return this.#daily.take(signal);
  }

  async #call({ image, options, latest }: Job): Promise<Analysis> {
    const late = new AbortController();
    const ended = new AbortController();
    this.#clock.sleep(this.#attemptMs, ended.signal).then(
      () => late.abort(),
      () => {},
    );
    const signal = AbortSignal.any([options.signal, late.signal]);
    const again = async () => {
      await this.#allowance(latest, signal);
    };
    try {
      return await orAborted(this.#vision.analyze(image, { ...options, signal, again }), signal);
    } catch (error) {
      options.signal.throwIfAborted();
      throw late.signal.aborted ? new FailedError('vision-timeout', { cause: error }) : error;
    } finally {
      ended.abort();
    }
  }
}
