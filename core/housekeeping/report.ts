/** What a run did. */
export interface RunReport {
  /** `stopped`: it ended before the end, and the next one goes on from there. `busy`: another one is at it. */
  readonly status: 'done' | 'stopped' | 'busy';
  readonly pages: number;
  readonly images: number;
  readonly queued: number;
  /** Queued because they failed and it is time for another attempt. */
  readonly retried: number;
  /** Prompts and errors whose image is gone. */
  readonly orphansRemoved: number;
  /** Prompts and errors of which only the other holds. */
  readonly losersRemoved: number;
  readonly claimsRemoved: number;
  /** Analyses that were kept for long enough. */
  readonly analysesRemoved: number;
  /** Files on this machine, and blobs of state, that nobody needs any more. */
  readonly temporaryRemoved: number;
  /** Answers that were kept for their Idempotency-Key. */
  readonly answersRemoved: number;
  readonly batchesRemoved: number;
  /** Batches that stood still, whose next step was queued again. */
  readonly batchesRevived: number;
  readonly countersRemoved: number;
  /** Entries of the feed whose image or prompt is gone. */
  readonly feedRemoved: number;
  /** Entries that the feed should have had. */
  readonly feedWritten: number;
  /** Entries that could not be written: the prompt is archived, say, or the entry is leased. */
  readonly feedFailed: number;
  /** What was to be removed and could not be: leased, say, or held by a policy. */
  readonly notRemoved: number;
  readonly unusableNames: number;
  /** Some of them. */
  readonly unusable: readonly string[];
  /** Some of what was not removed. */
  readonly kept: readonly string[];
  /** Some of the images whose entries could not be written. */
  readonly unmirrored: readonly string[];
  /** Parts of the listing that storage does not show, of which it is not known what is in them. */
  readonly skippedRanges: number;
}

export type Count = Exclude<keyof RunReport, 'status' | 'unusable' | 'kept' | 'unmirrored'>;

/** A log line with every name there is would help nobody. */
const MAX_NAMES = 10;

export class RunCounts {
  readonly #counts: Record<Count, number> = {
    pages: 0,
    images: 0,
    queued: 0,
    retried: 0,
    orphansRemoved: 0,
    losersRemoved: 0,
    claimsRemoved: 0,
    analysesRemoved: 0,
    temporaryRemoved: 0,
    answersRemoved: 0,
    batchesRemoved: 0,
    batchesRevived: 0,
    countersRemoved: 0,
    feedRemoved: 0,
    feedWritten: 0,
    feedFailed: 0,
    notRemoved: 0,
    unusableNames: 0,
    skippedRanges: 0,
  };
  readonly #unusable: string[] = [];
  readonly #kept: string[] = [];
  readonly #unmirrored: string[] = [];

  add(count: Count, by = 1): void {
    this.#counts[count] += by;
  }

  unusable(name: string): void {
    this.add('unusableNames');
    if (this.#unusable.length < MAX_NAMES) this.#unusable.push(name);
  }

  notRemoved(name: string): void {
    this.add('notRemoved');
    if (this.#kept.length < MAX_NAMES) this.#kept.push(name);
  }

  notMirrored(image: string): void {
    this.add('feedFailed');
    if (this.#unmirrored.length < MAX_NAMES) this.#unmirrored.push(image);
  }

  report(status: RunReport['status']): RunReport {
    const names = { unusable: [...this.#unusable], kept: [...this.#kept], unmirrored: [...this.#unmirrored] };
    return { status, ...this.#counts, ...names };
  }
}
