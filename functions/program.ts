import type { Hono } from 'hono';
import type { ApiEnv } from '../core/api/options.ts';
import type { Config } from '../core/config.ts';
import { createLog, type Log } from '../core/log.ts';
import { createProgram, type Program } from '../core/program.ts';
import { begin } from '../core/store/first-start.ts';
import { NO_TELEMETRY, type Telemetry } from '../core/telemetry/start.ts';
import { durableRunner } from './batch/client.ts';
import { invocationLog } from './invocation.ts';

type Running = Omit<Program, 'api'> & { readonly api: Hono<ApiEnv>; readonly log: Log };

export interface HostedProgram extends FunctionsProgram {
  /** Before the instance goes away. */
  stop(): Promise<void>;
}

export interface FunctionsProgram {
  readonly config: Config;
  /** Put together at the first call, once for all functions of this instance. */
  program(): Promise<Running>;
}

/** @param telemetry what this worker tells by itself; nothing where that is left to the host */
export function functionsProgram(config: Config, telemetry: Telemetry = NO_TELEMETRY): HostedProgram {
  let running: Promise<Running> | undefined;
  return {
    config,
    program() {
      running ??= start(config, telemetry);
      return running;
    },
    async stop() {
      // What never started has nothing to tell.
      const started = await running?.catch(() => undefined);
      await started?.news.close();
    },
  };
}

async function start(config: Config, { isOn, sinks }: Telemetry): Promise<Running> {
  if (config.storage === null) throw new Error('parseConfig requires a storage');
  // Of lines that are sent from here the host shall not send its own copies.
  const log = createLog(config.LOG_LEVEL, isOn ? sinks : [invocationLog()]);
  const program = await createProgram(config, config.storage, log);
  // It never fails, and nothing here waits for it.
  void begin(program.state, log);
  const traits = {
    loopback: false,
    drainBodies: true,
    ownProxies: 1,
    tellsRequests: true,
    batchRunner: durableRunner,
  };
  return { ...program, log, api: program.api(traits) };
}
