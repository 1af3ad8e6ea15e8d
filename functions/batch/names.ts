/** As the host knows them: the history of what runs names them, so they stay. */

export const ORCHESTRATOR = 'batch';

export const ACTIVITIES = {
  next: 'batch-next',
  describe: 'batch-describe',
  keep: 'batch-keep',
  fail: 'batch-fail',
} as const;

export interface OrchestratorInput {
  /** Of the batch, and of the instance. */
  readonly id: string;
}
