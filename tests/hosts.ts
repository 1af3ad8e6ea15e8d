import type { HttpRequest } from '@azure/functions';
import { startServer } from '../containerapp/server.ts';
import { parseConfig } from '../core/config.ts';
import { createLog } from '../core/log.ts';
import { createProgram, type Program } from '../core/program.ts';
import { handleRequest } from '../functions/api.ts';

/** One way the API is hosted, started for a test. */
export interface RunningHost {
  fetch(path: string, init?: RequestInit): Promise<Response>;
  close(): Promise<void>;
}

export type Settings = Readonly<Record<string, string>>;

/** Every host the API must answer the same from. */
export const HOSTS: readonly { readonly host: string; start(settings: Settings): Promise<RunningHost> }[] = [
  {
    host: 'the app alone',
    async start(settings) {
      const api = (await program(settings)).api({ loopback: true, drainBodies: false });
      return {
        fetch: async (path, init) => api.fetch(new Request(`http://localhost${path}`, init)),
        close: async () => {},
      };
    },
  },
  {
    host: 'the container server',
    async start(settings) {
      const api = (await program(settings)).api({ loopback: true, drainBodies: false });
      const server = await startServer(api, { host: '127.0.0.1', port: 0 });
      return { fetch: (path, init) => fetch(server.address + path, init), close: server.close };
    },
  },
  {
    host: 'the Functions handler',
    async start(settings) {
      const config = parseConfig({ AUTH: 'none', ...settings });
      const running = await program({ AUTH: 'none', ...settings });
      const api = running.api({ loopback: false, drainBodies: true });
      const handle = handleRequest({ config, program: async () => ({ ...running, api }) });
      return {
        async fetch(path, init) {
          // The host's request has the same members as the platform's where the handler looks: URL, method, headers,
          // and, with streaming on, a stream as body.
          const request = new Request(`https://app.example${path}`, init) as unknown as HttpRequest;
          const { status, headers, body } = await handle(request);
          return new Response(body as ReadableStream | null, {
            ...(status === undefined ? {} : { status }),
            headers: headers as [string, string][],
          });
        },
        close: async () => {},
      };
    },
  },
];

async function program(settings: Settings): Promise<Program> {
  const config = parseConfig(settings);
  if (config.storage === null) throw new Error('these settings name no storage');
  const running = await createProgram(config, config.storage, createLog('silent'));
  await Promise.all([running.blobs.create(), running.state.create()]);
  return running;
}
