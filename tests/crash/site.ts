import { randomUUID } from 'node:crypto';
import { parseConfig } from '../../core/config.ts';
import { createLog } from '../../core/log.ts';
import { createProgram, type Program } from '../../core/program.ts';
import { errorName, promptName } from '../../core/store/names.ts';
import { answer, type Behaviour, fail } from '../faults/vision-behaviour.ts';
import { startVisionServer, type VisionServer } from '../faults/vision-server.ts';
import { type Intercept, type StorageProxy, startStorageProxy } from './storage-proxy.ts';

/** A program that reaches storage through a proxy of its own. */
export interface Member {
  readonly program: Program;
  readonly proxy: StorageProxy;
}

/** Containers and a queue of their own, a provider that costs money, and the programs that work on them. */
export interface Site {
  readonly vision: VisionServer;
  /** Calls of the provider that were answered, and so paid for. */
  readonly paid: number;
  /** Reaches storage directly: what it does stands for people and for Event Grid. */
  readonly outside: Program;
  /** What happens while a call is with the provider, before it is answered. */
  meanwhile: () => Promise<unknown>;
  /** The environment of a program that is to reach storage at this address. */
  settings(connectionString: string): Record<string, string>;
  join(settings?: Readonly<Record<string, string>>, intercept?: Intercept): Promise<Member>;
  proxy(intercept?: Intercept): Promise<StorageProxy>;
  /** @returns the ETag */
  drop(name: string, bytes: Uint8Array): Promise<string>;
  /** Whether there is a prompt or an error, and of which version of the image. */
  stored(name: string): Promise<Stored>;
  close(): Promise<void>;
}

interface Stored {
  readonly prompt: string | null;
  readonly error: string | null;
}

interface SiteOptions {
  /** Whether the provider has had too much with this call. */
  readonly isThrottled?: () => boolean;
  readonly callsPerSecond?: number;
}

/** Whoever starts it closes it, with all who joined. */
export async function startSite(
  connectionString: string,
  { isThrottled = () => false, callsPerSecond = 1_000 }: SiteOptions = {},
): Promise<Site> {
  let paid = 0;
  const behaviour: Behaviour = async (request, response) => {
    await site.meanwhile();
    const isRefused = isThrottled();
    if (!isRefused) paid++;
    (isRefused ? fail(429, '429') : answer())(request, response);
  };
  const vision = await startVisionServer({ behaviour });
  const id = randomUUID().slice(0, 8);
  const proxies: StorageProxy[] = [];
  const settings = (storage: string) => ({
    STORAGE: storage,
    IMAGES_CONTAINER: `images-${id}`,
    STATE_CONTAINER: `state-${id}`,
    IMAGE_EVENTS_QUEUE: `events-${id}`,
    VISION_PROVIDER: 'azure-vision',
    VISION_ENDPOINT: vision.endpoint,
    VISION_KEY: vision.key,
    VISION_TPS: `${callsPerSecond}`,
  });
  const outside = await programOf(settings(connectionString));
  const { blobs, state, events, poison } = outside;
  await Promise.all([blobs.create(), state.create(), events.create(), poison.create()]);
  const proxy = async (intercept?: Intercept) => {
    const started = await startStorageProxy(connectionString, intercept);
    proxies.push(started);
    return started;
  };

  const site: Site = {
    ...{ vision, outside, settings, proxy, meanwhile: async () => {} },
    get paid() {
      return paid;
    },
    async join(own = {}, intercept) {
      const started = await proxy(intercept);
      const program = await programOf({ ...settings(started.connectionString), ...own });
      return { program, proxy: started };
    },
    async drop(name, bytes) {
      const written = await blobs.write(name, bytes, { contentType: 'image/jpeg', condition: 'any' });
      if (written === 'conflict') throw new Error('a write without condition has no conflict');
      return written.etag;
    },
    async stored(name) {
      const [prompt, error] = await Promise.all([blobs.head(promptName(name)), blobs.head(errorName(name))]);
      const of = (blob: typeof prompt) => blob && (blob.metadata.sourceetag ?? 'a person');
      return { prompt: of(prompt), error: of(error) };
    },
    async close() {
      await Promise.all([vision.close(), ...proxies.map((each) => each.close())]);
    },
  };
  return site;
}

async function programOf(settings: Readonly<Record<string, string>>): Promise<Program> {
  const config = parseConfig(settings);
  if (config.storage === null) throw new Error('these settings name no storage');
  return createProgram(config, config.storage, createLog('silent'));
}
