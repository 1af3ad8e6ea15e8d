import { readBatch, statusOfBatch } from '../../core/batch/batches.ts';
import type { Batching } from '../../core/batch/batching.ts';
import { describeItem, isUndone, type Undone, type Waiting } from '../../core/batch/describe-item.ts';
import { listItems } from '../../core/batch/list-items.ts';
import type { ItemResult } from '../../core/batch/progress.ts';
import { type BatchCounts, type BatchRecord, isFinished } from '../../core/batch/record.ts';
import { beginTurn, endTurn, failBatch, keepTurn, noteResults, tellEnd } from '../../core/batch/turns.ts';
import { FailedError } from '../../core/errors.ts';

/**
 * What an orchestrator has done for it. Each of these may run again after a crash, since its answer was lost: all that counts
 * is in the record, where nothing counts twice.
 */

/** A generation of the orchestrator: so many images, so that its history stays short. */
const MAX_NAMES = 64;

/** A wait is asked about again after this long: the batch may have been cancelled meanwhile. */
const MAX_WAIT_MS = 3_600_000;

/** How often a batch is asked whether it is to end while one of its images is worked on. */
const LOOK_MS = 1_000;

/** The record is written at least so often while images are worked on, so that the turn is not lost. */
const KEEP_MS = 10_000;

interface Progress {
  readonly status: BatchRecord['status'];
  readonly counts: BatchCounts;
}

export type Next =
  | ({ readonly kind: 'ended' } & Partial<Progress>)
  /** Nothing is to be done for so many milliseconds. */
  | { readonly kind: 'wait'; readonly ms: number }
  /** None of them where there is only more to list. */
  | ({ readonly kind: 'images'; readonly names: readonly string[]; readonly maxParallel: number } & Progress);

/** What became of an image, as JSON has it. */
export type Done = ItemResult | Left;

/** It is still to be done. */
type Left = Omit<Undone, 'wait'> & {
  /** Null where the batch is to end. */
  readonly wait: (Omit<Waiting, 'until'> & { readonly until: string }) | null;
};

export interface Item {
  readonly id: string;
  readonly name: string;
}

export interface Kept {
  readonly id: string;
  readonly done: readonly Done[];
}

/** The images that come next; lists more of them where none is left. @throws FailedError when storage fails */
export async function next(id: string, batching: Batching): Promise<Next> {
  const begun = await beginTurn(id, runnerOf(id), batching);
  if (begun.kind === 'later') return { kind: 'wait', ms: Math.min(begun.delay, MAX_WAIT_MS) };
  if (begun.kind === 'ended') return ended(begun.record, batching);
  let record: BatchRecord | null = begun.record;
  if (record.todo.length === 0 && !record.isListed) {
    // An activity is never told to stop.
    record = await listItems(record, batching, new AbortController().signal);
  }
  if (record && record.todo.length === 0) record = await keepTurn(id, runnerOf(id), [], batching);
  if (record === null || isFinished(record)) return ended(record, batching);
  const { maxParallel } = record.options;
  return { kind: 'images', names: record.todo.slice(0, MAX_NAMES), maxParallel, ...progressOf(record) };
}

/** Describes one image. @throws FailedError when the record cannot be read, or the queue fails */
export async function describe({ id, name }: Item, batching: Batching): Promise<Done> {
  const stored = await readBatch(batching, id);
  if (stored?.record.status !== 'running') return { name, calls: 0, wait: null };
  const stop = new AbortController();
  const over = new AbortController();
  const watching = watch(id, batching, stop, over.signal);
  try {
    const outcome = await describeItem(name, stored.record.options, batching, stop.signal);
    return isUndone(outcome) ? { ...outcome, wait: asJson(outcome.wait) } : outcome;
  } finally {
    over.abort();
    await watching;
  }
}

/** Notes what was done. @returns as `next` does, without images. @throws FailedError when storage fails */
export async function keep({ id, done }: Kept, batching: Batching): Promise<Next> {
  const results = done.filter((one): one is ItemResult => !isLeft(one));
  const left = done.filter(isLeft);
  const calls = left.reduce((sum, one) => sum + one.calls, 0);
  const record = await keepTurn(id, runnerOf(id), results, batching, calls);
  if (record === null || isFinished(record)) return ended(record, batching);
  const wait = left.find((one) => one.wait !== null)?.wait;
  if (wait) {
    const until = new Date(wait.until);
    await endTurn(id, runnerOf(id), { ...wait, until }, batching, calls);
    const ms = Math.max(0, until.getTime() - batching.clock.now());
    return { kind: 'wait', ms: Math.min(ms, MAX_WAIT_MS) };
  }
  return { kind: 'images', names: [], maxParallel: 1, ...progressOf(record) };
}

/** Ends a batch that cannot go on, and says why. @throws FailedError when storage fails */
export async function fail(id: string, batching: Batching): Promise<void> {
  const cause = new FailedError('storage-unavailable', { detail: 'The batch could not go on.' });
  const record = await failBatch(id, cause, batching);
  if (record) await tellEnd(record, batching);
}

function isLeft(one: Done): one is Left {
  return 'wait' in one;
}

function asJson(wait: Waiting | null): Left['wait'] {
  return wait && { ...wait, until: wait.until.toISOString() };
}

/** One orchestrator has one batch, however often it is started over. */
const runnerOf = (id: string): string => `orchestrator ${id}`;

async function ended(record: BatchRecord | null, batching: Batching): Promise<Next> {
  if (record === null) return { kind: 'ended' };
  const ms = await tellEnd(record, batching);
  return ms === null ? { kind: 'ended', ...progressOf(record) } : { kind: 'wait', ms };
}

function progressOf({ status, counts }: BatchRecord): Progress {
  return { status, counts };
}

/** Until `over` aborts. Keeps the turn meanwhile, so that no image takes too long for it. */
async function watch(
  id: string,
  batching: Batching,
  stop: AbortController,
  over: AbortSignal,
): Promise<void> {
  const { clock } = batching;
  for (let keptAt = clock.elapsed(); ; ) {
    await clock.sleep(LOOK_MS, over).catch(() => {});
    if (over.aborted) return;
    if (clock.elapsed() - keptAt >= KEEP_MS) {
      keptAt = clock.elapsed();
      await noteResults(id, runnerOf(id), [], batching).catch(() => {});
    }
    // What cannot be asked now is asked in a second.
    const status = await statusOfBatch(batching, id).catch(() => 'running');
    if (status !== 'running') return stop.abort(new Error('the batch is to end'));
  }
}
