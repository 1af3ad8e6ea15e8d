import { type Batch, NOTHING_COUNTED } from '../../../core/batch/record.ts';

/** A batch that has ended, as its record is then. */
export function finishedBatch(id: string): Batch {
  return {
    id,
    status: 'completed',
    options: {
      ...{ prefix: 'holiday/', targets: null, force: false, stale: false },
      ...{ maxParallel: 4, dryRun: false },
    },
    counts: { ...NOTHING_COUNTED, listed: 3, described: 2, reused: 1, refused: 1 },
    ...{ visionCalls: 1, billedFeatures: 4, estimatedCost: null, waitingUntil: null, problem: null },
    createdAt: '2026-01-01T10:00:00.000Z',
    updatedAt: '2026-01-01T11:00:00.000Z',
    finishedAt: '2026-01-01T11:00:00.000Z',
  };
}
