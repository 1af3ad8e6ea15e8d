import pLimit from 'p-limit';
import type { Clock } from '../core/clock.ts';
import { isLoopback } from '../core/loopback.ts';
import { encodeEvent } from '../core/queue/message.ts';
import type { Queue } from '../core/queue/queue.ts';
import { HIDDEN_MS } from '../core/queue/while-hidden.ts';
import type { Blobs } from '../core/store/blobs.ts';
import { firstStart } from '../core/store/first-start.ts';
import { type ListedImage, listImages } from '../core/store/listing.ts';
import { nameFault } from '../core/store/names.ts';
import { statusOf } from '../core/store/prompts.ts';
import { Lister } from '../core/store/unlistable.ts';
import { Told } from './told.ts';

/** What there is to say of images that no event is sent for; each is said once. */
export type Notice =
  /** Nothing can be written beside it. */
  | { readonly kind: 'unusable'; readonly name: string }
  /** So many were there before the first start, and BACKFILL is off. */
  | { readonly kind: 'older'; readonly count: number };

export interface WatchOptions {
  readonly blobs: Blobs;
  /** Where images to describe are queued. */
  readonly events: Queue;
  /** Only names that begin with this are images. */
  readonly prefix: string;
  /** Images that were last changed before this are left alone; null where none is too old. */
  readonly since: () => Promise<Date | null>;
  /** Nothing is queued then, since all of it would only be put off. */
  readonly isPaused: boolean;
  readonly clock: Clock;
  /** Of which images it told; a worker beside it says in there what is done. */
  readonly images?: Told;
  /** The pause before the next listing, in milliseconds, from the time the last one took. */
  readonly pause: (listed: number) => number;
  /** Whether the worker beside it has nothing to do; what it works on lies hidden in the queue. */
  readonly isIdle?: () => boolean;
  /** Called when something was queued. */
  readonly wake: () => void;
  readonly notice: (notice: Notice) => void;
  /** Told of a listing or a queue that failed, once while it fails in the same way; the next look follows all the same. */
  readonly warn: (error: unknown) => void;
  readonly signal: AbortSignal;
}

/** Listing costs the emulator's processor, so it rests five times as long as it worked. */
const NEAR_PAUSE = (listed: number) => Math.max(250, 5 * listed);
/** Listing someone's account costs money. */
const FAR_PAUSE_MS = 5 * 60_000;

const SENDS_AT_ONCE = 8;

/** What its receiver died over has come back by then. */
const QUIET_MS = 2 * HIDDEN_MS;

/** The emulator's only account. It stands in the path; the account of a service stands in the host. */
const EMULATOR_ACCOUNT = 'devstoreaccount1';

/** Whether listing costs no money: the storage is on this machine, or an emulator, whatever the network calls its host. */
export function isNear(blobs: Pick<Blobs, 'url' | 'container'>): boolean {
  const { hostname, pathname } = new URL(blobs.url('x'));
  return isLoopback(hostname) || pathname.startsWith(`/${EMULATOR_ACCOUNT}/${blobs.container}/`);
}

/** The watcher of a program, as its settings say. Ends when the signal aborts. */
export async function watchInto(
  program: {
    readonly blobs: Blobs;
    readonly state: Blobs;
    readonly events: Queue;
    readonly settings: { readonly isPaused: boolean };
  },
  config: { readonly IMAGES_PREFIX: string; readonly backfill: boolean },
  signal: AbortSignal,
  told: Pick<WatchOptions, 'wake' | 'warn' | 'clock'> &
    Partial<Pick<WatchOptions, 'notice' | 'images' | 'isIdle'>>,
): Promise<void> {
  const { blobs, state, events, settings } = program;
  await watch({
    // Housekeeping tells the log of names that cannot be used.
    notice: () => {},
    ...told,
    blobs,
    events,
    signal,
    prefix: config.IMAGES_PREFIX,
    since: async () => (config.backfill ? null : firstStart(state)),
    isPaused: settings.isPaused,
    pause: isNear(blobs) ? NEAR_PAUSE : () => FAR_PAUSE_MS,
  });
}

/**
 * Stands in for Event Grid where there is none: lists the container again and again and queues an event for every image
 * that has neither an up-to-date prompt nor an error, once for each version of it. What was there when it began waits until
 * the queue is empty, or has only what was put off, since it may be queued already. All else is the queue's business. Ends
 * when the signal aborts.
 */
export async function watch(options: WatchOptions): Promise<void> {
  const { blobs, clock, pause, warn, signal, images = new Told() } = options;
  const lister = new Lister(blobs, clock);
  const told: SaidBefore = { images, unusable: new Told(), older: 0, start: 'first look', quietSince: null };
  let warned = '';
  while (!signal.aborted) {
    let listed = 0;
    try {
      listed = await look(options, lister, told);
      warned = '';
    } catch (error) {
      if (!signal.aborted && String(error) !== warned) warn(error);
      warned = String(error);
    }
    // It rejects only when the signal aborts.
    await clock.sleep(pause(listed), signal).catch(() => {});
  }
}

/** What earlier looks have said. */
interface SaidBefore {
  readonly images: Told;
  readonly unusable: Told;
  /** How many images were too old. */
  older: number;
  /** Until the queue was empty once, what the first look found may lie in it, from before this program was started. */
  start: 'first look' | 'may be queued' | 'over';
  /** Since then no look found anything to receive in the queue, or anyone at work. */
  quietSince: number | null;
}

/** @returns how long listing took, in milliseconds */
async function look(options: WatchOptions, lister: Lister, told: SaidBefore): Promise<number> {
  const { prefix, isPaused, clock, notice, signal } = options;
  const since = await options.since();
  // Asked before the listing, which then shows what became of all that has left the queue.
  if (!isPaused && told.start !== 'over' && (await isWorkedOff(options, told))) {
    told.images.clear();
    told.start = 'over';
  }
  // Queued anew at each start, an image that ends the process would never be received often enough to be given up.
  const isQueued = told.start === 'first look';
  const limit = pLimit(SENDS_AT_ONCE);
  const sends: Promise<void>[] = [];
  let older = 0;
  const started = clock.elapsed();
  told.images.begin();
  told.unusable.begin();
  for await (const listed of listImages(lister, { prefix, signal })) {
    const { name, etag, lastModified } = listed.image;
    if (nameFault(name) !== null) {
      if (told.unusable.add(name, etag)) notice({ kind: 'unusable', name });
    } else if (isPaused || statusOf(listed) !== 'pending') {
    } else if (since && lastModified < since) {
      older++;
    } else if (told.images.add(name, etag) && !isQueued) {
      sends.push(limit(() => send(listed, options, told.images)));
    }
  }
  told.images.end();
  told.unusable.end();
  if (isQueued) told.start = 'may be queued';
  const took = clock.elapsed() - started;
  if (older > 0 && told.older === 0) notice({ kind: 'older', count: older });
  told.older ||= older;
  const failed = (await Promise.allSettled(sends)).find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
  return took;
}

/** Whether nothing is left in the queue but what was put off: all else can be received again within half a minute. */
async function isWorkedOff(
  { events, clock, signal, isIdle = () => true }: WatchOptions,
  told: SaidBefore,
): Promise<boolean> {
  if ((await events.length(signal)) === 0) return true;
  const isQuiet = isIdle() && (await events.peek(1)).length === 0;
  told.quietSince = isQuiet ? (told.quietSince ?? clock.elapsed()) : null;
  return told.quietSince !== null && clock.elapsed() - told.quietSince > QUIET_MS;
}

async function send(
  { image: { name, etag } }: ListedImage,
  { blobs, events, wake, signal }: WatchOptions,
  told: Told,
): Promise<void> {
  try {
    await events.send(encodeEvent({ container: blobs.container, name, etag }), { signal });
    wake();
  } catch (error) {
    told.forget(name);
    throw error;
  }
}
