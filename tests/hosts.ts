import { join } from 'node:path';
import { type HttpRequest, InvocationContext } from '@azure/functions';
import { startServer } from '../containerapp/server.ts';
import { parseConfig } from '../core/config.ts';
import type { Network } from '../core/fetch/network.ts';
import { createLog } from '../core/log.ts';
import { createProgram, type HostTraits, type Program } from '../core/program.ts';
import { handleRequest } from '../functions/api.ts';
import { builtHosts } from './built.ts';
import { requireDocumented } from './documented.ts';
import { APP_ORIGIN, startFront } from './functions/front.ts';
import { startWorker } from './functions/worker.ts';

/** One way the API is hosted, started for a test. */
export interface RunningHost {
  /** By which the app takes itself to be called. */
  readonly origin: string;
  fetch(path: string, init?: RequestInit): Promise<Response>;
  close(): Promise<void>;
}

export type Settings = Readonly<Record<string, string>>;

const SILENT = createLog('silent');

interface Host {
  readonly host: string;
  start(settings: Settings): Promise<RunningHost>;
}

/** One that runs in the test's own process, so that a test can give it another way out, or other traits. */
interface OwnHost extends Host {
  start(settings: Settings, network?: Network, traits?: Partial<HostTraits>): Promise<RunningHost>;
}

const APP_ALONE: OwnHost = {
  host: 'the app alone',
  async start(settings, network, traits) {
    const api = (await program(settings, network)).api({ loopback: true, drainBodies: false, ...traits });
    const origin = 'http://localhost';
    return {
      origin,
      fetch: documented(async (path, init) => api.fetch(new Request(origin + path, init))),
      close: async () => {},
    };
  },
};

const CONTAINER_SERVER: OwnHost = {
  host: 'the container server',
  async start(settings, network, traits) {
    const api = (await program(settings, network)).api({ loopback: true, drainBodies: false, ...traits });
    const server = await startServer(api, { host: '127.0.0.1', port: 0 });
    const { address: origin, close } = server;
    return { origin, fetch: documented((path, init) => fetch(origin + path, init)), close };
  },
};

/** Others can reach an app on Functions, so by default it asks for keys and counts. */
const OPENED = { AUTH: 'none', RATE_LIMIT: 'off' } as const;

const FUNCTIONS_HANDLER: OwnHost = {
  host: 'the Functions handler',
  async start(settings, network, traits) {
    const opened = { ...OPENED, ...settings };
    const config = parseConfig(opened);
    const running = await program(opened, network);
    const api = running.api({ loopback: false, drainBodies: true, ownProxies: 1, ...traits });
    const handle = handleRequest({ config, program: async () => ({ ...running, api, log: SILENT }) });
    return {
      origin: APP_ORIGIN,
      fetch: documented(async (path, init) => {
        // The host's request has the same members as the platform's where the handler looks: URL, method, headers,
        // and, with streaming on, a stream as body.
        const request = new Request(APP_ORIGIN + path, init) as unknown as HttpRequest;
        const { status, headers, body } = await handle(request, new InvocationContext());
        return new Response(body as ReadableStream | null, {
          ...(status === undefined ? {} : { status }),
          headers: headers as [string, string][],
        });
      }),
      close: async () => {},
    };
  },
};

const FUNCTIONS_BUNDLE: Host = {
  host: 'the Functions bundle',
  async start(settings) {
    const opened = { ...OPENED, LOG_LEVEL: 'silent', ...settings };
    const [built] = await Promise.all([builtHosts(), program(opened)]);
    const worker = await startWorker(join(built, 'functions/main.mjs'), opened);
    const front = await startFront(worker);
    return {
      origin: APP_ORIGIN,
      fetch: documented((path, init) => fetch(front.address + path, init)),
      async close() {
        await front.close();
        await worker.close();
      },
    };
  },
};

/** It needs nginx: where a run says that it is there. */
const GATEWAY: readonly OwnHost[] = process.env.WITH_GATEWAY
  ? [{ host: 'the gateway', start: behindGateway }]
  : [];

/** The bundle is for one platform, whatever machine made it: on others, the handler stands in for it. */
const runsBundles = process.platform === 'linux' && process.arch === 'x64';

/** Every host the API must answer the same from. */
export const HOSTS: readonly Host[] = [
  APP_ALONE,
  CONTAINER_SERVER,
  runsBundles ? FUNCTIONS_BUNDLE : FUNCTIONS_HANDLER,
  ...GATEWAY,
];

/** The same, for tests that cannot do without another network or other traits: no bundle takes them. */
export const OWN_HOSTS: readonly OwnHost[] = [APP_ALONE, CONTAINER_SERVER, FUNCTIONS_HANDLER, ...GATEWAY];

/** The container server, asked through the gateway with its limits on many clients out of the way. */
async function behindGateway(
  settings: Settings,
  network?: Network,
  traits?: Partial<HostTraits>,
): Promise<RunningHost> {
  const { startGateway } = await import('./images/gateway.ts');
  // One more than a test counts.
  const TRUSTED_PROXIES = `${Number(settings.TRUSTED_PROXIES ?? 0) + 1}`;
  const api = (await program({ ...settings, TRUSTED_PROXIES }, network)).api({
    loopback: true,
    drainBodies: false,
    ...traits,
  });
  const server = await startServer(api, { host: '127.0.0.1', port: 0 });
  const gateway = await startGateway(server.address, {
    TRUSTED_PROXIES,
    ...(settings.MAX_IMAGE_BYTES && { MAX_IMAGE_BYTES: settings.MAX_IMAGE_BYTES }),
    ...{ REQUESTS_PER_SECOND: '10000', REQUESTS_AT_ONCE: '10000' },
    ...{ UPLOADS: '1000', UPLOADS_PER_CLIENT: '1000' },
  });
  return {
    origin: gateway.address,
    fetch: documented((path, init) => fetch(gateway.address + path, init)),
    async close() {
      await gateway.close();
      await server.close();
    },
  };
}

/** Whatever a test asks, the OpenAPI document must have the answer. */
function documented(ask: RunningHost['fetch']): RunningHost['fetch'] {
  return async (path, init) => {
    const answer = await ask(path, init);
    await requireDocumented(path, init?.method ?? 'GET', answer);
    return answer;
  };
}

async function program(settings: Settings, network?: Network): Promise<Program> {
  const config = parseConfig(settings);
  if (config.storage === null) throw new Error('these settings name no storage');
  const running = await createProgram(config, config.storage, SILENT, network);
  await Promise.all([running.blobs.create(), running.state.create()]);
  return running;
}
