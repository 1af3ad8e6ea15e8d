import { randomUUID } from 'node:crypto';
import { statusOfBatch } from './batches.ts';
import type { Batching } from './batching.ts';
import { describeItem, isUndone, type Undone, type Waiting } from './describe-item.ts';
import { listItems } from './list-items.ts';
import type { ItemResult } from './progress.ts';
import { type BatchRecord, isFinished } from './record.ts';
import { beginTurn, endTurn, keepTurn, noteResults, tellEnd } from './turns.ts';

/** So long a step begins images. Then others have their turn in the queue. */
const STEP_MS = 15_000;

/** How often the record is told of results, and asked whether the batch is to end. */
const LOOK_MS = 1_000;

/** The record is written at least so often, so that the turn is not lost. */
const KEEP_MS = 10_000;

/**
 * One step of a batch: describes images of it for a while, some at once. Whatever ends it, the next step goes on from the
 * record, and what was not noted there is done again but counted once.
 * @param signal breaks off what was begun; nothing is begun after `stopping`, which comes before it where there is a grace
 * @returns after how many milliseconds the next step is due; null where the batch has ended, and that was told
 * @throws FailedError when storage or the queue fails
 */
export async function runStep(
  id: string,
  batching: Batching,
  signal: AbortSignal,
  stopping = signal,
): Promise<number | null> {
  const runner = randomUUID();
  const begun = await beginTurn(id, runner, batching);
  if (begun.kind === 'later') return begun.delay;
  if (begun.kind === 'ended') return end(begun.record, batching);
  const turn = new Turn(begun.record, runner, batching);
  try {
    await work(turn, signal, stopping);
  } catch (error) {
    // Where not even that can be written, the turn ends by itself.
    await endTurn(id, runner, null, batching, turn.calls).catch(() => {});
    throw error;
  }
  const { record, waiting, isOver, calls } = turn;
  if (record === null || isFinished(record)) return end(record, batching);
  // Whoever has it now goes on.
  if (isOver) return null;
  await endTurn(id, runner, waiting, batching, calls);
  return waiting === null ? 0 : Math.max(0, waiting.until.getTime() - batching.clock.now());
}

async function end(record: BatchRecord | null, batching: Batching): Promise<number | null> {
  return record && tellEnd(record, batching);
}

/** What a step knows of its batch. */
class Turn {
  readonly id: string;
  readonly runner: string;
  readonly batching: Batching;
  /** As last seen; null where it is gone. */
  record: BatchRecord | null;
  /** What the batch has to wait for. */
  waiting: Waiting | null = null;
  /** Paid for images that are not done. */
  calls = 0;
  #results: ItemResult[] = [];
  #keptAt: number;

  constructor(record: BatchRecord, runner: string, batching: Batching) {
    this.id = record.id;
    this.runner = runner;
    this.batching = batching;
    this.record = record;
    this.#keptAt = batching.clock.elapsed();
  }

  /** The batch has ended, or is someone else's. */
  get isOver(): boolean {
    return this.record === null || isFinished(this.record) || this.record.runner !== this.runner;
  }

  add(result: ItemResult): void {
    this.#results.push(result);
  }

  leave({ calls, wait }: Undone): void {
    this.calls += calls;
    this.waiting ??= wait;
  }

  /** Notes what was done, when nothing is worked on: it may be the batch's end. */
  async keep(): Promise<void> {
    await this.#note((results) => keepTurn(this.id, this.runner, results, this.batching, this.calls));
  }

  /** Whether the batch is to end. Notes what was done, where there is something to note. */
  async look(): Promise<boolean> {
    const isDue = this.batching.clock.elapsed() - this.#keptAt >= KEEP_MS;
    if (this.#results.length > 0 || isDue) {
      await this.#note((results) => noteResults(this.id, this.runner, results, this.batching));
    }
    return this.isOver || (await statusOfBatch(this.batching, this.id)) !== 'running';
  }

  async #note(write: (results: readonly ItemResult[]) => Promise<BatchRecord | null>): Promise<void> {
    const results = [...this.#results];
    this.record = await write(results);
    this.#results = this.#results.slice(results.length);
    this.#keptAt = this.batching.clock.elapsed();
  }
}

async function work(turn: Turn, signal: AbortSignal, stopping: AbortSignal): Promise<void> {
  const { batching } = turn;
  const latest = batching.clock.elapsed() + STEP_MS;
  const isLate = () => stopping.aborted || batching.clock.elapsed() >= latest;
  while (turn.record && !turn.isOver && turn.waiting === null && !isLate()) {
    if (turn.record.todo.length > 0) await workOnItems(turn, isLate, signal);
    else if (turn.record.isListed) await turn.keep();
    else {
      turn.record = await listItems(turn.record, batching, signal);
      // Also where it was stopped meanwhile.
      if (turn.record?.status === 'cancelling') await turn.keep();
    }
  }
}

/** Does what the record has, as many at once as the batch may, until it is time to stop. */
async function workOnItems(turn: Turn, isLate: () => boolean, signal: AbortSignal): Promise<void> {
  const { record, batching } = turn;
  if (record === null) return;
  const ended = new AbortController();
  const stop = AbortSignal.any([signal, ended.signal]);
  const names = record.todo.values();
  const failures: unknown[] = [];
  const lane = async () => {
    for (const name of names) {
      try {
        const outcome = await describeItem(name, record.options, batching, stop);
        if (isUndone(outcome)) turn.leave(outcome);
        else turn.add(outcome);
      } catch (error) {
        failures.push(error);
      }
      if (stop.aborted || turn.waiting || failures.length > 0 || isLate()) return;
    }
  };
  const done = new AbortController();
  const watching = watch(turn, ended, done.signal);
  await Promise.all(Array.from({ length: record.options.maxParallel }, lane));
  done.abort();
  await watching;
  await turn.keep();
  if (failures.length > 0) throw failures[0];
}

/** Until `done` aborts. Never rejects: what cannot be noted now is noted at the end. */
async function watch(turn: Turn, ended: AbortController, done: AbortSignal): Promise<void> {
  const { clock } = turn.batching;
  while (!done.aborted && !ended.signal.aborted) {
    await clock.sleep(LOOK_MS, done).catch(() => {});
    if (done.aborted) return;
    if (await turn.look().catch(() => false)) ended.abort(new Error('the batch is to end'));
  }
}
