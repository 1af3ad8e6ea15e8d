import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { AzureBlobs, connectStorage } from '../core/store/azure-blobs.ts';
import { promptName } from '../core/store/names.ts';
import { writePrompt } from '../core/store/prompts.ts';

/** A container that can be listed and nothing else. */
export interface ListingServer {
  readonly url: string;
  /** Requests for a page so far. */
  readonly listings: number;
  close(): void;
}

/** One image in so many has no prompt. */
const PENDING = 50;

/**
 * Answers listings of any length: the entries of an image and its prompt are recorded from a real storage, and replayed
 * over HTTP under other names, so that all that a page costs is in it, but the storage's own time.
 */
export async function startListing(connectionString: string, blobCount: number): Promise<ListingServer> {
  const recorded = await record(connectionString);
  let listings = 0;
  const server = createServer(({ url = '' }, response) => {
    const asked = new URL(url, 'http://localhost').searchParams;
    listings++;
    response.setHeader('content-type', 'application/xml');
    response.end(
      replay(recorded, blobCount, Number(asked.get('marker') ?? 0), Number(asked.get('maxresults'))),
    );
  });
  return {
    url: `${await listen(server)}/account/images`,
    get listings() {
      return listings;
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** The listing of one image and its prompt, in three parts: what stands before, the two entries, what stands behind. */
interface Recorded {
  readonly before: string;
  readonly image: string;
  readonly prompt: string;
  readonly behind: string;
}

const NAME = 'recorded.jpg';
const SHA256 = '0'.repeat(64);

async function record(connectionString: string): Promise<Recorded> {
  const service = await connectStorage({ connectionString });
  const container = service.getContainerClient('recorded');
  await container.createIfNotExists();
  const blobs = new AzureBlobs(container);
  const image = await blobs.write(NAME, Buffer.from('image'), {
    contentType: 'image/jpeg',
    condition: 'any',
  });
  if (image === 'conflict') throw new Error('without a condition there is no conflict');
  const labels = {
    sourceEtag: image.etag,
    sha256: SHA256,
    provider: 'azure-vision',
    model: 'latest',
  };
  await writePrompt(
    blobs,
    NAME,
    {},
    { ...labels, origin: 'generated', degraded: false, settingsHash: '0' },
    { condition: 'any' },
  );
  const { value } = await container.listBlobsFlat({ includeMetadata: true }).byPage().next();
  const listing: string = value._response.bodyAsText;
  const [first = '', second = ''] = listing.match(/<Blob>.*?<\/Blob>/gs) ?? [];
  const [before = '', behind = ''] = listing.split(first + second);
  return { before, image: first, prompt: second, behind };
}

function replay(
  { before, image, prompt, behind }: Recorded,
  count: number,
  from: number,
  size: number,
): string {
  const entries: string[] = [];
  const end = Math.min(from + size, count);
  for (let index = from; index < end; index++) {
    const name = `holiday/${String(index >> 1).padStart(8, '0')}.jpg`;
    // Where a prompt would be, now and then there is a text instead.
    const isPending = (index >> 1) % PENDING === 0;
    const other = isPending ? `${name}.txt` : promptName(name);
    const sha256 = createHash('sha256').update(name).digest('hex');
    const beside = prompt.replace(promptName(NAME), other).replace(SHA256, sha256);
    entries.push(index % 2 === 0 ? image.replace(NAME, name) : beside);
  }
  const next = end < count ? `<NextMarker>${end}</NextMarker>` : '<NextMarker/>';
  return before + entries.join('') + behind.replace(/<NextMarker ?\/>|<NextMarker><\/NextMarker>/, next);
}

async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `http://127.0.0.1:${address.port}`;
}
