import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import {
  APPLICATION_INSIGHTS,
  type Listener,
  OTLP_COLLECTOR,
  startListener,
} from '../tests/telemetry/listener.ts';

export interface TelemetryCost {
  readonly to: string;
  /** Milliseconds of CPU time per image. */
  readonly without: number;
  readonly with: number;
  /** Of each pair: which part of the CPU time is telemetry's. */
  readonly shares: readonly number[];
}

const PROCESS = fileURLToPath(new URL('./telemetry-process.ts', import.meta.url));

const WAYS = [
  { to: 'Application Insights', way: APPLICATION_INSIGHTS },
  { to: 'OTLP', way: OTLP_COLLECTOR },
] as const;

/** Compiles what is compiled. */
const WARM_UP = 500;
/** Both do so many, turn by turn: they meet the same weather. */
const TURN = 100;

/**
 * CPU time of a process that tells of every image as it does by default, and of one that tells nothing, in pairs. By OTLP
 * that is all there is; Application Insights hears of all metrics and log lines, and of some traces in a second.
 * @param counts images for each way and each of both; their side in pixels
 */
export async function timeTelemetry(counts: {
  readonly images: number;
  readonly pairs: number;
  readonly side: number;
}): Promise<TelemetryCost[]> {
  const costs: TelemetryCost[] = [];
  for (const { to, way } of WAYS) {
    const listener = await startListener(way);
    try {
      costs.push({ to, ...(await compare(listener, counts)) });
    } finally {
      await listener.close();
    }
  }
  return costs;
}

async function compare(
  listener: Listener,
  { images, pairs, side }: { readonly images: number; readonly pairs: number; readonly side: number },
): Promise<Omit<TelemetryCost, 'to'>> {
  const perPair = images / pairs;
  const totals = { silent: 0, telling: 0 };
  const shares: number[] = [];
  for (let pair = 0; pair < pairs; pair++) {
    const silent = await start(side, {});
    const telling = await start(side, listener.settings);
    const both = [silent, telling];
    const before = [await silent(WARM_UP), await telling(WARM_UP)];
    for (let done = 0; done < perPair; done += TURN) {
      for (const describe of both.reverse()) await describe(TURN);
    }
    const taken = {
      silent: (await silent(0)) - (before[0] ?? 0),
      telling: (await telling(0)) - (before[1] ?? 0),
    };
    totals.silent += taken.silent;
    totals.telling += taken.telling;
    shares.push(1 - taken.silent / taken.telling);
  }
  if (listener.spans.length === 0) throw new Error('nothing was told');
  return { without: totals.silent / images, with: totals.telling / images, shares };
}

/** @returns describes so many images, and tells the CPU time so far, in milliseconds; 0 ends the process */
async function start(
  side: number,
  settings: Readonly<Record<string, string>>,
): Promise<(images: number) => Promise<number>> {
  const child: ChildProcess = fork(PROCESS, [`${side}`], {
    env: { PATH: process.env.PATH, ...settings },
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`the process ended with ${code}`);
  });
  // It is heard of where it is waited for.
  ended.catch(() => {});
  await Promise.race([once(child, 'message'), ended]);
  return async (images) => {
    const answered = once(child, 'message');
    child.send(images);
    const [milliseconds] = await Promise.race([answered, ended]);
    if (images === 0) child.disconnect();
    return milliseconds;
  };
}
