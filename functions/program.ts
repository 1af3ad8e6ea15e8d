import type { Hono } from 'hono';
import type { ApiEnv } from '../core/api/options.ts';
import { type Config, parseConfig } from '../core/config.ts';
import type { DescribeSettings } from '../core/describe/describe-bytes.ts';
import { createLog } from '../core/log.ts';
import { createProgram } from '../core/program.ts';
import type { Blobs } from '../core/store/blobs.ts';

interface Running {
  readonly blobs: Blobs;
  readonly settings: DescribeSettings;
  readonly api: Hono<ApiEnv>;
}

export interface FunctionsProgram {
  readonly config: Config;
  /** Put together at the first call, once for all functions of this instance. */
  program(): Promise<Running>;
}

/** @throws ConfigError when the app settings have faults: the host then logs them and starts no function. */
export function functionsProgram(): FunctionsProgram {
  const config = parseConfig(process.env);
  let running: Promise<Running> | undefined;
  return {
    config,
    program() {
      running ??= start(config);
      return running;
    },
  };
}

async function start(config: Config): Promise<Running> {
  if (config.storage === null) throw new Error('parseConfig requires a storage');
  const { blobs, settings, api } = await createProgram(config, config.storage, createLog(config.LOG_LEVEL));
  return { blobs, settings, api: api({ loopback: false, drainBodies: true }) };
}
