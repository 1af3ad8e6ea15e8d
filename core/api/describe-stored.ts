import { dateIn } from '../clock.ts';
import { type DescribeImageOptions, describeImage } from '../describe/describe-image.ts';
import type { Outcome } from '../describe/outcome.ts';
import { encodeEvent } from '../queue/message.ts';
import type { ApiOptions } from './options.ts';

/** As the queue has it between two attempts. */
const RETRY_MS = 30_000;

/**
 * Describes a stored image for a client who waits for it. An attempt that comes to no end is handed to the queue: the
 * image is there, so its prompt shall come, whether or not the client asks again.
 * @throws the signal's reason when it aborts
 */
export async function describeStored(
  name: string,
  { blobs, events, settings, log }: Pick<ApiOptions, 'blobs' | 'events' | 'settings' | 'log'>,
  options: DescribeImageOptions,
): Promise<Outcome> {
  const { clock } = settings;
  const { container } = blobs;
  const { force, language } = options;
  const queue = async (tries: number, until: Date) => {
    const delay = Math.max(0, until.getTime() - clock.now());
    await events
      .send(encodeEvent({ container, name, tries, language, force: force || undefined }), { delay })
      // The client is answered all the same, and the next sweep finds the image.
      .catch((err) => log.error({ err, name }, 'an image could not be queued'));
  };
  try {
    const outcome = await describeImage({ container, name }, blobs, settings, options);
    if (outcome.status === 'failed') await queue(1, dateIn(clock, RETRY_MS));
    if (outcome.status === 'deferred') await queue(0, outcome.until);
    return outcome;
  } catch (error) {
    // The client went away; that was no try.
    await queue(0, dateIn(clock, 0));
    throw error;
  }
}
