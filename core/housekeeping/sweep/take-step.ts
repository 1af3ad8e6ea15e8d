import * as z from 'zod';
import { removeSidecars } from '../../describe/sidecars.ts';
import { encodeEvent, encodeStep } from '../../queue/message.ts';
import type { Queue } from '../../queue/queue.ts';
import type { Blobs } from '../../store/blobs.ts';
import { ownerOf } from '../../store/names.ts';
import { MAX_DOCUMENT_BYTES } from '../../store/prompts.ts';
import type { RunCounts } from '../report.ts';
import type { Step } from './steps.ts';

/** A prompt names its image, an error the same: what names another was copied there by a person. */
const imageName = z.union([
  z.object({ image: z.object({ name: z.string() }) }).transform(({ image }) => image.name),
  z.object({ instance: z.string() }).transform(({ instance }) => instance),
]);

async function isCopy(
  { name, image }: { readonly name: string; readonly image: string },
  blobs: Blobs,
  signal: AbortSignal,
): Promise<boolean> {
  const blob = await blobs.read(name, { maxBytes: MAX_DOCUMENT_BYTES, signal });
  try {
    const named = imageName.safeParse(JSON.parse(Buffer.from(blob?.bytes ?? []).toString()));
    return named.success && named.data !== image;
  } catch {
    // Its hash says that it is ours, so it is nobody's copy.
    return false;
  }
}

interface Taking {
  readonly blobs: Blobs;
  readonly state: Blobs;
  readonly events: Queue;
  readonly counts: RunCounts;
  readonly signal: AbortSignal;
}

/**
 * A listing is a photograph of the past: only the very version that was listed is removed, and what is left of an image
 * only after another look for it.
 */
export async function takeStep(step: Step, taking: Taking): Promise<void> {
  try {
    await take(step, taking);
  } catch (error) {
    // One blob that cannot be removed, since it is leased, say, holds up no other. A queue that fails holds up all.
    if (taking.signal.aborted || !('name' in step)) throw error;
    taking.counts.notRemoved(step.name);
  }
}

async function take(step: Step, { blobs, state, events, counts, signal }: Taking): Promise<void> {
  const version = (etag: string) => ({ etag, signal });
  switch (step.kind) {
    case 'queue':
      await events.send(encodeEvent(step.event), { signal });
      return counts.add('queued');
    case 'retry':
      await events.send(encodeEvent(step.event), { signal });
      return counts.add('retried');
    case 'loser':
      if (await blobs.remove(step.name, version(step.etag))) {
        counts.add('losersRemoved');
        const owner = ownerOf(step.name);
        if (owner?.kind === 'prompt') await removeSidecars(blobs, owner.image);
      }
      return;
    case 'orphan':
      if (await blobs.head(step.image, signal)) return;
      // Before the prompt, since nothing else tells the next run of them.
      await removeSidecars(blobs, step.image);
      if (await isCopy(step, blobs, signal)) return;
      if (await blobs.remove(step.name, version(step.etag))) counts.add('orphansRemoved');
      return;
    case 'sidecars':
      if (await blobs.head(step.image, signal)) return;
      return removeSidecars(blobs, step.image);
    case 'expired':
      if (await state.remove(step.name, version(step.etag))) counts.add(step.count);
      return;
    case 'revive':
      // On either host whoever takes what is queued can go on with a batch.
      await events.send(encodeStep(step.batch), { signal });
      return counts.add('batchesRevived');
    case 'unusable':
      return counts.unusable(step.name);
  }
}
