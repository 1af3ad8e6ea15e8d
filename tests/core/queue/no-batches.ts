import type { BatchSteps } from '../../../core/queue/handle-message.ts';

const unexpected = async (id: string): Promise<never> => {
  throw new Error(`no batch was expected, but ${id} came`);
};

/** For handlers that are only given images. */
export const NO_BATCHES: BatchSteps = { run: unexpected, giveUp: unexpected };
