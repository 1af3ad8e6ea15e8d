import type { Batching } from '../../../core/batch/batching.ts';
import * as activities from '../../../functions/batch/activities.ts';
import { ACTIVITIES } from '../../../functions/batch/names.ts';
import type { DurableHostOptions } from './durable-host.ts';

/** The activities as the host knows them. */
export function activitiesOf(batching: Batching): DurableHostOptions['activities'] {
  // What the orchestrator asks is what the activities take, as their own types say.
  const as =
    <T>(run: (input: T, batching: Batching) => Promise<unknown>) =>
    (input: unknown) =>
      run(input as T, batching);
  return {
    [ACTIVITIES.next]: as(activities.next),
    [ACTIVITIES.describe]: as(activities.describe),
    [ACTIVITIES.keep]: as(activities.keep),
    [ACTIVITIES.fail]: as(activities.fail),
  };
}
