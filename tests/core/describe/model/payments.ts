import type { WriteCondition } from '../../../../core/store/blobs.ts';
import type { Fate } from '../../../memory/faults.ts';
import type { SteppedProcess } from './process.ts';

/** Who claimed and paid for which content, and what must never be. Contents are told by their SHA-256. */
export class Payments {
  /** Whose claim stands, by the name of its blob. */
  readonly #claims = new Map<string, SteppedProcess>();
  readonly #paid = new Map<string, number>();
  readonly #excuses = new Map<string, number>();
  readonly #breaches: string[];

  /** @param breaches collects what must never happen */
  constructor(breaches: string[]) {
    this.#breaches = breaches;
  }

  /** I3: once for each content, and once more for everything that could not be helped. */
  pay(process: SteppedProcess, sha256: string): void {
    const paid = (this.#paid.get(sha256) ?? 0) + 1;
    this.#paid.set(sha256, paid);
    process.paying = sha256;
    const excused = this.#excuses.get(sha256) ?? 0;
    if (paid > 1 + excused) this.#breaches.push(`I3: paid ${paid} times, ${excused} of them excused`);
  }

  /** A call that failed; that it was repeated is no excuse for anything. */
  disturb(process: SteppedProcess, name: string, fate: Fate): void {
    if (fate === 'ok' || fate === 'repeated') return;
    const sha256 = contentOf(name);
    if (sha256 === null) return;
    process.isDisturbed = true;
    if (process.paying === sha256) this.#excuse(sha256);
  }

  kill(process: SteppedProcess): void {
    if (process.paying !== null) this.#excuse(process.paying);
    process.kill();
  }

  /** I5: whoever ends by himself leaves no claim behind. */
  end(process: SteppedProcess): void {
    if (process.isDead || process.isDisturbed) return;
    const isLeft = [...this.#claims.values()].some((owner) => owner === process);
    if (isLeft) this.#breaches.push('I5: a process ended and left its claim');
  }

  /** What was written; `etag` is null where it was removed. */
  changed(
    process: SteppedProcess,
    name: string,
    change: {
      readonly etag: string | null;
      readonly condition: WriteCondition;
      readonly state?: string | undefined;
    },
  ): void {
    // The sweep's own.
    if (name.startsWith('housekeeping/')) return;
    const sha256 = contentOf(name);
    if (sha256 === null) {
      this.#breaches.push(`I6: ${name} is written`);
      return;
    }
    if (change.condition === 'any') this.#breaches.push('a claim or result is changed whatever it is');
    const before = this.#claims.get(name);
    if (before && before !== process && !before.isDead) this.#take(before, sha256);
    this.#claims.delete(name);
    if (change.etag !== null && change.state === 'claim') this.#claims.set(name, process);
    else if (process.paying === sha256) process.paying = null;
  }

  /** Only from someone who is asleep, or to whom storage did not answer: what he pays for is refused. */
  #take(loser: SteppedProcess, sha256: string): void {
    if (!loser.wasAsleep && !loser.isDisturbed)
      this.#breaches.push('the claim of someone who is awake is taken');
    this.#excuse(sha256);
  }

  #excuse(sha256: string): void {
    this.#excuses.set(sha256, (this.#excuses.get(sha256) ?? 0) + 1);
  }
}

function contentOf(analysisName: string): string | null {
  return /^analysis\/([0-9a-f]{64})\//.exec(analysisName)?.[1] ?? null;
}
