import type { Progress } from '../core/housekeeping/housekeep.ts';

/** More often nobody can read it. */
const PAUSE_MS = 100;

const ERASE = '\r\x1b[K';

const SAID = {
  sweep: 'images',
  cleanup: 'what is left over',
  audit: 'the audit',
} as const satisfies Record<Progress['step'], string>;

/** Where a run has got to, on one line of a terminal that is written over and over; nothing where there is none. */
export class ProgressLine {
  readonly #stream: Pick<NodeJS.WriteStream, 'isTTY' | 'write'>;
  readonly #now: () => number;
  #shownAt = Number.NEGATIVE_INFINITY;
  #isShown = false;

  constructor(stream: Pick<NodeJS.WriteStream, 'isTTY' | 'write'>, now = () => performance.now()) {
    this.#stream = stream;
    this.#now = now;
  }

  show({ step, blobs }: Progress): void {
    const now = this.#now();
    if (!this.#stream.isTTY || now - this.#shownAt < PAUSE_MS) return;
    this.#shownAt = now;
    this.#isShown = true;
    this.#stream.write(`${ERASE}${SAID[step]}: ${blobs.toLocaleString('en')} blobs looked at`);
  }

  clear(): void {
    if (this.#isShown) this.#stream.write(ERASE);
    this.#isShown = false;
  }
}
