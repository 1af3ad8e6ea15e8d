import { randomUUID } from 'node:crypto';
import { dateIn } from '../clock.ts';
import { PAUSED_MS } from '../describe/describe-image.ts';
import { DeferredError, FailedError, type ProblemError } from '../errors.ts';
import { problemOf } from '../problem.ts';
import { closeDamaged, type StoredBatch, updateBatch } from './batches.ts';
import type { Batching } from './batching.ts';
import { billingOf } from './billing.ts';
import type { Waiting } from './describe-item.ts';
import { addResults, billed, finished, type ItemResult } from './progress.ts';
import { type BatchRecord, isFinished } from './record.ts';

/**
 * Whose turn it is to work on a batch. A runner that takes it writes to the record more often than TURN_MS; one that has
 * not been heard of for so long is dead, and loses it to the next. Should it live after all, nothing counts twice.
 */

const TURN_MS = 30_000;

/** Longer than telling of a batch takes, whoever is told. */
const TELLING_MS = 30_000;

export type Begun =
  /** It is the runner's turn. */
  | { readonly kind: 'mine'; readonly record: BatchRecord }
  /** It is somebody else's, or not the time: to be tried again after so many milliseconds. */
  | { readonly kind: 'later'; readonly delay: number }
  /** There is nothing left to do. Null where there is no such batch. */
  | { readonly kind: 'ended'; readonly record: BatchRecord | null };

/** @param runner names who asks */
export async function beginTurn(id: string, runner: string, batching: Batching): Promise<Begun> {
  const { settings, clock } = batching;
  const record = await updateBatch(batching, id, (now, stored) => {
    if (isFinished(now) || isBusy(stored, runner)) return now;
    if (now.status === 'cancelling') return finished(now, 'cancelled', clock);
    if (isLater(now, clock.now())) return now;
    // A dry run costs nothing.
    if (settings.isPaused && !now.options.dryRun) {
      return waiting(now, new DeferredError('paused', dateIn(clock, PAUSED_MS)));
    }
    return { ...now, status: 'running', runner, waitingUntil: null, problem: null };
  });
  if (record === null || isFinished(record)) return { kind: 'ended', record };
  if (record.runner === runner) return { kind: 'mine', record };
  if (record.waitingUntil === null) return { kind: 'later', delay: TURN_MS };
  return { kind: 'later', delay: Math.max(0, Date.parse(record.waitingUntil) - clock.now()) };
}

/**
 * Counts what was done meanwhile, and keeps the turn: while images are worked on, whose results would not count once the
 * batch has ended.
 * @returns as `keepTurn` does
 */
export async function noteResults(
  id: string,
  runner: string,
  results: readonly ItemResult[],
  batching: Batching,
): Promise<BatchRecord | null> {
  return updateBatch(batching, id, (now) => {
    const counted = addResults(now, results, billingOf(batching.settings));
    return isFinished(counted) || counted.runner !== runner ? counted : { ...counted };
  });
}

/**
 * Counts what was done, and keeps the turn. Ends a batch that has nothing left, or is to end.
 * @param calls that were paid for images which are not done: they count when the batch ends by this, else by `endTurn`
 * @returns what the batch is now: the turn is over where it is finished, or its `runner` is another; null where it is gone
 */
export async function keepTurn(
  id: string,
  runner: string,
  results: readonly ItemResult[],
  batching: Batching,
  calls = 0,
): Promise<BatchRecord | null> {
  const { settings, clock } = batching;
  const billing = billingOf(settings);
  return updateBatch(batching, id, (now) => {
    const counted = addResults(now, results, billing);
    if (isFinished(counted) || counted.runner !== runner) return counted;
    const isDone = counted.isListed && counted.todo.length === 0;
    if (counted.status !== 'cancelling' && !isDone) return { ...counted };
    const status = counted.status === 'cancelling' ? 'cancelled' : 'completed';
    return finished(billed(counted, calls, billing), status, clock);
  });
}

/**
 * Gives the turn to whoever comes next, not before what the batch waits for.
 * @param calls that were paid for images which are not done: a turn ends once, so that they count once
 */
export async function endTurn(
  id: string,
  runner: string,
  wait: Waiting | null,
  batching: Batching,
  calls = 0,
): Promise<void> {
  const billing = billingOf(batching.settings);
  await updateBatch(batching, id, (now) => {
    if (isFinished(now) || now.runner !== runner) return now;
    const counted = billed(now, calls, billing);
    if (now.status === 'cancelling') return finished(counted, 'cancelled', batching.clock);
    if (wait === null) return { ...counted, runner: null };
    return waiting(counted, new DeferredError(wait.code, wait.until));
  });
}

/**
 * Asks for a batch's end. Whoever works on it sees that within a second or two; where nobody does, this is the end.
 * @returns what it is now; null where there is no such batch
 */
export async function cancelBatch(id: string, batching: Batching): Promise<BatchRecord | null> {
  return updateBatch(batching, id, (now, stored) => {
    if (isFinished(now)) return now;
    if (!isBusy(stored, null)) return finished(now, 'cancelled', batching.clock);
    return now.status === 'cancelling' ? now : { ...now, status: 'cancelling' };
  });
}

/**
 * Ends a batch that cannot go on.
 * @returns what it is now, which is not `failed` where it had ended before
 * @throws FailedError `internal` where its record is damaged, which is then taken for failed; else when storage fails
 */
export async function failBatch(id: string, error: unknown, batching: Batching): Promise<BatchRecord | null> {
  const problem = error instanceof FailedError ? error : new FailedError('internal', { cause: error });
  const fail = (now: BatchRecord) =>
    isFinished(now) ? now : finished({ ...now, problem: told(problem) }, 'failed', batching.clock);
  try {
    return await updateBatch(batching, id, fail);
  } catch (cause) {
    if (cause instanceof FailedError && cause.code === 'internal') await closeDamaged(batching, id);
    throw cause;
  }
}

/**
 * Tells of a batch that has ended, unless that was done, or it was a dry run: that is of interest to who asked alone.
 * @returns milliseconds until this is to be asked again, where somebody else is at it, who may die; else null
 */
export async function tellEnd(record: BatchRecord, batching: Batching): Promise<number | null> {
  const { tellBatch } = batching;
  if (!tellBatch || !isFinished(record) || record.isTold || record.options.dryRun) return null;
  const teller = randomUUID();
  const taken = await updateBatch(batching, record.id, (now, { age }) => {
    const isOthers = now.teller !== null && now.teller !== teller && age < TELLING_MS;
    return now.isTold || isOthers ? now : { ...now, teller };
  });
  if (taken === null || taken.isTold) return null;
  if (taken.teller !== teller) return TELLING_MS;
  await tellBatch(taken);
  await updateBatch(batching, record.id, (now) => ({ ...now, isTold: true }));
  return null;
}

function isBusy({ record, age }: StoredBatch, runner: string | null): boolean {
  return record.runner !== null && record.runner !== runner && age < TURN_MS;
}

function isLater({ waitingUntil }: BatchRecord, now: number): boolean {
  return waitingUntil !== null && Date.parse(waitingUntil) > now;
}

function waiting(record: BatchRecord, error: DeferredError): BatchRecord {
  const waitingUntil = error.until.toISOString();
  return { ...record, status: 'running', runner: null, waitingUntil, problem: told(error) };
}

function told(error: ProblemError): BatchRecord['problem'] {
  const { code, title, status, detail } = problemOf(error, {});
  return { code, title, status, ...(detail === undefined ? {} : { detail }) };
}
