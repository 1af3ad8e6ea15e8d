import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parseConfig } from '../../../../core/config.ts';
import type { DescribeSettings } from '../../../../core/describe/describe-bytes.ts';
import { createLog } from '../../../../core/log.ts';
import { createProgram } from '../../../../core/program.ts';
import { startAzurite } from '../../../azurite.ts';
import { answer } from '../../../faults/vision-behaviour.ts';
import type { VisionRequest } from '../../../faults/vision-request.ts';
import { startVisionServer, type VisionServer } from '../../../faults/vision-server.ts';
import { photo } from '../../../fixtures/images/photo.ts';
import { HOSTS, type RunningHost } from '../../../hosts.ts';
import { until } from '../../../until.ts';
import { picture } from '../picture.ts';

/** The most that are waited for at once. */
const IMAGES = 256;

let azurite: Awaited<ReturnType<typeof startAzurite>>;
let server: VisionServer;
let app: RunningHost;
let settings: DescribeSettings;
const { signal } = new AbortController();
/** Answers that are held back, as by a service that takes ten seconds for each. */
const held: [VisionRequest, ServerResponse][] = [];

beforeAll(async () => {
  azurite = await startAzurite();
  server = await startVisionServer({ behaviour: (...exchange) => void held.push(exchange) });
  const [host] = HOSTS;
  if (host === undefined) throw new Error('there is no host');
  const env = {
    STORAGE: azurite.connectionString,
    VISION_PROVIDER: 'azure-vision',
    VISION_ENDPOINT: server.endpoint,
    VISION_KEY: server.key,
    VISION_TPS: '1000',
    VISION_MAX_SIDE: '256',
    AUTH: 'none',
  };
  app = await host.start(env);
  const { connectionString } = azurite;
  ({ settings } = await createProgram(parseConfig(env), { connectionString }, createLog('silent')));
});
afterAll(async () => {
  await server.close();
  await azurite.close();
});

test('V13: while every call takes long, a bounded number of images waits, the others are deferred', async () => {
  const { vision } = settings;
  const analyze = () => vision.analyze(picture(), { features: ['tags'], language: 'en', signal });
  const outcomes = Promise.allSettled(Array.from({ length: IMAGES + 44 }, analyze));
  await arrived(IMAGES);
  await expect(analyze()).rejects.toMatchObject({ code: 'vision-busy' });
  for (const exchange of held.splice(0)) answer()(...exchange);
  const rejected = (await outcomes).filter(({ status }) => status === 'rejected');
  expect(rejected).toHaveLength(44);
  expect(server.calls).toBe(IMAGES);
});

test('V13: and of the clients some are worked on, some wait, all others are turned away; health is green', async () => {
  const body = new Uint8Array(await photo({ width: 96, height: 64 }));
  const before = server.calls;
  const posts = Array.from({ length: 100 }, async (_, number) => {
    // What follows the end of a JPEG makes it another content, for which a call of its own is paid.
    const content = Buffer.concat([body, Buffer.from(`${number}`)]);
    return app.fetch('/api/prompts?target=plain', { method: 'POST', body: content });
  });
  // Their length is not told, so each is taken for the largest there may be.
  await arrived(8);
  expect((await app.fetch('/api/health')).status).toBe(200);
  const all = Promise.all(posts);
  let isOver = false;
  void all.finally(() => {
    isOver = true;
  });
  await until('all are answered', () => {
    for (const exchange of held.splice(0)) answer()(...exchange);
    return isOver;
  });
  const answers = await all;
  const done = answers.filter(({ status }) => status === 200);
  const away = answers.filter(({ status }) => status === 429);
  expect(done.length + away.length).toBe(100);
  expect(Math.min(done.length - 7, away.length)).toBeGreaterThan(0);
  expect(away.map(({ headers }) => headers.get('retry-after'))).toEqual(away.map(() => '2'));
  expect(server.calls - before).toBe(done.length);
});

/** Waits until so many calls are at the service. */
const arrived = (calls: number) => until(`${calls} calls`, () => held.length >= calls);
