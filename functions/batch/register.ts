import { app, type FunctionHandler, trigger } from '@azure/functions';
import type { Batching } from '../../core/batch/batching.ts';
import type { NewsDesk } from '../../core/notify/news-desk.ts';
import { invoked } from '../invocation.ts';
import { describe, fail, type Item, type Kept, keep, next } from './activities.ts';
import { ACTIVITIES, ORCHESTRATOR } from './names.ts';

interface BatchingProgram {
  program(): Promise<{ readonly batching: Batching; readonly news: Pick<NewsDesk, 'flush'> }>;
}

/**
 * The orchestrator and its activities, by what the host wants registered: the library, which is big, comes with the first
 * batch.
 */
export function registerBatch({ program }: BatchingProgram): void {
  app.generic(ORCHESTRATOR, {
    trigger: trigger.generic({ type: 'orchestrationTrigger' }),
    handler: async (history, context) => (await import('./orchestrate.ts')).orchestrate(history, context),
  });
  const activity = <T, R>(name: string, run: (input: T, batching: Batching) => Promise<R>) => {
    // The host hands over the very JSON that the orchestrator gave it.
    const handler: FunctionHandler = (input, context) =>
      invoked(context, async () => {
        const { batching, news } = await program();
        const result = await run(input as T, batching);
        // An instance may be frozen as soon as nothing runs on it.
        await news.flush();
        return result;
      });
    app.generic(name, { trigger: trigger.generic({ type: 'activityTrigger' }), handler });
  };
  activity<string, unknown>(ACTIVITIES.next, next);
  activity<Item, unknown>(ACTIVITIES.describe, describe);
  activity<Kept, unknown>(ACTIVITIES.keep, keep);
  activity<string, unknown>(ACTIVITIES.fail, fail);
}
