import type { ServerResponse } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startAzurite } from '../../../azurite.ts';
import { answer } from '../../../faults/vision-behaviour.ts';
import type { VisionRequest } from '../../../faults/vision-request.ts';
import { startVisionServer, type VisionServer } from '../../../faults/vision-server.ts';
import { photo } from '../../../fixtures/images/photo.ts';
import { HOSTS, type RunningHost } from '../../../hosts.ts';

/** The most that are waited for at once. */
const IMAGES = 256;

let azurite: Awaited<ReturnType<typeof startAzurite>>;
let server: VisionServer;
let app: RunningHost;
/** Answers that are held back, as by a service that takes ten seconds for each. */
const held: [VisionRequest, ServerResponse][] = [];

beforeAll(async () => {
  azurite = await startAzurite();
  server = await startVisionServer({ behaviour: (...exchange) => void held.push(exchange) });
  const [host] = HOSTS;
  if (host === undefined) throw new Error('there is no host');
  app = await host.start({
    STORAGE: azurite.connectionString,
    VISION_PROVIDER: 'azure-vision',
    VISION_ENDPOINT: server.endpoint,
    VISION_KEY: server.key,
    VISION_TPS: '1000',
    VISION_MAX_SIDE: '256',
    AUTH: 'none',
  });
});
afterAll(async () => {
  await server.close();
  await azurite.close();
});

test('V13: while every call takes long, a bounded number of images waits, the others are deferred, health is green', async () => {
  const body = new Uint8Array(await photo({ width: 96, height: 64 }));
  let posted = 0;
  const post = () => {
    // What follows the end of a JPEG makes it another content, for which a call of its own is paid.
    const content = Buffer.concat([body, Buffer.from(`${posted++}`)]);
    return app.fetch('/api/prompts?target=plain', { method: 'POST', body: content });
  };
  const deadline = AbortSignal.timeout(60_000);
  let refused = 0;
  const posts = Array.from({ length: IMAGES + 44 }, async () => {
    const answered = await post();
    if (answered.status === 503) refused++;
    return answered;
  });
  while (held.length < IMAGES || refused < 44) {
    deadline.throwIfAborted();
    await turn();
  }
  expect((await app.fetch('/api/health')).status).toBe(200);
  const late = await post();
  expect(late.status).toBe(503);
  expect(late.headers.get('retry-after')).toMatch(/^[1-9]\d?$/);
  expect(await late.json()).toMatchObject({ code: 'vision-busy' });

  for (const exchange of held.splice(0)) answer()(...exchange);
  const statuses = (await Promise.all(posts)).map(({ status }) => status);
  expect(statuses.filter((status) => status === 200)).toHaveLength(IMAGES);
  expect(statuses.filter((status) => status === 503)).toHaveLength(44);
  expect(server.calls).toBe(IMAGES);
}, 90_000);
