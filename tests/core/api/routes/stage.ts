import { AzureBlobs, connectStorage } from '../../../../core/store/azure-blobs.ts';
import type { HOSTS, RunningHost, Settings } from '../../../hosts.ts';

/** A host over a container of its own, with what the tests of its routes do most. */
export interface Stage {
  readonly blobs: AzureBlobs;
  readonly get: (path: string, headers?: Record<string, string>) => Promise<Response>;
  /** Sends JSON; a string or bytes go as they are. */
  readonly send: (
    method: 'POST' | 'PUT',
    path: string,
    body: unknown,
    headers?: Record<string, string>,
  ) => Promise<Response>;
  readonly fetch: RunningHost['fetch'];
  readonly origin: string;
  /** Stores a blob, whatever was there. */
  readonly drop: (name: string, content: Uint8Array | string, contentType?: string) => Promise<void>;
  readonly text: (name: string) => Promise<string | null>;
  readonly close: () => Promise<void>;
}

export async function openStage(
  { host, start }: (typeof HOSTS)[number],
  {
    connectionString,
    purpose,
    settings,
  }: {
    readonly connectionString: string;
    /** Begins the container's name: no two tests share one. */
    readonly purpose: string;
    readonly settings?: Settings;
  },
): Promise<Stage> {
  const container = `${purpose}-${host.replaceAll(/\W+/g, '-').toLowerCase()}`;
  const running = await start({
    STORAGE: connectionString,
    IMAGES_CONTAINER: container,
    RATE_LIMIT: 'off',
    ...settings,
  });
  const service = await connectStorage({ connectionString });
  const blobs = new AzureBlobs(service.getContainerClient(container));
  return {
    blobs,
    fetch: running.fetch,
    origin: running.origin,
    close: running.close,
    get: (path, headers = {}) => running.fetch(path, { headers }),
    send(method, path, content, headers = {}) {
      const raw = typeof content === 'string' || content instanceof Uint8Array;
      // Bytes of tests lie in memory of their own.
      const body = raw ? (content as string | Uint8Array<ArrayBuffer>) : JSON.stringify(content);
      return running.fetch(path, {
        method,
        body,
        headers: { 'content-type': 'application/json', ...headers },
      });
    },
    async drop(name, content, contentType = 'image/jpeg') {
      await blobs.write(name, Buffer.from(content), { contentType, condition: 'any' });
    },
    async text(name) {
      const blob = await blobs.read(name, { maxBytes: 1e7 });
      return blob && Buffer.from(blob.bytes ?? []).toString();
    },
  };
}
