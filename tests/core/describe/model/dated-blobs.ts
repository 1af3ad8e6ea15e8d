import type { Clock } from '../../../../core/clock.ts';
import type { BlobProperties, Blobs } from '../../../../core/store/blobs.ts';

/**
 * A real container whose service tells the time by a clock of ours: when something was written through here, and when
 * it is asked for. So a claim can expire without anyone waiting for it.
 */
export function datedBlobs(blobs: Blobs, clock: Clock): Blobs {
  const written = new Map<string, Date>();
  const serviceTime = () => new Date(Math.floor(clock.elapsed() / 1_000) * 1_000);
  const dated = <T extends BlobProperties>(blob: T): T => ({
    ...blob,
    lastModified: written.get(blob.etag) ?? blob.lastModified,
  });
  return {
    container: blobs.container,
    url: (name) => blobs.url(name),
    async head(name, signal) {
      const blob = await blobs.head(name, signal);
      return blob && dated(blob);
    },
    async read(name, options) {
      const blob = await blobs.read(name, options);
      return blob && { ...dated(blob), servedAt: serviceTime() };
    },
    async write(name, bytes, options) {
      const answer = await blobs.write(name, bytes, options);
      if (answer !== 'conflict') written.set(answer.etag, serviceTime());
      return answer;
    },
    remove: (name, options) => blobs.remove(name, options),
    async page(options) {
      const page = await blobs.page(options);
      return { ...page, blobs: page.blobs.map(dated), servedAt: serviceTime() };
    },
  };
}
