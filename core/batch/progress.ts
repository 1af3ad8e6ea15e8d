import type { Clock } from '../clock.ts';
import { type BatchCounts, type BatchRecord, isFinished } from './record.ts';

/** How a batch's record moves on. Whatever is told twice counts once, so a page may be done again after a crash. */

/** What became of an image: the count it belongs to. */
export interface ItemResult {
  readonly name: string;
  readonly count: 'described' | 'unchanged' | 'refused' | 'failed' | 'deferred' | 'gone';
  /** Its analysis was known; told of those that were described. */
  readonly isReused: boolean;
  /** Calls of the provider that were paid for it, over all attempts. */
  readonly calls: number;
}

/** What a page of the listing has. */
export interface ListedItems {
  /** `pages` of the record that it was listed for. */
  readonly page: number;
  /** Of the next page; null at the end. */
  readonly marker: string | null;
  /** The images to do; in a dry run none, since it only counts them. */
  readonly todo: readonly string[];
  readonly counts: Pick<BatchCounts, 'listed' | 'unchanged' | 'skipped' | 'remaining' | 'reused'>;
  /** Images that would be paid for; 0 where it is no dry run. */
  readonly visionCalls: number;
}

/** What calls cost, with the features that each is asked for. */
export interface Billing {
  readonly featuresPerCall: number;
  /** US dollars; null where it is not known. */
  readonly costPerCall: number | null;
}

export function addPage(record: BatchRecord, page: ListedItems, billing: Billing): BatchRecord {
  if (isFinished(record) || record.pages !== page.page) return record;
  const counts = { ...record.counts };
  for (const key of ['listed', 'unchanged', 'skipped', 'remaining', 'reused'] as const) {
    counts[key] += page.counts[key];
  }
  const todo = [...record.todo, ...page.todo];
  const next = { pages: record.pages + 1, marker: page.marker, isListed: page.marker === null };
  return billed({ ...record, ...next, todo, counts }, page.visionCalls, billing);
}

/** Counts the results of what was still to be done, and takes it from there. */
export function addResults(
  record: BatchRecord,
  results: readonly ItemResult[],
  billing: Billing,
): BatchRecord {
  const open = new Set(record.todo);
  const fresh = isFinished(record) ? [] : results.filter(({ name }) => open.delete(name));
  if (fresh.length === 0) return record;
  const counts = { ...record.counts, remaining: record.counts.remaining - fresh.length };
  for (const { count, isReused } of fresh) {
    counts[count]++;
    if (isReused) counts.reused++;
  }
  const calls = fresh.reduce((sum, result) => sum + result.calls, 0);
  return billed({ ...record, counts, todo: [...open] }, calls, billing);
}

/** Adds calls that were paid for. It does not know whether it was told of them before. */
export function billed(
  record: BatchRecord,
  calls: number,
  { featuresPerCall, costPerCall }: Billing,
): BatchRecord {
  const visionCalls = record.visionCalls + calls;
  // Cents of a cent, so that no sum has a long tail.
  const amount = Math.round(visionCalls * (costPerCall ?? 0) * 1e6) / 1e6;
  return {
    ...record,
    visionCalls,
    billedFeatures: visionCalls * featuresPerCall,
    estimatedCost: costPerCall === null ? null : { amount, currency: 'USD' },
  };
}

export function finished(
  record: BatchRecord,
  status: 'completed' | 'cancelled' | 'failed',
  clock: Pick<Clock, 'now'>,
): BatchRecord {
  if (isFinished(record)) return record;
  const finishedAt = new Date(clock.now()).toISOString();
  const problem = status === 'failed' ? record.problem : null;
  return { ...record, status, finishedAt, problem, waitingUntil: null, runner: null };
}
