import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readProblem } from '../../../answers.ts';
import { startAzurite } from '../../../azurite.ts';
import { hang } from '../../../faults/vision-behaviour.ts';
import { startVisionServer, type VisionServer } from '../../../faults/vision-server.ts';
import { photo } from '../../../fixtures/images/photo.ts';
import { OWN_HOSTS, type RunningHost } from '../../../hosts.ts';
import { until } from '../../../until.ts';

let azurite: Awaited<ReturnType<typeof startAzurite>>;
let vision: VisionServer;
beforeAll(async () => {
  azurite = await startAzurite();
  vision = await startVisionServer();
});
afterAll(async () => {
  await vision.close();
  await azurite.close();
});

let seeds = 0;
const newPhoto = async () => new Uint8Array(await photo({ width: 160, height: 120, seed: ++seeds }));

// The host of Functions tells nobody that a client went away.
const TOLD_HOSTS = OWN_HOSTS.filter(({ host }) => !host.includes('Functions'));

describe.each(TOLD_HOSTS)('H29: an Idempotency-Key on $host', ({ host, start }) => {
  const begin = () =>
    start({
      STORAGE: azurite.connectionString,
      VISION_PROVIDER: 'azure-vision',
      VISION_ENDPOINT: vision.endpoint,
      VISION_KEY: vision.key,
      VISION_TPS: '1000',
    });
  const post = (to: RunningHost, key: string, body: Uint8Array<ArrayBuffer>, init: RequestInit = {}) =>
    to.fetch('/api/prompts', {
      ...{ method: 'POST', body, ...init },
      headers: { 'idempotency-key': `${key} of ${host}`, ...init.headers },
    });

  // What a platform gives as the reason is an error with some, and with others is none.
  test.each([
    ['without a word', undefined],
    ['with an error', new Error('gone')],
  ])('of a client that went away %s is free for its next try', async (how, reason) => {
    const running = await begin();
    const body = await newPhoto();
    const before = vision.calls;
    vision.script(hang());
    const client = new AbortController();
    const leaving = post(running, how, body, { signal: client.signal }).catch(() => null);
    await until('a call', () => vision.calls > before);
    client.abort(reason);
    await leaving;
    const again = await whenNothingRuns(() => post(running, how, body));
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([200, null]);
    await running.close();
  });

  test('is one for all servers of a storage', async () => {
    const servers = [await begin(), await begin()];
    const body = await newPhoto();
    const asked = Array.from({ length: 12 }, (_, number) => servers[number % 2]);
    const answers = await Promise.all(asked.map(async (server) => server && post(server, 'both', body)));
    const own = answers.filter((each) => each?.status === 200 && !each.headers.has('idempotency-replayed'));
    expect(own).toHaveLength(1);
    const [first] = await Promise.all(own.map((each) => each?.text()));
    for (const server of servers) expect(await (await post(server, 'both', body)).text()).toBe(first);
    for (const server of servers) await server.close();
  });

  test('is refused for the same bytes as another type', async () => {
    const running = await begin();
    const body = new Uint8Array(Buffer.from('{"blob":"none.jpg"}'));
    const asWhat = (type: string) => post(running, 'type', body, { headers: { 'content-type': type } });
    expect((await asWhat('image/jpeg')).status).toBe(415);
    const other = await asWhat('application/json');
    expect([other.status, (await readProblem(other)).code]).toEqual([422, 'idempotency-mismatch']);
    await running.close();
  });
});

const whenNothingRuns = (ask: () => Promise<Response>) =>
  until('nothing runs under the key', async () => {
    const answer = await ask();
    if (answer.status !== 409) return answer;
    await answer.body?.cancel();
    return null;
  });
