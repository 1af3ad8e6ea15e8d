import { once } from 'node:events';
import type { Config } from '../core/config.ts';
import type { Log } from '../core/log.ts';
import { isLoopback } from '../core/loopback.ts';
import { createProgram } from '../core/program.ts';
import { begin } from '../core/store/first-start.ts';
import { startServer } from './server.ts';

/** The command `serve`: the API, until the signal aborts. */
export async function serve(config: Config, log: Log, signal: AbortSignal): Promise<void> {
  if (config.storage === null) throw new Error('parseConfig requires a storage');
  const { api, state, news } = await createProgram(config, config.storage, log);
  const app = api({ loopback: isLoopback(config.HOST), drainBodies: false });
  const server = await startServer(app, { host: config.HOST, port: config.PORT });
  log.info({ address: server.address, provider: config.VISION_PROVIDER }, 'listening');
  // It never fails, and nothing here waits for it.
  void begin(state, log);
  if (!signal.aborted) await once(signal, 'abort');
  log.info({}, 'stopping');
  await server.close();
  await news.close();
}
