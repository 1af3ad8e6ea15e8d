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
    const entered = Array.from({ length: 5 }, () => admission.enter(10, signal));
    expect(await Promise.all(entered.map(stateOf))).toEqual(['in', 'in', 'waiting', 'waiting', 'busy']);
  });

  test('lets in who waited longest when another one ends', async () => {
    const admission = new Admission(LIMITS);
    const entered = Array.from({ length: 4 }, () => admission.enter(10, signal));
    const leave = await entered[0];
    leave?.();
    expect(await Promise.all(entered.map(stateOf))).toEqual(['in', 'in', 'in', 'waiting']);
  });

  test('counts the bytes that requests may hold, and nobody overtakes a large one', async () => {
    const admission = new Admission(LIMITS);
    const small = await admission.enter(40, signal);
    const large = admission.enter(80, signal);
    const next = admission.enter(10, signal);
    expect(await Promise.all([large, next].map(stateOf))).toEqual(['waiting', 'waiting']);
    small();
    expect(await Promise.all([large, next].map(stateOf))).toEqual(['in', 'in']);
  });

  test('says busy to who has waited too long, and goes on with those behind', async () => {
    const admission = new Admission({ ...LIMITS, waitMs: 20 });
    await admission.enter(60, signal);
    const large = admission.enter(80, signal);
    await expect(large).rejects.toMatchObject({ code: 'busy', headers: { 'retry-after': '2' } });
    expect(await stateOf(admission.enter(10, signal))).toBe('in');
  });

  test('forgets who goes away while waiting', async () => {
    const admission = new Admission(LIMITS);
    await admission.enter(60, signal);
    const gone = new AbortController();
    const large = admission.enter(80, gone.signal);
    const behind = admission.enter(10, signal);
    gone.abort();
    expect(await Promise.all([large, behind].map(stateOf))).toEqual(['busy', 'in']);
  });
});

describe('a request for an image', () => {
  let reads = 0;
  const release: (() => void)[] = [];
  const admission = new Admission({ ...LIMITS, waiting: 0 });
  const app = new Hono<ApiEnv>();
  beforeAll(() => {
    app.use(shedLoad(admission, 60));
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
