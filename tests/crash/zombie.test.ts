import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { startAzurite } from '../azurite.ts';
import { photo } from '../fixtures/images/photo.ts';
import { until } from '../until.ts';
import { isQuiet, send, workOnce } from './deliveries.ts';
import { onlyOnce } from './only-once.ts';
import { type Member, type Site, startSite } from './site.ts';
import type { StorageProxy } from './storage-proxy.ts';
import { startWorkerProcess, type WorkerProcess } from './worker-process.ts';

/** A process is put to sleep, with SIGSTOP, until others have given it up; then it goes on where it was. */

let azurite: Awaited<ReturnType<typeof startAzurite>>;
let jpeg: Buffer;
beforeAll(async () => {
  azurite = await startAzurite();
  jpeg = await photo({ width: 64, height: 64 });
});
afterAll(() => azurite.close());

let site: Site;
let other: Member;
let proxy: StorageProxy;
let zombie: WorkerProcess | undefined;
beforeEach(async () => {
  site = await startSite(azurite.connectionString);
  other = await site.join();
  proxy = await site.proxy();
});
afterEach(async () => {
  await zombie?.close();
  await site.close();
});

const NAME = 'image.jpg';

/** Longer than a claim lives. */
const LATER_MS = 60_000;

/** When the process asks for it: falls asleep, is outlived, wakes up. */
function sleepThrough(others: () => Promise<unknown>): () => Promise<unknown> {
  return onlyOnce(async () => {
    zombie?.kill('SIGSTOP');
    await others();
    zombie?.kill('SIGCONT');
  });
}

async function workWithZombie(): Promise<void> {
  zombie = startWorkerProcess(site.settings(proxy.connectionString));
  await until('no message is left', () => isQuiet(other));
}

/** What it asked for in order to change something, and how that was answered. */
const writes = () =>
  proxy.exchanges
    .map(({ label, status }) => `${label} ${status}`)
    .filter((exchange) => /^(PUT|DELETE) (analysis|prompt|error)/.test(exchange));

test('P5: who slept through its claim during the paid call writes neither the analysis nor the prompt', async () => {
  const etag = await site.drop(NAME, jpeg);
  await send(site, NAME, etag);
  site.meanwhile = sleepThrough(async () => {
    other.proxy.later = LATER_MS;
    await send(site, NAME, etag);
    await workOnce(other);
  });
  await workWithZombie();
  expect(writes()).toEqual(['PUT analysis 412', 'PUT prompt 409']);
  expect(await site.stored(NAME)).toEqual({ prompt: etag, error: null });
  expect(site.paid).toBe(2);
});

test('P5: who slept while its image was overwritten and described does not bring back what it showed before', async () => {
  const older = await site.drop(NAME, jpeg);
  await send(site, NAME, older);
  let newer = '';
  const sleep = sleepThrough(async () => {
    newer = await site.drop(NAME, Buffer.concat([jpeg, Buffer.from('newer')]));
    await send(site, NAME, newer);
    await workOnce(other);
  });
  proxy.intercept = async ({ label }, pass) => {
    if (label === 'PUT prompt') await sleep();
    return pass();
  };
  await workWithZombie();
  expect(writes()).toEqual(['PUT analysis 201', 'PUT prompt 409']);
  expect(await site.stored(NAME)).toEqual({ prompt: newer, error: null });
  expect(site.paid).toBe(2);
});
