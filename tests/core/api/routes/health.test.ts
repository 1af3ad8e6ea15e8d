import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createHealth } from '../../../../core/api/routes/health.ts';
import { AzureQueue, connectQueues } from '../../../../core/queue/azure-queue.ts';
import { AzureBlobs, connectStorage } from '../../../../core/store/azure-blobs.ts';
import { freePort, startAzurite } from '../../../azurite.ts';
import { type SilentServer, startSilentServer } from '../../../faults/silent-server.ts';

type Places = Parameters<typeof createHealth>[0];

const WELL = { images: 'ok', state: 'ok', queue: 'ok', temp: 'ok', disk: 'ok', vision: 'ok' };

let azurite: Awaited<ReturnType<typeof startAzurite>>;
let silent: SilentServer;
let well: Places;
let folder: string;

beforeAll(async () => {
  azurite = await startAzurite();
  silent = await startSilentServer();
  well = await placesAt(azurite.connectionString);
  await Promise.all([well.blobs, well.state].map((place) => (place as AzureBlobs).create()));
});
afterAll(async () => {
  await silent.close();
  await azurite.close();
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'health-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function placesAt(connectionString: string): Promise<Places> {
  const service = await connectStorage({ connectionString });
  const queues = connectQueues({ connectionString });
  return {
    blobs: new AzureBlobs(service.getContainerClient('images')),
    state: new AzureBlobs(service.getContainerClient('state')),
    events: new AzureQueue(queues.getQueueClient('events')),
  };
}

/** The same account, where its services are not. */
const elsewhere = (port: number) =>
  placesAt(azurite.connectionString.replaceAll(/127\.0\.0\.1:\d+/g, `127.0.0.1:${port}`));

function health(places: Places, limits: { minFreeBytes?: number; checkMs?: number } = {}, now = () => 0) {
  return createHealth(places, now, { folder, minFreeBytes: 0, checkMs: 60_000, ...limits });
}

describe('the health', () => {
  test('is well where all is', async () => {
    expect(await health(well)()).toEqual({ status: 'ok', checks: WELL });
  });

  test.each([
    ['images', 'blobs'],
    ['state', 'state'],
    ['queue', 'events'],
  ] as const)('fails by its %s where that cannot be reached', async (check, place) => {
    const away = await elsewhere(await freePort());
    const report = await health({ ...well, [place]: away[place] })();
    expect(report).toEqual({ status: 'failing', checks: { ...WELL, [check]: 'failing' } });
  });

  test('fails where storage says nothing, and leaves no question behind', async () => {
    const { events, ...rest } = await elsewhere(silent.port);
    const given: (AbortSignal | undefined)[] = [];
    const heard: Places['events'] = Object.assign(Object.create(events), {
      length(signal?: AbortSignal) {
        given.push(signal);
        return events.length(signal);
      },
    });
    const report = await health({ ...rest, events: heard }, { checkMs: 50 })();
    const failing = { images: 'failing', state: 'failing', queue: 'failing' };
    expect(report).toEqual({ status: 'failing', checks: { ...WELL, ...failing } });
    expect(given.map((signal) => signal?.aborted)).toEqual([true]);
  });

  test('fails by its disk where less is free than is needed', async () => {
    const report = await health(well, { minFreeBytes: Number.POSITIVE_INFINITY })();
    expect(report).toEqual({ status: 'failing', checks: { ...WELL, disk: 'failing' } });
  });

  test('is looked at again after five seconds, and not before', async () => {
    let now = 1_000;
    const ask = health(well, {}, () => now);
    expect((await ask()).status).toBe('ok');
    await rm(folder, { recursive: true });
    now += 4_999;
    expect((await ask()).status).toBe('ok');
    now += 1;
    const failing = { temp: 'failing', disk: 'failing' };
    expect(await ask()).toEqual({ status: 'failing', checks: { ...WELL, ...failing } });
  });
});
