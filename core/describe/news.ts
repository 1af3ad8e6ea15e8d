import type { Problem } from '../problem.ts';
import type { PromptDocument } from '../prompt/document.ts';
import type { ErrorLabels } from '../store/prompts.ts';

/** What an error JSON says. */
export type ErrorDocument = Problem & ErrorLabels & { readonly instance: string };

/** Something was written beside an image that others may want to hear of. ETags have no quotes. */
export type News =
  | {
      readonly kind: 'prompt';
      readonly name: string;
      /** Of the prompt. */
      readonly etag: string;
      readonly document: PromptDocument;
    }
  /** A person's prompt. */
  | { readonly kind: 'edit'; readonly name: string; readonly etag: string; readonly bytes: Uint8Array }
  | {
      readonly kind: 'error';
      readonly name: string;
      /** Of the error JSON. */
      readonly etag: string;
      readonly problem: ErrorDocument;
    };

/** Takes it to tell it later: it never throws, and is not waited for. */
export type TellNews = (news: News) => void;
