import { isProblemCode, PROBLEMS, RefusedError } from '../../errors.ts';
import { type PromptDocument, promptDocument } from '../../prompt/document.ts';
import type { BlobProperties, Blobs } from '../../store/blobs.ts';
import { promptName } from '../../store/names.ts';
import { MAX_DOCUMENT_BYTES } from '../../store/prompts.ts';
import { problem } from '../openapi/problems.ts';

/** More than any image has; some are compared with each other, and a person may have written any number. */
const MAX_FACTS = 2_000;

export interface StoredPrompt {
  /** What storage says of it. */
  readonly blob: BlobProperties;
  /** Exactly what is stored. */
  readonly bytes: Uint8Array;
  /** Null where a person wrote something that is no prompt document. */
  readonly document: PromptDocument | null;
}

/** @returns null where the image has no prompt */
export async function readPrompt(
  blobs: Blobs,
  image: string,
  signal?: AbortSignal,
): Promise<StoredPrompt | null> {
  const blob = await blobs.read(promptName(image), { maxBytes: MAX_DOCUMENT_BYTES, signal });
  if (blob === null) return null;
  if (blob.bytes === null) {
    throw new RefusedError('not-found', {
      detail: 'The prompt is too large to be answered here: read its blob.',
    });
  }
  return { blob, bytes: blob.bytes, document: parse(blob.bytes) };
}

/**
 * The problem document an error JSON holds; null where there is none for this version of the image. Where someone wrote
 * anything else into it, what its metadata says is told.
 */
export async function readProblem(
  blobs: Blobs,
  name: string,
  imageEtag: string,
  signal?: AbortSignal,
): Promise<Uint8Array | null> {
  const blob = await blobs.read(name, { maxBytes: MAX_DOCUMENT_BYTES, signal });
  if (blob === null || blob.metadata.sourceetag !== imageEtag) return null;
  return blob.bytes && isProblem(blob.bytes) ? blob.bytes : problemOfCode(blob.metadata.code ?? '');
}

function isProblem(bytes: Uint8Array): boolean {
  try {
    return problem.safeParse(JSON.parse(new TextDecoder().decode(bytes))).success;
  } catch {
    return false;
  }
}

function problemOfCode(code: string): Uint8Array | null {
  if (!isProblemCode(code)) return null;
  const { status, title } = PROBLEMS[code];
  return Buffer.from(JSON.stringify({ type: code, code, title, status }));
}

/**
 * A document that other prompts can be composed from in little time.
 * @throws RefusedError `prompt-not-composable`
 */
export function requireComposable(document: PromptDocument | null): PromptDocument {
  if (document === null || document.facts.length > MAX_FACTS) throw new RefusedError('prompt-not-composable');
  return document;
}

function parse(bytes: Uint8Array): PromptDocument | null {
  try {
    return promptDocument.safeParse(JSON.parse(new TextDecoder().decode(bytes))).data ?? null;
  } catch {
    // Not JSON: a person's words, which are theirs to write.
    return null;
  }
}
