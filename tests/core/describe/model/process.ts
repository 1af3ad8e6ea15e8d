import { setImmediate as turn } from 'node:timers/promises';
import type { Call, Fate } from '../../../memory/faults.ts';

/** What the process waits for: a call that goes no further until it is told what becomes of it. */
interface Waiting {
  readonly call: Call;
  readonly decide: (fate: Fate) => void;
}

/**
 * A process of which every call waits to be let through, so that a test decides the order of all that happens. One that
 * is not let through is asleep, or hears nothing of storage.
 */
export class SteppedProcess {
  readonly #stop = new AbortController();
  #waiting: Waiting[] = [];
  #isDead = false;
  #isOver = false;
  /** The content that it has paid for, until that is written down. */
  paying: string | null = null;
  /** Storage did not answer it when it claimed something. */
  isDisturbed = false;
  /** Time has passed for everyone else. */
  wasAsleep = false;
  /** The image whose prompt someone waits for, where it works on no message. */
  asked: string | null = null;

  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  /** Whether nothing will come of it any more. */
  get isOver(): boolean {
    return this.#isDead || this.#isOver;
  }

  get waiting(): readonly Call[] {
    return this.#waiting.map(({ call }) => call);
  }

  /** @param work must not fail */
  start(work: Promise<void>): void {
    void work.then(() => {
      this.#isOver = true;
    });
  }

  decide = (call: Call): Promise<Fate> => {
    return new Promise((decide) => {
      if (this.#isDead) return;
      const waiting = { call, decide };
      this.#waiting.push(waiting);
      call.signal?.addEventListener('abort', () => {
        this.#waiting = this.#waiting.filter((other) => other !== waiting);
      });
    });
  };

  /** The call that would be let through. */
  nextOf(which: number): Call | undefined {
    return this.#waiting[which % Math.max(1, this.#waiting.length)]?.call;
  }

  /** Lets one of the calls through; `which` counts around. @returns it, or null where none waits */
  release(which: number, fate: Fate): Call | null {
    const waiting = this.#waiting[which % Math.max(1, this.#waiting.length)];
    if (waiting === undefined) return null;
    this.#waiting = this.#waiting.filter((other) => other !== waiting);
    waiting.decide(fate);
    return waiting.call;
  }

  kill(): void {
    this.#isDead = true;
    this.#waiting = [];
  }

  /** Tells it to end, as SIGTERM does. */
  stop(): void {
    this.#stop.abort(new Error('The process is told to end.'));
  }
}

/** Until everything that can go on without being let through has done so. */
export async function settled(isBusy: () => boolean): Promise<void> {
  do await turn();
  while (isBusy());
}
