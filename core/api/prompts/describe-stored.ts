import { type DescribeImageOptions, describeImage } from '../../describe/describe-image.ts';
import type { Outcome } from '../../describe/outcome.ts';
import { handOver } from '../../queue/hand-over.ts';
import { encodeEvent } from '../../queue/message.ts';
import type { ApiOptions } from '../options.ts';

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
  const { force, language } = options;
  const event = { container: blobs.container, name, language, force: force || undefined };
  const queued = (handing: Promise<void>) =>
    // The client is answered all the same, and the next sweep finds the image.
    handing.catch((err) => log.error({ err, name }, 'an image could not be queued'));
  try {
    const outcome = await describeImage(event, blobs, settings, options);
    await queued(handOver(event, outcome, { events, clock: settings.clock }));
    return outcome;
  } catch (error) {
    // The client went away; that was no try.
    await queued(events.send(encodeEvent({ ...event, tries: 0 })));
    throw error;
  }
}
