import { encodeEvent } from '../queue/message.ts';
import type { Queue } from '../queue/queue.ts';
import type { Blobs } from '../store/blobs.ts';
import type { SweepCounts } from './report.ts';
import type { Step } from './steps.ts';

interface Taking {
  readonly blobs: Blobs;
  readonly state: Blobs;
  readonly events: Queue;
  readonly counts: SweepCounts;
  readonly signal: AbortSignal;
}

/**
 * A listing is a photograph of the past: only the very version that was listed is removed, and what is left of an image
 * only after another look for it.
 */
export async function takeStep(step: Step, { blobs, state, events, counts, signal }: Taking): Promise<void> {
  const version = (etag: string) => ({ etag, signal });
  switch (step.kind) {
    case 'queue':
      await events.send(encodeEvent(step.event), { signal });
      return counts.add('queued');
    case 'retry':
      await events.send(encodeEvent(step.event), { signal });
      return counts.add('retried');
    case 'loser':
      if (await blobs.remove(step.name, version(step.etag))) counts.add('losersRemoved');
      return;
    case 'orphan':
      if (await blobs.head(step.image, signal)) return;
      if (await blobs.remove(step.name, version(step.etag))) counts.add('orphansRemoved');
      return;
    case 'claim':
      if (await state.remove(step.name, version(step.etag))) counts.add('claimsRemoved');
      return;
    case 'unusable':
      return counts.unusable(step.name);
  }
}
