import { createHash, randomUUID } from 'node:crypto';
import { startServer } from '../../containerapp/server.ts';
import { parseConfig } from '../../core/config.ts';
import { describeImage } from '../../core/describe/describe-image.ts';
import { createLog } from '../../core/log.ts';
import { createProgram } from '../../core/program.ts';
import { startAzurite } from '../azurite.ts';
import { photo } from '../fixtures/images/photo.ts';
import { AMPLE_MS } from '../until.ts';

export interface Target {
  readonly address: string;
  /** That it asks for. */
  readonly key: string;
  close(): Promise<void>;
}

/** Images that requests find: those of the document's examples, one that has nothing yet, and one that failed. */
const SEEDS = ['cat.jpg', 'holiday/cat.jpg', 'pending.jpg', 'failed.jpg'] as const;

/** The container server over a storage of its own, with a few images in it. Faults of the program are logged. */
export async function startTarget(): Promise<Target> {
  const azurite = await startAzurite();
  const { connectionString } = azurite;
  const key = randomUUID();
  const API_KEYS = createHash('sha256').update(key).digest('hex');
  // Nothing is fetched: what addresses lead to is not the document's matter.
  const config = parseConfig({ STORAGE: connectionString, API_KEYS, FETCH_ALLOWED_HOSTS: 'images.invalid' });
  const { blobs, state, settings, api } = await createProgram(
    config,
    { connectionString },
    createLog('error'),
  );
  await Promise.all([blobs.create(), state.create()]);
  const image = await photo({ width: 120, height: 90 });
  for (const name of SEEDS) {
    const bytes = name === 'failed.jpg' ? Buffer.from('no image') : image;
    await blobs.write(name, bytes, { contentType: 'image/jpeg', condition: 'new' });
    const event = { container: blobs.container, name };
    if (name !== 'pending.jpg') {
      await describeImage(event, blobs, settings, { signal: AbortSignal.timeout(AMPLE_MS) });
    }
  }
  const server = await startServer(api({ loopback: true, drainBodies: false }), {
    host: '127.0.0.1',
    port: 0,
  });
  return {
    address: server.address,
    key,
    async close() {
      await server.close();
      await azurite.close();
    },
  };
}
