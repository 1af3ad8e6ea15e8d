import type { DeferredError, FailedError, RefusedError } from '../errors.ts';
import type { PromptDocument, Target } from '../prompt/document.ts';

/** Something that says an image is there. Its ETag is a hint: the image may have changed since. */
export interface ImageEvent {
  readonly container: string;
  readonly name: string;
  /** Without quotes. */
  readonly etag?: string | undefined;
  /** Attempts that came before this event was queued. */
  readonly tries?: number | undefined;
  /** Remake a prompt that is up to date or a person's. */
  readonly force?: boolean | undefined;
  readonly language?: string | undefined;
  /** Which prompts are made; those that are set up where it is left out. */
  readonly targets?: readonly Target[] | undefined;
  /** Remake a prompt of ours that is up to date but was made with other settings. */
  readonly stale?: boolean | undefined;
  /** Of the error JSON that this is another attempt for: it is none where that was replaced meanwhile. */
  readonly errorEtag?: string | undefined;
}

/** So many attempts an image has until its failure is written down. */
export const MAX_TRIES = 5;

/** How an attempt to describe an image ended. */
export type Outcome =
  /** The image has its prompt. `document` is null where it had it before. */
  | { readonly status: 'done'; readonly document: PromptDocument | null }
  /** There is no such image any more. */
  | { readonly status: 'gone' }
  /** The image will never have a prompt; its error JSON says why. */
  | { readonly status: 'refused'; readonly error: RefusedError }
  /** Something else than the image is the reason; another attempt may succeed. */
  | { readonly status: 'failed'; readonly error: FailedError }
  /** It is not the time yet. At `until` the image is to be offered again; this counts as no attempt. */
  | { readonly status: 'deferred'; readonly until: Date; readonly error: DeferredError };
