import type { InvocationContext } from '@azure/functions';
import { type OrchestrationContext, RetryOptions, type Task } from 'durable-functions';
import executor from 'durable-functions/lib/src/orchestrations/Orchestrator.js';
import type { Done, Next } from './activities.ts';
import { ACTIVITIES, type OrchestratorInput } from './names.ts';

/** Three tries, after 5, 10 and 20 seconds: what fails longer than that is for someone to look at. */
const FIRST_RETRY_MS = 5_000;
const MAX_ATTEMPTS = 4;

/** One turn of an instance: what its history makes of it, and what is to be done next. */
export function orchestrate(trigger: unknown, context: InvocationContext): Promise<unknown> {
  return new executor.Orchestrator(batch).handle(trigger, context);
}

/**
 * A batch, some images at a time. It is played again from its history at every turn, so it may know nothing but what
 * its activities told it, and Durable's own time.
 */
export function* batch({ df }: OrchestrationContext): Generator<Task, void, unknown> {
  const input = df.getInput<OrchestratorInput>();
  const { id } = input;
  const retry = new RetryOptions(FIRST_RETRY_MS, MAX_ATTEMPTS);
  retry.backoffCoefficient = 2;
  const ask = (activity: string, asked: unknown) => df.callActivityWithRetry(activity, retry, asked);
  try {
    let step = (yield ask(ACTIVITIES.next, id)) as Next;
    if (step.kind === 'images') {
      const { names, maxParallel } = step;
      for (let at = 0; at < names.length && step.kind === 'images'; at += maxParallel) {
        df.setCustomStatus(toldOf(step));
        const window = names.slice(at, at + maxParallel);
        const done = (yield df.Task.all(
          window.map((name) => ask(ACTIVITIES.describe, { id, name })),
        )) as Done[];
        step = (yield ask(ACTIVITIES.keep, { id, done })) as Next;
      }
    }
    df.setCustomStatus(toldOf(step));
    if (step.kind === 'ended') return;
    if (step.kind === 'wait') {
      yield df.createTimer(new Date(df.currentUtcDateTime.getTime() + step.ms));
    }
  } catch {
    // The host has the error in the history; whoever asked for the batch has it in the record.
    yield ask(ACTIVITIES.fail, id);
    return;
  }
  df.continueAsNew(input);
}

function toldOf(step: Next): object {
  if (step.kind === 'wait') return { waitingMs: step.ms };
  return { status: step.status, counts: step.counts };
}
