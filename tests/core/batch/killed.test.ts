import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readBatch } from '../../../core/batch/batches.ts';
import { batch, isFinished } from '../../../core/batch/record.ts';
import { promptName } from '../../../core/store/names.ts';
import { startAzurite } from '../../azurite.ts';
import { Receipts, workUntilQuiet } from '../../crash/deliveries.ts';
import { type Site, startSite } from '../../crash/site.ts';
import { startWorkerProcess } from '../../crash/worker-process.ts';
import { photo } from '../../fixtures/images/photo.ts';
import { until } from '../../until.ts';
import { faultsOf } from './workplace.ts';

/** A batch over Azurite, whose worker is a process of its own and is killed with SIGKILL. */

const IMAGES = 40;
const ANSWERED = 12;
const PARALLEL = 4;
/** Of Azure's features, as the settings have them where nothing is said. */
const FEATURES = 4;
/** Longer than a turn, and a claim, live. */
const LATER_MS = 60_000;

let azurite: Awaited<ReturnType<typeof startAzurite>>;
beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(() => azurite.close());

async function record({ outside }: Site, id: string) {
  const stored = await readBatch(outside, id);
  if (stored === null) throw new Error('there is no such batch');
  return stored.record;
}

test('a batch whose worker is killed goes on where it was, and counts each image once', async () => {
  const site = await startSite(azurite.connectionString);
  const { outside } = site;
  try {
    const names = Array.from({ length: IMAGES }, (_, number) => `in/${number}.jpg`);
    for (const [seed, name] of names.entries())
      await site.drop(name, await photo({ width: 64, height: 64, seed }));
    const killed = Promise.withResolvers<void>();
    let calls = 0;
    site.meanwhile = async () => {
      if (++calls > ANSWERED) await killed.promise;
    };
    const api = outside.api({ loopback: true, drainBodies: false });
    const started = await api.request('/api/batches', {
      ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
      body: JSON.stringify({ prefix: 'in/', maxParallel: PARALLEL }),
    });
    const { id } = batch.parse(await started.json());

    const receipts = new Receipts();
    const proxy = await site.proxy(receipts.intercept);
    const victim = startWorkerProcess(site.settings(proxy.connectionString));
    try {
      await until(
        `${ANSWERED} are described`,
        async () => (await record(site, id)).counts.described === ANSWERED,
      );
    } finally {
      await victim.close();
    }
    killed.resolve();
    const left = await record(site, id);
    expect(left).toMatchObject({ status: 'running', counts: { remaining: IMAGES - ANSWERED } });
    expect(faultsOf(left, FEATURES)).toEqual([]);

    const other = await site.join();
    other.proxy.later = LATER_MS;
    await receipts.comeBack(site);
    await workUntilQuiet(other);
    const rest = await record(site, id);
    expect(isFinished(rest)).toBe(true);
    expect(rest).toMatchObject({ status: 'completed', counts: { listed: IMAGES, remaining: 0, failed: 0 } });
    expect(rest.counts.described + rest.counts.unchanged).toBe(IMAGES);
    expect(faultsOf(rest, FEATURES)).toEqual([]);
    const prompts = await Promise.all(names.map((name) => outside.blobs.head(promptName(name))));
    expect(prompts.filter(Boolean)).toHaveLength(IMAGES);
    // Those that were asked for when it died were answered to nobody.
    expect(site.paid).toBeLessThanOrEqual(IMAGES + PARALLEL);
  } finally {
    await site.close();
  }
});
