import { type ImageEvent, MAX_TRIES } from '../../describe/outcome.ts';
import type { ListedImage, Orphan } from '../../store/listing.ts';
import { nameFault } from '../../store/names.ts';
import { isAnswer, isMadeFrom, isOurs } from '../../store/prompts.ts';
import type { Count } from '../report.ts';

/** What is to be done about an image, or what is left of one, as told from a listing alone. */
export type Step =
  /** It has neither a prompt nor an error of its present content. */
  | { readonly kind: 'queue'; readonly event: ImageEvent }
  /** It failed, and its time has come again. */
  | { readonly kind: 'retry'; readonly event: ImageEvent }
  /** Of a prompt and an error one is beside the truth. */
  | { readonly kind: 'loser'; readonly name: string; readonly etag: string }
  /** The image may be gone. */
  | { readonly kind: 'orphan'; readonly name: string; readonly etag: string; readonly image: string }
  /** The same, where its prompt is a person's, or is gone as well: what was derived from ours may be left. */
  | { readonly kind: 'sidecars'; readonly name: string; readonly image: string }
  /** Of our own state: nobody needs it any more. */
  | { readonly kind: 'expired'; readonly name: string; readonly etag: string; readonly count: Count }
  /** A batch that nobody works on any more: the message of its next step was lost. */
  | { readonly kind: 'revive'; readonly name: string; readonly batch: string }
  /** Nothing can be written beside it. */
  | { readonly kind: 'unusable'; readonly name: string };

export interface Deciding {
  readonly container: string;
  /** The time of the listing, by the service's clock. */
  readonly now: Date;
  /** Images that are older are left alone, unless they were tried before; null where none is too old. */
  readonly since: Date | null;
  /** Whether images are offered at all. */
  readonly isPaused: boolean;
}

export function stepsFor({ image, prompt, error }: ListedImage, deciding: Deciding): readonly Step[] {
  const { container, now, since, isPaused } = deciding;
  const { name, etag, lastModified } = image;
  if (nameFault(name) !== null) return [{ kind: 'unusable', name }];
  if (prompt && isAnswer(prompt, etag)) {
    return error && isOurs(error) ? [{ kind: 'loser', name: error.name, etag: error.etag }] : [];
  }
  const steps: Step[] = [];
  if (error && isMadeFrom(error, etag)) {
    if (prompt) steps.push({ kind: 'loser', name: prompt.name, etag: prompt.etag });
    const { code, retryable, nexttryat = '' } = error.metadata;
    // Rehydrating changes the tier alone.
    if (code === 'blob-archived' && !image.isArchived && !isPaused) {
      steps.push({ kind: 'queue', event: { container, name, etag } });
    }
    const isDue = isOurs(error) && retryable === 'true' && Date.parse(nexttryat) <= now.getTime();
    // One attempt, which is the last again: it writes down when the next one is due.
    if (isDue && !isPaused) {
      const event = { container, name, etag, tries: MAX_TRIES - 1, errorEtag: error.etag };
      steps.push({ kind: 'retry', event });
    }
    return steps;
  }
  if (isPaused || (since && lastModified < since)) return steps;
  return [...steps, { kind: 'queue', event: { container, name, etag } }];
}

/** A person's blob stays, whatever became of the image; sidecars of ours beside it go. */
export function stepsForOrphan({ output, image }: Orphan): readonly Step[] {
  if (nameFault(image) !== null) return [];
  if (!isOurs(output)) return [{ kind: 'sidecars', name: output.name, image }];
  return [{ kind: 'orphan', name: output.name, etag: output.etag, image }];
}
