import { type ScriptedServer, startScriptedServer } from './scripted-server.ts';
import { answer, type Behaviour } from './vision-behaviour.ts';
import { checkRequest, type VisionRequest } from './vision-request.ts';

export interface VisionServer extends ScriptedServer<VisionRequest> {
  /** What a client is configured with. */
  readonly endpoint: string;
  readonly key: string;
}

interface VisionServerOptions {
  readonly key?: string;
  /** What is done with a request that has no script. */
  readonly behaviour?: Behaviour;
  /** False for a resource in a region without captions. */
  readonly captions?: boolean;
  /** For benchmarks only: how long each answer is held back. */
  readonly latencyMs?: number;
}

/**
 * Starts a service that speaks the protocol of Image Analysis 4.0 on a free port of this machine. Whoever starts it
 * closes it; a child process is handed its endpoint and key.
 */
export async function startVisionServer({
  key = 'a-key-of-the-fake-service',
  behaviour = answer(),
  captions = true,
  latencyMs = 0,
}: VisionServerOptions = {}): Promise<VisionServer> {
  const server = await startScriptedServer<VisionRequest>({
    check: (message, body) => checkRequest(message, body, { key, captions }),
    behaviour,
    latencyMs,
  });
  return Object.assign(server, { endpoint: server.origin, key });
}
