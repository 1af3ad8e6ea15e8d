import type { Hono } from 'hono';
import type { ApiEnv } from '../core/api/options.ts';
import { type Config, parseConfig } from '../core/config.ts';
import { createLog } from '../core/log.ts';
import { createProgram, type Program } from '../core/program.ts';
import { begin } from '../core/store/first-start.ts';
import { durableRunner } from './batch/client.ts';

type Running = Omit<Program, 'api'> & { readonly api: Hono<ApiEnv> };

export interface HostedProgram extends FunctionsProgram {
  /** Before the instance goes away. */
  stop(): Promise<void>;
}

export interface FunctionsProgram {
  readonly config: Config;
  /** Put together at the first call, once for all functions of this instance. */
  program(): Promise<Running>;
}

/** @throws ConfigError when the app settings have faults: the host then logs them and starts no function. */
export function functionsProgram(): HostedProgram {
  const config = parseConfig(process.env);
  let running: Promise<Running> | undefined;
  return {
    config,
    program() {
      running ??= start(config);
      return running;
    },
    async stop() {
      // What never started has nothing to tell.
      const started = await running?.catch(() => undefined);
      await started?.news.close();
    },
  };
}

async function start(config: Config): Promise<Running> {
  if (config.storage === null) throw new Error('parseConfig requires a storage');
  const log = createLog(config.LOG_LEVEL);
  const program = await createProgram(config, config.storage, log);
  // It never fails, and nothing here waits for it.
  void begin(program.state, log);
  const traits = { loopback: false, drainBodies: true, ownProxies: 1, batchRunner: durableRunner };
  return { ...program, api: program.api(traits) };
}
