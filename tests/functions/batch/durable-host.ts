import { isDeepStrictEqual } from 'node:util';
import { InvocationContext } from '@azure/functions';
import type { SimulatedClock } from '../../simulated-clock.ts';

/**
 * Plays the Durable extension for one orchestrator: keeps the history of an instance, has the library's own executor play it
 * again from the start at every turn, and runs the activities that it asks for. As the real one it hands out JSON, completes
 * in any order, and gives an activity again whose answer was lost.
 *
 * Numbers and forms: the protocol between the extension and its library, replay schema V4.
 */

const EVENT = {
  executionStarted: 0,
  taskCompleted: 5,
  taskFailed: 6,
  timerFired: 11,
  orchestratorStarted: 12,
} as const;
const ACTION = {
  callActivity: 0,
  callActivityWithRetry: 1,
  continueAsNew: 4,
  createTimer: 5,
  whenAll: 12,
} as const;
const REPLAY_SCHEMA_V4 = 3;

interface Action {
  readonly actionType: number;
  readonly functionName?: string;
  /** Of an activity it is text already. */
  readonly input?: unknown;
  readonly fireAt?: string;
  readonly compoundActions?: readonly Action[];
  readonly retryOptions?: {
    readonly firstRetryIntervalInMilliseconds: number;
    readonly maxNumberOfAttempts: number;
    readonly backoffCoefficient?: number;
  };
}

interface State {
  readonly isDone: boolean;
  readonly actions: readonly (readonly Action[])[];
  readonly customStatus?: unknown;
}

interface HistoryEvent {
  readonly EventType: number;
  readonly EventId: number;
  readonly Timestamp: Date;
  readonly IsPlayed: boolean;
  readonly [detail: string]: unknown;
}

/** What came of something that the orchestrator waits for. */
type Completion =
  | { readonly id: number; readonly kind: 'done'; readonly value: unknown }
  | {
      readonly id: number;
      readonly kind: 'failed';
      readonly error: Error;
      readonly action: Action;
      readonly attempt: number;
    }
  | {
      readonly id: number;
      readonly kind: 'fired';
      readonly retry?: { readonly action: Action; readonly attempt: number };
    };

export interface DurableHostOptions {
  readonly clock: SimulatedClock;
  readonly orchestrate: (trigger: unknown, context: InvocationContext) => Promise<unknown>;
  readonly activities: Readonly<Record<string, (input: unknown) => Promise<unknown>>>;
  /** Whether the process dies now: after so many completions. What ran is run again, its answer is lost. */
  readonly dies?: (completions: number) => boolean;
}

export class DurableHost {
  readonly #options: DurableHostOptions;
  /** All that the orchestrator said of itself. */
  readonly statuses: unknown[] = [];
  generations = 0;
  /** Of the longest history. */
  mostEvents = 0;
  #completions = 0;

  constructor(options: DurableHostOptions) {
    this.#options = options;
  }

  /** Until the instance ends. @throws Error where the orchestrator does not do the same again, or waits for nothing */
  async run(instanceId: string, first: unknown): Promise<void> {
    for (let input: unknown = copyOf(first); input !== undefined; ) {
      this.generations++;
      input = await new Generation(this, this.#options, instanceId, input).run();
    }
  }

  completed(): boolean {
    return this.#options.dies?.(++this.#completions) ?? false;
  }
}

/** An instance from one `continueAsNew` to the next. */
class Generation {
  readonly #host: DurableHost;
  readonly #options: DurableHostOptions;
  readonly #instance: { readonly instanceId: string; readonly input: unknown };
  readonly #history: HistoryEvent[] = [];
  readonly #waiting = new Map<
    number,
    { readonly start: () => Promise<Completion>; running: Promise<Completion> }
  >();
  #known: readonly Action[] = [];
  #lastId = -1;

  constructor(host: DurableHost, options: DurableHostOptions, instanceId: string, input: unknown) {
    this.#host = host;
    this.#options = options;
    this.#instance = { instanceId, input };
  }

  /** @returns the next generation's input; undefined at the end */
  async run(): Promise<unknown> {
    this.#add(EVENT.orchestratorStarted, {});
    this.#add(EVENT.executionStarted, { Name: 'batch', Input: JSON.stringify(this.#instance.input) });
    for (;;) {
      const { isDone, actions: [actions = []] = [], customStatus } = await this.#turn();
      if (customStatus !== undefined) this.#host.statuses.push(customStatus);
      this.#compare(actions);
      const fresh = actions.slice(this.#known.length);
      this.#known = actions;
      for (const action of fresh) this.#begin(action);
      if (isDone) return fresh.find(({ actionType }) => actionType === ACTION.continueAsNew)?.input;
      if (this.#waiting.size === 0) throw new Error('the orchestrator waits for nothing that comes');
      await this.#completion();
    }
  }

  async #turn(): Promise<State> {
    this.#host.mostEvents = Math.max(this.#host.mostEvents, this.#history.length);
    const state = await this.#options.orchestrate(
      {
        ...this.#instance,
        history: this.#history.map((event) => ({ ...event })),
        isReplaying: this.#history.length > 2,
        parentInstanceId: null,
        upperSchemaVersion: REPLAY_SCHEMA_V4,
        ...{ maximumShortTimerDuration: '6.00:00:00', longRunningTimerIntervalDuration: '3.00:00:00' },
        defaultHttpAsyncRequestSleepTimeMillseconds: 30_000,
      },
      new InvocationContext({ functionName: 'batch' }),
    );
    // As the host gets it, over the wire; its form is the library's own.
    return copyOf(state) as State;
  }

  #compare(actions: readonly Action[]): void {
    if (!isDeepStrictEqual(actions.slice(0, this.#known.length), this.#known)) {
      throw new Error('played again, the orchestrator did something else: it is not deterministic');
    }
  }

  /** In the order in which the library counts what it waits for. */
  #begin(action: Action): void {
    for (const part of action.compoundActions ?? []) this.#begin(part);
    if (action.actionType === ACTION.whenAll) return;
    if (action.actionType === ACTION.continueAsNew) return;
    if (action.actionType === ACTION.createTimer) {
      const ms = Date.parse(action.fireAt ?? '') - this.#options.clock.now();
      this.#await((id) => this.#fire(ms, { id, kind: 'fired' }));
      return;
    }
    this.#call(action, 1);
  }

  #call(action: Action, attempt: number): void {
    const { functionName = '', input } = action;
    const run = this.#options.activities[functionName];
    if (run === undefined) throw new Error(`there is no activity ${functionName}`);
    this.#await(async (id) => {
      try {
        return { id, kind: 'done', value: copyOf(await run(parsed(input))) };
      } catch (error) {
        return {
          id,
          kind: 'failed',
          error: error instanceof Error ? error : new Error('failed'),
          action,
          attempt,
        };
      }
    });
  }

  #await(start: (id: number) => Promise<Completion>): void {
    const id = ++this.#lastId;
    this.#waiting.set(id, { start: () => start(id), running: start(id) });
  }

  async #fire(ms: number, fired: Completion): Promise<Completion> {
    await this.#options.clock.sleep(Math.max(0, ms), new AbortController().signal);
    return fired;
  }

  async #completion(): Promise<void> {
    const completion = await Promise.race([...this.#waiting.values()].map(({ running }) => running));
    if (this.#host.completed()) {
      // Whatever was on its way is lost, and begun again by the next process.
      for (const waiting of this.#waiting.values()) waiting.running = waiting.start();
      return;
    }
    this.#waiting.delete(completion.id);
    this.#history.forEach((event, index) => {
      this.#history[index] = { ...event, IsPlayed: true };
    });
    this.#add(EVENT.orchestratorStarted, {});
    this.#record(completion);
  }

  #record(completion: Completion): void {
    const { id } = completion;
    if (completion.kind === 'done') {
      const Result = JSON.stringify(completion.value ?? null);
      this.#add(EVENT.taskCompleted, { TaskScheduledId: id, Result });
    } else if (completion.kind === 'failed') {
      const { error, action, attempt } = completion;
      this.#add(EVENT.taskFailed, { TaskScheduledId: id, Reason: 'Activity failed', Details: error.message });
      this.#retryLater(action, attempt);
    } else {
      this.#add(EVENT.timerFired, { TimerId: id, FireAt: new Date(this.#options.clock.now()) });
      const { retry } = completion;
      const most = retry?.action.retryOptions?.maxNumberOfAttempts ?? 0;
      if (retry && retry.attempt < most) this.#call(retry.action, retry.attempt + 1);
    }
  }

  /** Also after the last attempt, as the framework below the extension has it. */
  #retryLater(action: Action, attempt: number): void {
    if (action.retryOptions === undefined) return;
    const { firstRetryIntervalInMilliseconds: first, backoffCoefficient = 1 } = action.retryOptions;
    const ms = first * backoffCoefficient ** (attempt - 1);
    this.#await((id) => this.#fire(ms, { id, kind: 'fired', retry: { action, attempt } }));
  }

  #add(type: number, details: object): void {
    const Timestamp = new Date(this.#options.clock.now());
    this.#history.push({ ...details, EventType: type, EventId: -1, Timestamp, IsPlayed: false });
  }
}

function copyOf(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}

function parsed(input: unknown): unknown {
  return typeof input === 'string' ? JSON.parse(input) : copyOf(input);
}
