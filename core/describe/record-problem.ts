import { FailedError, type RefusedError } from '../errors.ts';
import { problemOf } from '../problem.ts';
import type { BlobProperties, Blobs } from '../store/blobs.ts';
import { errorName, promptName } from '../store/names.ts';
import { isAnswer, isMadeFrom, isOurs, writeError } from '../store/prompts.ts';
import type { ErrorDocument, TellNews } from './news.ts';
import type { Outcome } from './outcome.ts';
import { nextTryAt } from './retry-schedule.ts';

export interface Problem {
  readonly error: RefusedError | FailedError;
  /** Of the image that was tried. */
  readonly etag: string;
  /** What was found beside it before. */
  readonly prompt: BlobProperties | null;
  readonly attempt: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Hears of an error that was written and stands. */
  readonly tellNews: TellNews | undefined;
}

/**
 * Writes down why an image has no prompt, and takes away the prompt of what it showed before. An error JSON that turns
 * out to be beside the truth, since the image has a prompt, or is another, or is gone, is taken back.
 * @returns null where the error now stands; else what became of the image instead
 */
export async function recordProblem(
  blobs: Blobs,
  name: string,
  problem: Problem,
): Promise<Outcome | 'changed' | null> {
  const { etag, prompt, tellNews } = problem;
  // A person's prompt is the image's: there is nothing to excuse.
  if (prompt && isAnswer(prompt, etag)) return null;
  const written = await writeProblem(blobs, name, problem);
  if (written === 'conflict') return 'changed';
  const takeBack = () => blobs.remove(errorName(name), { etag: written.etag });

  if (prompt) await blobs.remove(promptName(name), { etag: prompt.etag });
  const answer = await blobs.head(promptName(name));
  if (answer && isAnswer(answer, etag)) {
    await takeBack();
    return { status: 'done', document: null };
  }
  const image = await blobs.head(name);
  if (image?.etag === etag) {
    const { etag: errorEtag, document } = written;
    if (document) tellNews?.({ kind: 'error', name, etag: errorEtag, problem: document });
    return null;
  }
  await takeBack();
  return image ? 'changed' : { status: 'gone' };
}

interface Written {
  readonly etag: string;
  /** Null where it was there already. */
  readonly document: ErrorDocument | null;
}

async function writeProblem(
  blobs: Blobs,
  name: string,
  { error, etag, attempt, now }: Problem,
): Promise<Written | 'conflict'> {
  const before = await blobs.head(errorName(name));
  const known = before && isOurs(before) && isMadeFrom(before, etag) ? before : null;
  const retryable = error instanceof FailedError;
  // A duplicate event of an image that is refused for good has nothing new to say.
  if (known && !retryable && known.metadata.code === error.code) return { etag: known.etag, document: null };
  const attempts = known ? Number(known.metadata.attempts) + 1 : attempt;
  const next = retryable ? nextTryAt(attempts, now) : null;
  const labels = {
    sourceEtag: etag,
    code: error.code,
    retryable,
    attempts,
    nextTryAt: next?.toISOString() ?? null,
  };
  const condition = before ? { etag: before.etag } : 'new';
  const document = problemOf(error, { instance: name, ...labels });
  const written = await writeError(blobs, name, document, labels, { condition });
  return written === 'conflict' ? written : { etag: written.etag, document };
}

/**
 * Takes away what is beside an image that is gone, if it is ours. First it is looked at, then whether the image is still
 * missing, and only that version is removed: an image may have come back meanwhile.
 */
export async function removeOutputs(
  name: string,
  blobs: Blobs,
  prompt: BlobProperties | null,
  signal: AbortSignal,
): Promise<Outcome | 'changed'> {
  const error = await blobs.head(errorName(name), signal);
  const ours = [
    { output: promptName(name), blob: prompt },
    { output: errorName(name), blob: error },
  ].flatMap(({ output, blob }) => (blob && isOurs(blob) ? [{ output, etag: blob.etag }] : []));
  if (ours.length > 0 && (await blobs.head(name, signal))) return 'changed';
  for (const { output, etag } of ours) await blobs.remove(output, { etag, signal });
  return { status: 'gone' };
}
