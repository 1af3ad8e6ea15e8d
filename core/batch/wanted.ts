import type { DescribeSettings } from '../describe/describe-bytes.ts';
import { isProblemCode, type ProblemCode } from '../errors.ts';
import { SCHEMA_VERSION, type Target } from '../prompt/document.ts';
import { settingsHash } from '../prompt/settings-hash.ts';
import type { BlobProperties } from '../store/blobs.ts';
import type { ListedImage } from '../store/listing.ts';
import { nameFault } from '../store/names.ts';
import { isMadeFrom, isNewer, isOurs, settingsLabel } from '../store/prompts.ts';
import type { BatchOptions } from './record.ts';

/** What a batch does with an image, as told from a listing alone. */
export type Verdict = 'wanted' | 'unchanged' | 'skipped';

/** What decides how a prompt is made. */
export interface MakingSettings
  extends Pick<
    DescribeSettings,
    | 'features'
    | 'language'
    | 'targets'
    | 'defaultTarget'
    | 'prefix'
    | 'suffix'
    | 'triggerWord'
    | 'midjourneyVersion'
  > {
  readonly vision: Pick<DescribeSettings['vision'], 'provider' | 'model'>;
}

/** @param isOutdated of `outdatedBy` */
export function judge(
  { image, prompt }: ListedImage,
  { force, stale }: Pick<BatchOptions, 'force' | 'stale'>,
  isOutdated: (prompt: BlobProperties) => boolean,
): Verdict {
  if (nameFault(image.name) !== null) return 'skipped';
  if (prompt === null) return 'wanted';
  if (isNewer(prompt)) return 'unchanged';
  if (force) return 'wanted';
  if (!isOurs(prompt)) return 'unchanged';
  if (!isMadeFrom(prompt, image.etag)) return 'wanted';
  return stale && isOutdated(prompt) ? 'wanted' : 'unchanged';
}

/** Said by a provider that was asked: with another model it might say something else. */
const PROVIDERS_WORD: ReadonlySet<ProblemCode> = new Set(['vision-rejected', 'content-filtered']);

/** Whether the image's present content was refused for good, so that another try would hardly ask the provider. */
export function isRefused({ image, error }: ListedImage): boolean {
  if (error === null || !isOurs(error) || !isMadeFrom(error, image.etag)) return false;
  const { code, retryable } = error.metadata;
  if (code !== undefined && isProblemCode(code) && PROVIDERS_WORD.has(code)) return false;
  // From the archive it may have come back since.
  return retryable === 'false' && (code !== 'blob-archived' || image.isArchived);
}

/**
 * Whether a prompt of ours was made by an older version, or with other settings than a batch would make it with now. One
 * whose settings are not told by its labels is older. What the provider calls the model that answered is another matter: a
 * deployment has any name, and `gpt-5` answers as a version of it.
 */
export function outdatedBy(
  settings: MakingSettings,
  targets: readonly Target[] | null,
): (prompt: BlobProperties) => boolean {
  const { provider, model } = settings.vision;
  const made = { ...settings, provider, model, targets: targets ?? settings.targets };
  const label = settingsLabel(settingsHash(made));
  return ({ metadata }) => Number(metadata.schema) < SCHEMA_VERSION || metadata.settings !== label;
}
