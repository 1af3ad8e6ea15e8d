import type { DescribeSettings } from '../describe/describe-bytes.ts';
import type { DescribeImageOptions } from '../describe/describe-image.ts';
import type { ImageEvent } from '../describe/outcome.ts';
import { outdatedBy } from './wanted.ts';

type Asked = Pick<DescribeImageOptions, 'force' | 'language' | 'targets' | 'isOutdated'>;

/** What an event asks of an attempt: a batch's image that has to wait in the queue is done as the batch would. */
export function asAsked(event: ImageEvent, settings: DescribeSettings): Asked {
  const { force, language, targets, stale } = event;
  return {
    force,
    language,
    targets,
    ...(stale ? { isOutdated: outdatedBy(settings, targets ?? null) } : {}),
  };
}
