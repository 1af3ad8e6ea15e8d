import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { AzureBlobs, connectStorage } from '../../../../core/store/azure-blobs.ts';
import { errorName } from '../../../../core/store/names.ts';
import { readProblem } from '../../../answers.ts';
import { startAzurite } from '../../../azurite.ts';
import { fail } from '../../../faults/vision-behaviour.ts';
import { startVisionServer, type VisionServer } from '../../../faults/vision-server.ts';
import { photo } from '../../../fixtures/images/photo.ts';
import { HOSTS, type RunningHost } from '../../../hosts.ts';

let azurite: Awaited<ReturnType<typeof startAzurite>>;
let vision: VisionServer;
let body: Uint8Array<ArrayBuffer>;

beforeAll(async () => {
  azurite = await startAzurite();
  vision = await startVisionServer();
  body = new Uint8Array(await photo({ width: 160, height: 120 }));
});
afterAll(async () => {
  await vision.close();
  await azurite.close();
});

describe.each(HOSTS)('an image that has to wait, from $host', ({ host, start }) => {
  const running: RunningHost[] = [];
  let images: AzureBlobs;

  beforeAll(async () => {
    const number = HOSTS.findIndex((one) => one.host === host);
    const service = await connectStorage({ connectionString: azurite.connectionString });
    images = new AzureBlobs(service.getContainerClient(`deferred-${number}`));
    await new AzureBlobs(service.getContainerClient(`state-${number}`)).create();
    const settings = {
      STORAGE: azurite.connectionString,
      IMAGES_CONTAINER: images.container,
      STATE_CONTAINER: `state-${number}`,
      VISION_PROVIDER: 'azure-vision',
      VISION_ENDPOINT: vision.endpoint,
      VISION_KEY: vision.key,
    };
    running.push(await start(settings), await start({ ...settings, VISION_DAILY_LIMIT: '1' }));
  });
  afterAll(() => Promise.all(running.map((one) => one.close())));

  test('V1: is answered with 503, the reason, and the time to come back', async () => {
    const before = vision.calls;
    vision.script(fail(429, '429', { 'retry-after': '120' }));
    for (const query of ['', '?store=true&name=waiting.jpg']) {
      const answer = await running[0]?.fetch(`/api/prompts${query}`, { method: 'POST', body });
      const seconds = Number(answer?.headers.get('retry-after'));
      expect(seconds).toBeGreaterThan(60);
      expect(seconds).toBeLessThanOrEqual(121);
      expect(answer && (await readProblem(answer))).toMatchObject({ status: 503, code: 'vision-throttled' });
    }
    expect(vision.calls - before).toBe(1);
    expect(await images.head(errorName('waiting.jpg'))).toBeNull();
    expect((await running[0]?.fetch('/api/prompts/waiting.jpg'))?.status).toBe(202);
  });

  test("waits for the next day when the day's calls are spent", async () => {
    const before = vision.calls;
    const post = (sent: Uint8Array<ArrayBuffer>) =>
      running[1]?.fetch('/api/prompts', { method: 'POST', body: sent });
    expect((await post(body))?.status).toBe(200);
    const answer = await post(new Uint8Array(await photo({ width: 120, height: 160 })));
    expect(answer && (await readProblem(answer))).toMatchObject({ status: 503, code: 'vision-limit-spent' });
    expect(Number(answer?.headers.get('retry-after'))).toBeLessThanOrEqual(86_400);
    // What was paid for needs none of them.
    expect((await post(body))?.status).toBe(200);
    expect(vision.calls - before).toBe(1);
  });
});
