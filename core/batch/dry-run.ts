import { randomUUID } from 'node:crypto';
import type { Batching } from './batching.ts';
import { listItems } from './list-items.ts';
import { type BatchRecord, isFinished } from './record.ts';
import { beginTurn, endTurn, keepTurn } from './turns.ts';

/** What someone waits for: so much of the listing, and no longer. */
const MAX_PAGES = 5;
const MAX_MS = 3_000;

/**
 * Begins a dry run at once, and ends it where the prefix is small.
 * @returns what it is then: where it is not finished, a runner has to go on with it
 */
export async function beginDryRun(record: BatchRecord, batching: Batching): Promise<BatchRecord> {
  const { clock } = batching;
  const runner = randomUUID();
  // Nobody who asked may end it halfway by going away.
  const { signal } = new AbortController();
  const latest = clock.elapsed() + MAX_MS;
  let known: BatchRecord | null = record;
  await beginTurn(record.id, runner, batching);
  for (let page = 0; page < MAX_PAGES && known && !known.isListed && clock.elapsed() < latest; page++) {
    known = await listItems(known, batching, signal);
  }
  const kept = await keepTurn(record.id, runner, [], batching);
  if (kept && !isFinished(kept)) await endTurn(record.id, runner, null, batching);
  return kept ?? record;
}
