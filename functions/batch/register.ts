import { app, type FunctionHandler, trigger } from '@azure/functions';
import type { Batching } from '../../core/batch/batching.ts';
import type { NewsDesk } from '../../core/notify/news-desk.ts';
import { invoked } from '../invocation.ts';
import { describe, fail, type Item, type Kept, keep, next } from './activities.ts';
import { ACTIVITIES, ORCHESTRATOR } from './names.ts';

interface BatchingProgram {
  program(): Promise<{ readonly batching: Batching; readonly news: Pick<NewsDesk, 'during'> }>;
}

type Activity<T> = (input: T, batching: Batching) => Promise<unknown>;

/**
 * The orchestrator and its activities, by what the host wants registered: the library, which is big, comes with the first
 * batch.
 */
export function registerBatch({ program }: BatchingProgram): void {
  app.generic(ORCHESTRATOR, {
    trigger: trigger.generic({ type: 'orchestrationTrigger' }),
    handler: async (history, context) => (await import('./orchestrate.ts')).orchestrate(history, context),
  });
  const activity = <T>(name: string, run: Activity<T>) =>
    app.generic(name, {
      trigger: trigger.generic({ type: 'activityTrigger' }),
      handler: handleActivity({ program }, run),
    });
  activity<string>(ACTIVITIES.next, next);
  activity<Item>(ACTIVITIES.describe, describe);
  activity<Kept>(ACTIVITIES.keep, keep);
  activity<string>(ACTIVITIES.fail, fail);
}

export function handleActivity<T>({ program }: BatchingProgram, run: Activity<T>): FunctionHandler {
  return (input, context) =>
    invoked(context, async () => {
      const { batching, news } = await program();
      // An instance may go away as soon as nothing runs on it. The host hands over the very JSON that the orchestrator gave it.
      return news.during(() => run(input as T, batching));
    });
}
