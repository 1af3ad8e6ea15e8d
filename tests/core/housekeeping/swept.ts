import { fileURLToPath } from 'node:url';
import { parseConfig } from '../../../core/config.ts';
import type { DescribeSettings } from '../../../core/describe/describe-bytes.ts';
import { describeImage } from '../../../core/describe/describe-image.ts';
import type { ImageEvent, Outcome } from '../../../core/describe/outcome.ts';
import { type Catalog, catalog } from '../../../core/housekeeping/audit/catalog.ts';
import {
  type Household,
  type HousekeepingReport,
  type HousekeepOptions,
  housekeep,
} from '../../../core/housekeeping/housekeep.ts';
import type { RunReport } from '../../../core/housekeeping/report.ts';
import { type SweepOptions, sweep } from '../../../core/housekeeping/sweep/sweep.ts';
import { createLog } from '../../../core/log.ts';
import { createProgram } from '../../../core/program.ts';
import type { Blobs } from '../../../core/store/blobs.ts';
import { HousekeepingTelemetry } from '../../../core/telemetry/housekeeping.ts';
import { MemoryBlobs } from '../../memory/memory-blobs.ts';
import { MemoryQueue } from '../../memory/memory-queue.ts';
import { SimulatedClock } from '../../simulated-clock.ts';

/** Where nothing temporary is. */
const NO_FOLDER = fileURLToPath(new URL('./no-such-folder', import.meta.url));

/** A container, the program's state and the queue, in memory, on one clock. */
export class House {
  readonly clock = new SimulatedClock();
  readonly blobs = new MemoryBlobs(this.clock);
  readonly state = new MemoryBlobs(this.clock, 'prompt-state');
  readonly events = new MemoryQueue(this.clock);
  readonly poison = new MemoryQueue(this.clock);

  async sweep(options: Partial<SweepOptions> = {}): Promise<RunReport> {
    const { clock, blobs, state, events } = this;
    const signal = new AbortController().signal;
    return sweep({
      ...{ blobs, state, events, clock, signal },
      ...{ prefix: '', backfill: true, isPaused: false, retentionDays: 30, ...options },
    });
  }

  /** All of a run, over these parts, or others in their place. */
  household(others: Partial<Household> = {}): Household {
    const { blobs, state, events, poison, clock } = this;
    return {
      ...{ blobs, state, events, poison },
      housekeeping: new HousekeepingTelemetry(clock),
      settings: {
        ...{ isPaused: false, clock, generator: 'house/1' },
        ...{ vision: { provider: 'local', model: null }, features: ['caption', 'tags'], language: 'en' },
        ...{ targets: ['plain'], defaultTarget: 'plain' },
        ...{ prefix: undefined, suffix: undefined, triggerWord: undefined, midjourneyVersion: '7' },
      },
      ...others,
    };
  }

  async housekeep(
    env: Readonly<Record<string, string>> = {},
    { others, ...options }: Partial<HousekeepOptions> & { readonly others?: Partial<Household> } = {},
  ): Promise<HousekeepingReport> {
    const config = parseConfig({ STORAGE: 'UseDevelopmentStorage=true', ...env });
    return housekeep(this.household(others), config, {
      ...{ log: createLog('silent'), signal: new AbortController().signal, tempFolder: NO_FOLDER },
      ...options,
    });
  }

  /** What the last run wrote. */
  async catalog(): Promise<Catalog | null> {
    const blob = await this.state.read('catalog.json', { maxBytes: 1e7 });
    return blob && catalog.parse(JSON.parse(Buffer.from(blob.bytes ?? []).toString()));
  }

  async drop(name: string, bytes: Uint8Array = Buffer.from(name)): Promise<string> {
    const written = await this.blobs.write(name, bytes, { contentType: 'image/jpeg', condition: 'any' });
    if (written === 'conflict') throw new Error('without a condition there is no conflict');
    return written.etag;
  }

  /** Receives what is queued, and removes it. */
  async take(): Promise<ImageEvent[]> {
    const taken: ImageEvent[] = [];
    for (;;) {
      const messages = await this.events.receive({ max: 32, hidden: 30_000 });
      if (messages.length === 0) return taken;
      for (const message of messages) {
        taken.push(JSON.parse(Buffer.from(message.text, 'base64').toString()));
        await this.events.remove(message);
      }
    }
  }

  /** What a worker does with what is queued. */
  async work(settings: DescribeSettings): Promise<Outcome[]> {
    const outcomes: Outcome[] = [];
    for (const event of await this.take()) {
      const signal = new AbortController().signal;
      const attempt = (event.tries ?? 0) + 1;
      outcomes.push(await describeImage(event, this.blobs, settings, { attempt, signal }));
    }
    return outcomes;
  }

  /** Of the provider `local`, on this clock. */
  async settings(env: Readonly<Record<string, string>> = {}): Promise<DescribeSettings> {
    const config = parseConfig({ STORAGE: 'UseDevelopmentStorage=true', ...env });
    const storage = { connectionString: 'UseDevelopmentStorage=true' };
    const { settings } = await createProgram(config, storage, createLog('silent'));
    return { ...settings, clock: this.clock };
  }
}

/** The container, whose pages have at most so many blobs. */
export function inPages(blobs: Blobs, size: number): Blobs {
  return over(blobs, { page: (options) => blobs.page({ ...options, size: Math.min(options.size, size) }) });
}

/** The container, of which some operations are others. */
export function over(blobs: Blobs, others: Partial<Blobs>): Blobs {
  return {
    container: blobs.container,
    url: (name) => blobs.url(name),
    head: (name, signal) => blobs.head(name, signal),
    read: (name, options) => blobs.read(name, options),
    write: (name, bytes, options) => blobs.write(name, bytes, options),
    remove: (name, options) => blobs.remove(name, options),
    page: (options) => blobs.page(options),
    ...others,
  };
}

export const PROMPT_LABELS = {
  sha256: '0',
  provider: 'local',
  model: null,
  origin: 'generated',
  degraded: true,
  settingsHash: '0'.repeat(64),
} as const;

export const ERROR_LABELS = { code: 'vision-timeout', retryable: true, attempts: 5 } as const;
