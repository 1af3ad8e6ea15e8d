import type { ImageEvent } from '../../core/describe/outcome.ts';
import { encodeEvent } from '../../core/queue/message.ts';
import type { Queue } from '../../core/queue/queue.ts';
import type { Blobs, ListedBlob } from '../../core/store/blobs.ts';
import { ownerOf, promptName } from '../../core/store/names.ts';
import { random } from '../fixtures/images/random.ts';

/** Many events at once, as a storage account gives them: some twice, some of images that change or go meanwhile. */

/** Of all events. The rest are of new images. */
const DUPLICATES = 0.3;
const OVERWRITES = 0.1;
const DELETES = 0.05;

export interface Burst {
  /** The ETag of each image there is; null for one that was deleted. */
  readonly images: ReadonlyMap<string, string | null>;
  /** Contents that ever were, no two of them the same. */
  readonly contents: number;
  readonly duplicates: number;
  readonly overwrites: number;
  readonly deletes: number;
}

interface BurstOptions {
  readonly blobs: Blobs;
  readonly queue: Pick<Queue, 'send'>;
  readonly events: number;
  /** An image's bytes, others for each number. */
  readonly content: (number: number) => Uint8Array;
  /** Between two events. */
  readonly pause?: () => Promise<void>;
}

/** Drops, overwrites and deletes images, and sends an event of each. */
export async function dropBurst(options: BurstOptions): Promise<Burst> {
  const { blobs, queue, events, content, pause = async () => {} } = options;
  const next = random(events);
  const images = new Map<string, string | null>();
  const names: string[] = [];
  const sent: ImageEvent[] = [];
  const counts = { contents: 0, duplicates: 0, overwrites: 0, deletes: 0 };
  const any = <T>(list: readonly T[]) => list[Math.floor(next() * list.length)];
  const send = async (event: ImageEvent) => {
    sent.push(event);
    await queue.send(encodeEvent(event));
  };
  const drop = async (name: string) => {
    const bytes = content(counts.contents++);
    const written = await blobs.write(name, bytes, { contentType: 'image/jpeg', condition: 'any' });
    if (written === 'conflict') throw new Error('a write without condition has no conflict');
    images.set(name, written.etag);
    await send({ container: blobs.container, name, etag: written.etag });
  };
  while (sent.length < events) {
    await pause();
    const chance = next();
    const [event, name] = [any(sent), any(names)];
    const isThere = name !== undefined && images.get(name) !== null;
    if (chance < DUPLICATES && event) {
      counts.duplicates++;
      await send(event);
    } else if (chance < DUPLICATES + OVERWRITES && isThere) {
      counts.overwrites++;
      await drop(name);
    } else if (chance < DUPLICATES + OVERWRITES + DELETES && isThere) {
      counts.deletes++;
      await blobs.remove(name);
      images.set(name, null);
      await send({ container: blobs.container, name });
    } else {
      const fresh = `burst/${names.length % 10}/${names.length}.jpg`;
      names.push(fresh);
      await drop(fresh);
    }
  }
  return { images, ...counts };
}

interface Ended {
  readonly blobs: Blobs;
  readonly poison: Queue;
  /** Calls of the provider that were answered. */
  readonly paid: number;
}

/** What is not as it must be when the queue is empty; nothing where all is well. */
export async function faultsOf(burst: Burst, { blobs, poison, paid }: Ended): Promise<string[]> {
  const listed = new Map<string, ListedBlob>();
  for (let marker: string | null | undefined; marker !== null; ) {
    const page = await blobs.page({ size: 5_000, ...(marker === undefined ? {} : { marker }) });
    for (const blob of page.blobs) listed.set(blob.name, blob);
    marker = page.marker;
  }
  const faults: string[] = [];
  for (const [name, etag] of burst.images) {
    const prompt = listed.get(promptName(name))?.metadata.sourceetag ?? null;
    if (prompt !== etag) faults.push(`${name}: its ETag is ${etag}, its prompt is of ${prompt}`);
    const now = listed.get(name)?.etag ?? null;
    if (now !== etag) faults.push(`${name}: somebody else wrote it`);
  }
  for (const name of listed.keys()) {
    const owner = ownerOf(name);
    if (owner?.kind === 'error') faults.push(`${name}: there was nothing to fail`);
    if (!burst.images.has(owner?.image ?? name)) faults.push(`${name}: nobody dropped it`);
  }
  if (paid > burst.contents) faults.push(`${paid} paid calls for ${burst.contents} contents`);
  const poisoned = await poison.length();
  if (poisoned > 0) faults.push(`${poisoned} messages are poisoned`);
  return faults;
}
