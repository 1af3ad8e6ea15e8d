import type { DescribeSettings } from '../describe/describe-bytes.ts';
import { SCHEMA_VERSION, type Target } from '../prompt/document.ts';
import { settingsHash } from '../prompt/settings-hash.ts';
import type { BlobProperties } from '../store/blobs.ts';
import type { ListedImage } from '../store/listing.ts';
import { nameFault } from '../store/names.ts';
import { isMadeFrom, isNewer, isOurs, settingsLabel } from '../store/prompts.ts';
import type { BatchOptions } from './record.ts';

/** What a batch does with an image, as told from a listing alone. */
export type Verdict = 'wanted' | 'unchanged' | 'skipped';

type Settings = Pick<
  DescribeSettings,
  'vision' | 'features' | 'language' | 'targets' | 'defaultTarget' | 'prefix' | 'suffix' | 'triggerWord'
> &
  Pick<DescribeSettings, 'midjourneyVersion'>;

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

/**
 * Whether a prompt of ours was made by an older version, or with other settings than a batch would make it with now. One
 * whose settings are not told by its labels is older.
 */
export function outdatedBy(
  settings: Settings,
  targets: readonly Target[] | null,
): (prompt: BlobProperties) => boolean {
  const { provider, model } = settings.vision;
  const made = { ...settings, provider, model, targets: targets ?? settings.targets };
  const label = settingsLabel(settingsHash(made));
  return ({ metadata }) => Number(metadata.schema) < SCHEMA_VERSION || metadata.settings !== label;
}
