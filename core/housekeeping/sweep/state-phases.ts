import { ANALYSES } from '../../store/analysis-blob.ts';
import type { Phase } from '../place.ts';

export type StatePhase = Exclude<Phase, 'images' | 'rest'>;

/** Where in the container of state each phase looks. */
export const STATE_PREFIXES: Readonly<Record<StatePhase, string>> = {
  analyses: ANALYSES,
  temporary: 'temp/',
  answers: 'idempotency/',
  batches: 'batches/',
  counters: 'counters/',
};
