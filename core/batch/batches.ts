import { randomBytes } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { FailedError } from '../errors.ts';
import type { Blobs } from '../store/blobs.ts';
import { STATE_PREFIXES } from '../store/state-prefixes.ts';
import type { Batching } from './batching.ts';
import { billingOf } from './billing.ts';
import { billed } from './progress.ts';
import { type BatchOptions, type BatchRecord, batchRecord, newBatch } from './record.ts';

/** The records of batches, each of whose writes depends on the one before. */

export interface Batches {
  /** The container of the program's own state. */
  readonly state: Blobs;
  readonly clock: Clock;
}

/** A page of the longest names there can be. */
const MAX_BYTES = 8 * 1024 * 1024;

/** Each conflict means that another got on, so this many in a row mean that something else is wrong. */
const MAX_CONFLICTS = 50;

export interface StoredBatch {
  readonly record: BatchRecord;
  readonly etag: string;
  /** Milliseconds since it was written, by the service's clock. */
  readonly age: number;
}

/** What a batch becomes; the same record where there is nothing to change. It may be asked several times. */
export type Change = (record: BatchRecord, stored: StoredBatch) => BatchRecord;

function isBatchId(id: string): boolean {
  return /^[0-9a-f]{32}$/.test(id);
}

/** @throws FailedError `storage-unavailable` */
export async function createBatch(
  { state, clock, settings }: Batches & Pick<Batching, 'settings'>,
  options: BatchOptions,
): Promise<BatchRecord> {
  const id = randomBytes(16).toString('hex');
  const fresh = newBatch(id, options, new Date(clock.now()).toISOString());
  // What nothing costs is known where it is known what one call costs.
  const record = billed(fresh, 0, billingOf(settings));
  // A conflict is the answer to the repetition of a write whose answer was lost.
  await write(state, record, 'new');
  return record;
}

/** @returns null where there is no such batch */
export async function readBatch(
  { state }: Pick<Batches, 'state'>,
  id: string,
  signal?: AbortSignal,
): Promise<StoredBatch | null> {
  if (!isBatchId(id)) return null;
  const blob = await state.read(nameOf(id), { maxBytes: MAX_BYTES, signal });
  if (blob === null) return null;
  const record = parse(blob.bytes);
  return { record, etag: blob.etag, age: blob.servedAt.getTime() - blob.lastModified.getTime() };
}

/** The status alone, which is cheaper than the record. @returns null where there is no such batch */
export async function statusOfBatch({ state }: Batches, id: string): Promise<string | null> {
  return (await state.head(nameOf(id)))?.metadata.status ?? null;
}

/**
 * Changes a batch by a conditional write, again and again until nobody came in between.
 * @returns what it is now; null where there is no such batch
 */
export async function updateBatch(batches: Batches, id: string, change: Change): Promise<BatchRecord | null> {
  for (let conflicts = 0; conflicts < MAX_CONFLICTS; conflicts++) {
    const stored = await readBatch(batches, id);
    if (stored === null) return null;
    const changed = change(stored.record, stored);
    if (changed === stored.record) return changed;
    const record = { ...changed, updatedAt: new Date(batches.clock.now()).toISOString() };
    if ((await write(batches.state, record, { etag: stored.etag })) !== 'conflict') return record;
  }
  throw new FailedError('storage-unavailable', { detail: 'The record of the batch keeps changing.' });
}

/**
 * Marks a batch as failed whose record cannot be read, by the metadata alone: so nobody goes on with it, and it is removed in
 * its time. What is in it stays as it is, for whoever wants to know.
 * @throws FailedError `storage-unavailable`
 */
export async function closeDamaged({ state, clock }: Batches, id: string): Promise<void> {
  const blob = await state.read(nameOf(id), { maxBytes: MAX_BYTES });
  if (!blob?.bytes) return;
  await state.write(nameOf(id), blob.bytes, {
    contentType: 'application/json',
    metadata: { status: 'failed', finishedat: new Date(clock.now()).toISOString() },
    condition: { etag: blob.etag },
  });
}

function nameOf(id: string): string {
  return `${STATE_PREFIXES.batches}${id}.json`;
}

async function write(state: Blobs, record: BatchRecord, condition: 'new' | { readonly etag: string }) {
  const { id, status, finishedAt, waitingUntil } = record;
  return state.write(nameOf(id), Buffer.from(JSON.stringify(record)), {
    contentType: 'application/json',
    // By these a listing tells which are old or stand still, and a runner that it is to stop.
    metadata: {
      status,
      ...(finishedAt === null ? {} : { finishedat: finishedAt }),
      ...(waitingUntil === null ? {} : { waitinguntil: waitingUntil }),
    },
    condition,
  });
}

function parse(bytes: Uint8Array | null): BatchRecord {
  try {
    return batchRecord.parse(JSON.parse(Buffer.from(bytes ?? []).toString()));
  } catch (cause) {
    throw new FailedError('internal', { detail: 'The record of the batch is damaged.', cause });
  }
}
