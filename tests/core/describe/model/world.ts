import { FailedError } from '../../../../core/errors.ts';
import type { Blobs } from '../../../../core/store/blobs.ts';
import { type Fate, faultyBlobs, faultyQueue } from '../../../memory/faults.ts';
import { MemoryQueue } from '../../../memory/memory-queue.ts';
import type { SimulatedClock } from '../../../simulated-clock.ts';
import { describeOne, HIDDEN_MS, handleOne, type Surroundings, sweepOnce } from './jobs.ts';
import { Ledger } from './ledger.ts';
import { paidVision, VISION } from './paid-vision.ts';
import { Payments } from './payments.ts';
import { SteppedProcess, settled } from './process.ts';
import { watchedImages, watchedState } from './watched.ts';

export interface Storage {
  readonly images: Blobs;
  readonly state: Blobs;
  /** Moves the ETag of a blob, and nothing else. */
  touch(name: string): Promise<unknown>;
  archive(name: string): Promise<unknown>;
}

export const WORKERS = 3;

/** Storage, queues, a clock, and the processes that work on them, one step at a time. */
export class World {
  /** What happened that must never happen. */
  readonly breaches: string[] = [];
  readonly ledger = new Ledger(this.breaches);
  readonly payments = new Payments(this.breaches);
  /** Images to which something was done that only a sweep can mend. */
  readonly needSweep = new Set<string>();
  /** Something was done that can make an attempt fail. */
  isDisturbed = false;
  readonly clock: SimulatedClock;
  readonly events: MemoryQueue;
  readonly poison: MemoryQueue;
  readonly storage: Storage;
  isPaused = false;
  /** Vision answers nobody. */
  isVisionDown = false;
  /** The workers, and at last the one who sweeps. */
  readonly #processes: (SteppedProcess | null)[] = Array<null>(WORKERS + 1).fill(null);
  #busy = 0;

  constructor(clock: SimulatedClock, storage: Storage) {
    this.clock = clock;
    this.storage = storage;
    this.events = new MemoryQueue(clock, 'image-events');
    this.poison = new MemoryQueue(clock, 'image-events-poison');
  }

  /** Who is at work in this place; starts one that works on a message, or sweeps, where nobody is. */
  process(place: number): SteppedProcess {
    const job = place < WORKERS ? handleOne : sweepOnce;
    return this.#running(place) ?? this.#start(place, (process) => job(process, this.#seenBy(process)));
  }

  /** Someone asks for the prompt of an image and waits for it, unless another is at work in this place. */
  ask(place: number, name: string): void {
    if (this.#running(place)) return;
    const process = this.#start(place, async (asked) => {
      const { status } = await describeOne(asked, this.#seenBy(asked), name);
      if (status === 'deferred' || status === 'failed') this.needSweep.add(name);
    });
    process.asked = name;
  }

  kill(place: number): void {
    const process = this.process(place);
    this.#disturb(process);
    this.payments.kill(process);
  }

  async stop(place: number): Promise<void> {
    const process = this.process(place);
    this.#disturb(process);
    // Of a claim that is interrupted nobody knows whether it was written.
    if (process.waiting.some(({ target }) => target === this.storage.state.container))
      process.isDisturbed = true;
    process.stop();
    await this.settled();
  }

  get running(): readonly SteppedProcess[] {
    return this.#processes.flatMap((process) => (process && !process.isOver ? [process] : []));
  }

  settled(): Promise<void> {
    return settled(() => this.#busy > 0);
  }

  /** Lets one call of a process through, and waits for all that comes of it. @returns false where it has none */
  async step(process: SteppedProcess, which: number, wanted: Fate): Promise<boolean> {
    await this.settled();
    const isVision = process.nextOf(which)?.target === VISION;
    const fate = isVision && this.isVisionDown && wanted === 'ok' ? 'fails' : wanted;
    const call = process.release(which, fate);
    if (call === null) return false;
    if (fate !== 'ok') this.#disturb(process);
    if (fate === 'dies' || fate === 'dies-after') {
      await this.settled();
      this.payments.kill(process);
    } else if (call.target !== VISION) {
      this.payments.disturb(process, call.name, fate);
    }
    await this.settled();
    return true;
  }

  /** Lets everything through that is no call of Vision, until nothing waits but those. */
  async flow(): Promise<void> {
    for (let isMoving = true; isMoving; ) {
      await this.settled();
      isMoving = false;
      for (const process of this.running) {
        const which = process.waiting.findIndex(({ target }) => target !== VISION);
        if (which >= 0) isMoving = await this.step(process, which, 'ok');
      }
    }
  }

  /** Lets one process go on until it ends, or waits for another. */
  async finish(process: SteppedProcess): Promise<void> {
    while (await this.step(process, 0, 'ok'));
  }

  /** Gives the first call of storage that waits its fate: one of those that time has brought about. */
  async meet(fate: Fate): Promise<void> {
    for (const process of this.running) {
      const which = process.waiting.findIndex(({ target }) => target !== VISION);
      if (which < 0) continue;
      await this.step(process, which, fate);
      return;
    }
  }

  /** Everyone works for a while on all there is, Vision included. */
  async work(rounds: number): Promise<void> {
    for (let round = 0; round < rounds; round++) {
      for (let place = 0; place < WORKERS; place++) this.process(place);
      for (let isMoving = true; isMoving; ) {
        await this.flow();
        isMoving = false;
        for (const process of this.running) isMoving = (await this.step(process, 0, 'ok')) || isMoving;
      }
      await this.pass(HIDDEN_MS, true);
    }
  }

  /** Time passes: for processes that go on meanwhile, or for some that are asleep. */
  async pass(ms: number, isFlowing: boolean): Promise<void> {
    const end = this.clock.elapsed() + ms;
    if (!isFlowing) {
      this.isDisturbed = true;
      for (const process of this.running) process.wasAsleep = true;
    }
    for (;;) {
      if (isFlowing) await this.flow();
      else await this.settled();
      const next = this.clock.untilNext();
      const left = end - this.clock.elapsed();
      this.clock.advance(Math.min(next, left));
      if (next > left) break;
    }
    await this.settled();
  }

  #running(place: number): SteppedProcess | null {
    const process = this.#processes[place];
    return process && !process.isOver ? process : null;
  }

  #start(place: number, work: (process: SteppedProcess) => Promise<void>): SteppedProcess {
    const process = new SteppedProcess();
    this.#processes[place] = process;
    const over = work(process)
      .catch((error) => {
        const isExpected = error instanceof FailedError || process.signal.aborted;
        if (!isExpected) this.breaches.push(`a process ended with ${error}`);
      })
      .then(() => this.payments.end(process));
    process.start(over);
    return process;
  }

  /** What no queue asked for, no queue asks for again. */
  #disturb(process: SteppedProcess): void {
    this.isDisturbed = true;
    if (process.asked !== null) this.needSweep.add(process.asked);
  }

  async #during<T>(call: () => Promise<T>): Promise<T> {
    this.#busy++;
    try {
      return await call();
    } finally {
      this.#busy--;
    }
  }

  #seenBy(process: SteppedProcess): Surroundings {
    const { clock, ledger, payments, storage, isPaused } = this;
    const watch = { ledger, payments, process, during: <T>(call: () => Promise<T>) => this.#during(call) };
    return {
      ...{ clock, isPaused, vision: paidVision(process, payments, clock) },
      images: faultyBlobs(watchedImages(storage.images, watch), process.decide),
      state: faultyBlobs(watchedState(storage.state, watch), process.decide),
      events: faultyQueue(this.events, process.decide),
      poison: faultyQueue(this.poison, process.decide),
    };
  }
}
