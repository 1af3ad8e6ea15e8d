import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Hono } from 'hono';
import { Admission, shedLoad } from '../../../../core/api/guards/admission.ts';
import type { ApiEnv } from '../../../../core/api/options.ts';
import { FailedError } from '../../../../core/errors.ts';

let end: AbortController;
let signal: AbortSignal;
beforeEach(() => {
  end = new AbortController();
  signal = end.signal;
});
// Nobody waits any more.
afterEach(() => end.abort());

const LIMITS = { requests: 2, bytes: 100, waiting: 2, waitMs: 60_000 };
/** What became of a request, as far as that is known by now. */
async function stateOf(entered: Promise<unknown>): Promise<unknown> {
  const error = (thrown: unknown) => (thrown instanceof FailedError ? thrown.code : thrown);
  return Promise.race([
    entered.then(() => 'in', error),
    Promise.resolve().then(() => new Promise((r) => setImmediate(r, 'waiting'))),
  ]);
}

describe('admission', () => {
  test('lets in so many requests, lets the next few wait, and turns others away', async () => {
    const admission = new Admission(LIMITS);
    const entered = Array.from({ length: 5 }, () => admission.enter({ bytes: 10, client: 'one', signal }));
    expect(await Promise.all(entered.map(stateOf))).toEqual(['in', 'in', 'waiting', 'waiting', 'busy']);
  });

  test('lets in who waited longest when another one ends', async () => {
    const admission = new Admission(LIMITS);
    const entered = Array.from({ length: 4 }, () => admission.enter({ bytes: 10, client: 'one', signal }));
    const leave = await entered[0];
    leave?.();
    expect(await Promise.all(entered.map(stateOf))).toEqual(['in', 'in', 'in', 'waiting']);
  });

  test('counts the bytes that requests may hold, and nobody overtakes a large one', async () => {
    const admission = new Admission(LIMITS);
    const small = await admission.enter({ bytes: 40, client: 'one', signal });
    const large = admission.enter({ bytes: 80, client: 'one', signal });
    const next = admission.enter({ bytes: 10, client: 'one', signal });
    expect(await Promise.all([large, next].map(stateOf))).toEqual(['waiting', 'waiting']);
    small();
    expect(await Promise.all([large, next].map(stateOf))).toEqual(['in', 'in']);
  });

  test('says busy to who has waited too long, and goes on with those behind', async () => {
    const admission = new Admission({ ...LIMITS, waitMs: 20 });
    await admission.enter({ bytes: 60, client: 'one', signal });
    const large = admission.enter({ bytes: 80, client: 'one', signal });
    await expect(large).rejects.toMatchObject({ code: 'busy', headers: { 'retry-after': '2' } });
    expect(await stateOf(admission.enter({ bytes: 10, client: 'one', signal }))).toBe('in');
  });

  test('forgets who goes away while waiting', async () => {
    const admission = new Admission(LIMITS);
    await admission.enter({ bytes: 60, client: 'one', signal });
    const gone = new AbortController();
    const large = admission.enter({ bytes: 80, client: 'one', signal: gone.signal });
    const behind = admission.enter({ bytes: 10, client: 'one', signal });
    gone.abort();
    expect(await Promise.all([large, behind].map(stateOf))).toEqual(['busy', 'in']);
  });
});

describe('admission of several clients', () => {
  const limits = { requests: 2, bytes: 100, waiting: 3, waitMs: 60_000 };
  const enter = (admission: Admission, client: string) => admission.enter({ bytes: 10, client, signal });

  test('gives the next place to who has fewest, and otherwise to who came first', async () => {
    const admission = new Admission(limits);
    const greedy = Array.from({ length: 4 }, () => enter(admission, 'greedy'));
    const modest = enter(admission, 'modest');
    expect(await Promise.all([...greedy, modest].map(stateOf))).toEqual([
      ...['in', 'in', 'waiting', 'waiting', 'waiting'],
    ]);
    (await greedy[0])?.();
    expect(await Promise.all([...greedy, modest].map(stateOf))).toEqual([
      ...['in', 'in', 'waiting', 'waiting', 'in'],
    ]);
    (await greedy[1])?.();
    expect(await Promise.all([greedy[2], greedy[3]].map((each) => each && stateOf(each)))).toEqual([
      ...['in', 'waiting'],
    ]);
  });

  test('takes the room to wait from who has most of it', async () => {
    const admission = new Admission(limits);
    const greedy = Array.from({ length: 5 }, () => enter(admission, 'greedy'));
    const modest = [enter(admission, 'modest'), enter(admission, 'modest')];
    expect(await Promise.all([...greedy, ...modest].map(stateOf))).toEqual([
      ...['in', 'in', 'waiting', 'waiting', 'busy', 'waiting', 'busy'],
    ]);
    expect(await stateOf(enter(admission, 'greedy'))).toBe('busy');
    expect(await stateOf(enter(admission, 'third'))).toBe('waiting');
  });

  test('leaves all of it to a client that is alone', async () => {
    const admission = new Admission(limits);
    const alone = Array.from({ length: 6 }, () => enter(admission, 'alone'));
    expect(await Promise.all(alone.map(stateOf))).toEqual([
      ...['in', 'in', 'waiting', 'waiting', 'waiting', 'busy'],
    ]);
  });
});

test('A client is told apart by its address where it has no key', async () => {
  const app = new Hono<ApiEnv>();
  app.use(shedLoad(new Admission({ ...LIMITS, requests: 1 }), { maxBytes: 60, trustedProxies: 1 }));
  const release = Promise.withResolvers<void>();
  app.onError((error, c) => c.text(error instanceof FailedError ? error.code : 'other', 429));
  app.post('/', async (c) => {
    await release.promise;
    return c.text('done');
  });
  const post = (client: string) =>
    app.request('/', { method: 'POST', headers: { 'x-forwarded-for': client } });
  const greedy = [post('203.0.113.1'), post('203.0.113.1'), post('203.0.113.1')];
  const modest = post('203.0.113.2');
  expect(await (await greedy[2])?.text()).toBe('busy');
  release.resolve();
  const others = await Promise.all([greedy[0], greedy[1], modest]);
  expect(await Promise.all(others.map((answer) => answer?.text()))).toEqual(['done', 'done', 'done']);
});

describe('a request for an image', () => {
  let reads = 0;
  const release: (() => void)[] = [];
  const admission = new Admission({ ...LIMITS, waiting: 0 });
  const app = new Hono<ApiEnv>();
  beforeAll(() => {
    app.use(shedLoad(admission, { maxBytes: 60, trustedProxies: 0 }));
    app.post('/', async (c) => {
      await new Promise<void>((resolve) => release.push(resolve));
      return c.text('done');
    });
    app.post('/fault', () => {
      throw new Error('fault');
    });
    app.onError((error, c) =>
      error instanceof FailedError ? c.text(error.code, 429) : c.text('fault', 500),
    );
  });
  const post = (length: string, path = '/') => {
    const body = new ReadableStream(
      {
        pull(controller) {
          reads++;
          controller.close();
        },
      },
      { highWaterMark: 0 },
    );
    const headers = length === '' ? {} : { 'content-length': length };
    return app.fetch(
      new Request(`http://localhost${path}`, {
        method: 'POST',
        body,
        headers,
        duplex: 'half',
      } as RequestInit),
    );
  };

  test('is turned away before its body is read, and let in when there is room again', async () => {
    // One that does not say how much it brings counts as the largest.
    const running = post('');
    const refused = await post('50');
    expect([refused.status, await refused.text(), reads]).toEqual([429, 'busy', 0]);
    for (const end of release) end();
    expect((await running).status).toBe(200);
    const faulty = await post('50', '/fault');
    expect([faulty.status, (await post('50', '/fault')).status]).toEqual([500, 500]);
  });
});
