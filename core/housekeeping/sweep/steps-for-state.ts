import { CLAIM_MS } from '../../store/analyses.ts';
import type { ListedBlob } from '../../store/blobs.ts';
import type { StatePhase } from '../place.ts';
import type { Step } from './steps.ts';

const DAY_MS = 86_400_000;

/** Temporary blobs are of one request, and answers to an Idempotency-Key are promised for as long. */
const SHORT_MS = DAY_MS;

/** So that this month and the one before can be counted. */
const COUNTERS_MS = 62 * DAY_MS;

/** Whoever works on a batch writes to its record every few seconds. */
const STILL_MS = 15 * 60_000;

export interface Keeping {
  /** The time of the listing, by the service's clock. */
  readonly now: Date;
  /** How long analyses and finished batches are kept. */
  readonly retentionDays: number;
}

/** What is to be done about a blob of our own state, as told from a listing alone. */
export function stepsForState(
  phase: StatePhase,
  blob: ListedBlob,
  { now, retentionDays }: Keeping,
): readonly Step[] {
  const { name, etag, metadata } = blob;
  const age = now.getTime() - blob.lastModified.getTime();
  const retention = retentionDays * DAY_MS;
  const expired = (isExpired: boolean, count: Extract<Step, { kind: 'expired' }>['count']): Step[] =>
    isExpired ? [{ kind: 'expired', name, etag, count }] : [];
  switch (phase) {
    case 'analyses':
      if (metadata.state === 'claim') return expired(age > CLAIM_MS, 'claimsRemoved');
      return expired(age > retention, 'analysesRemoved');
    case 'temporary':
      return expired(age > SHORT_MS, 'temporaryRemoved');
    case 'answers':
      return expired(age > SHORT_MS, 'answersRemoved');
    case 'batches':
      if (metadata.finishedat === undefined) return stepsForUnfinished(blob, now);
      // NaN, of a date that is none, is never greater.
      return expired(now.getTime() - Date.parse(metadata.finishedat) > retention, 'batchesRemoved');
    case 'counters':
      return expired(age > COUNTERS_MS, 'countersRemoved');
  }
}

function stepsForUnfinished({ name, lastModified, metadata }: ListedBlob, now: Date): readonly Step[] {
  const due = Math.max(lastModified.getTime(), Date.parse(metadata.waitinguntil ?? '') || 0);
  const [, batch] = /([^/]+)\.json$/.exec(name) ?? [];
  const isStill = metadata.status !== undefined && now.getTime() - due > STILL_MS;
  return isStill && batch !== undefined ? [{ kind: 'revive', name, batch }] : [];
}
