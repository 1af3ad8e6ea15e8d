import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  answer,
  type Behaviour,
  fail,
  hang,
  hangMidBody,
  html,
  resetBeforeHeaders,
  resetMidBody,
  respond,
  slowBytes,
  truncatedJson,
} from '../../../faults/vision-behaviour.ts';
import { startVisionServer, type VisionServer } from '../../../faults/vision-server.ts';
import { guarded } from './guarded.ts';

let server: VisionServer;
beforeEach(async () => {
  server = await startVisionServer();
});
afterEach(() => server.close());

const throttle = (retryAfter?: string) =>
  fail(429, '429', retryAfter === undefined ? {} : { 'retry-after': retryAfter });
/** Later than the start of the simulated clock. */
const httpDate = (seconds: number) => new Date(Date.UTC(2026, 0, 1, 12, 0, seconds)).toUTCString();

describe('A service that throttles', () => {
  test('V1: is asked again after the two seconds it wants, with some jitter', async () => {
    for (const [chance, ms] of [
      [0, 2_000],
      [0.5, 2_500],
    ] as const) {
      server.script(throttle('2'));
      expect(await guarded({ server, chance }).outcome()).toMatchObject({ code: 'ok', calls: 2, ms });
    }
  });

  test('V1: that wants more time than there is defers the image, and the others without asking', async () => {
    server.script(throttle('60'));
    const { outcome, clock, settle, analyze } = guarded({ server });
    const until = new Date(clock.now() + 60_000);
    expect(await outcome()).toMatchObject({ code: 'vision-throttled', error: { until }, calls: 1, ms: 0 });
    expect(await outcome()).toMatchObject({ code: 'vision-throttled', error: { until }, calls: 0, ms: 0 });
    clock.advance(60_000);
    await settle(analyze());
  });

  test('V1: and holds off every image that waits, not only the one it answered', async () => {
    server.script(throttle('2'));
    const { outcome, analyze, settle, elapsed } = guarded({ server, callsPerSecond: 1 });
    const before = server.calls;
    const others = [analyze(), analyze()];
    await outcome();
    await settle(Promise.all(others));
    expect(server.calls - before).toBe(4);
    // The first call at 0, and after the pause three at one a second.
    expect(elapsed()).toBe(2_000 + 2 * 1_050);
  });

  const rows: [string, Behaviour, object][] = [
    ['a date three seconds ahead', throttle(httpDate(3)), { code: 'ok', calls: 2, ms: 3_500 }],
    ['a date that has passed', throttle(httpDate(-5)), { code: 'ok', calls: 2, ms: 500 }],
    ['a date that is none', throttle('Wed, 99 Foo'), { code: 'ok', calls: 2, ms: 500 }],
    ['0', throttle('0'), { code: 'ok', calls: 2, ms: 500 }],
    ['-1', throttle('-1'), { code: 'ok', calls: 2, ms: 500 }],
    ['nothing', throttle(), { code: 'ok', calls: 2, ms: 500 }],
    [
      'one second, but in its message',
      respond(429, { error: { code: '429', message: 'Please retry after 1 second.' } }),
      { code: 'ok', calls: 2, ms: 1_500 },
    ],
    ['3600', throttle('3600'), { code: 'vision-throttled', calls: 1, ms: 0, hours: 1 }],
    ['1000000000000', throttle('1000000000000'), { code: 'vision-throttled', calls: 1, ms: 0, hours: 1 }],
    ['1e12', throttle('1e12'), { code: 'vision-throttled', calls: 1, ms: 0, hours: 1 }],
  ];
  test.each(rows)('V2: and says %s', async (_name, behaviour, { hours, ...expected }: { hours?: number }) => {
    server.script(behaviour);
    const { outcome, clock } = guarded({ server, chance: 0.5 });
    const until = new Date(clock.now() + (hours ?? 0) * 3_600_000 + 500);
    expect(await outcome()).toMatchObject({ ...expected, ...(hours && { error: { until } }) });
  });

  test('V2: three times and never says for how long is left alone for half a minute', async () => {
    server.script(throttle(), throttle(), throttle());
    const { outcome, clock } = guarded({ server, chance: 0.5 });
    const { error, ...rest } = await outcome();
    expect(rest).toEqual({ code: 'vision-throttled', calls: 3, ms: 500 + 1_000 });
    expect(error.until).toEqual(new Date(clock.now() + 30_000));
  });
});

describe('A service that fails', () => {
  test.each([500, 502, 503, 504, 408])(
    'V3: with %d is tried three times, with full jitter',
    async (status) => {
      const expected = { code: 'vision-unavailable', calls: 3, error: { kind: { status: 502 } } };
      for (const [chance, ms] of [
        [0, 0],
        [0.5, 1_500],
        [0.9, 2_700],
      ] as const) {
        server.script(fail(status, 'Broken'), html(status), fail(status, 'Broken'));
        expect(await guarded({ server, chance }).outcome()).toMatchObject({ ...expected, ms });
      }
    },
  );

  test('V3: twice and then works has cost three calls', async () => {
    server.script(fail(503, 'Busy'), fail(500, 'Broken'));
    expect(await guarded({ server }).outcome()).toMatchObject({ code: 'ok', calls: 3 });
  });

  test('V3: and says when it will be back is asked then', async () => {
    server.script(fail(503, 'Busy', { 'retry-after': '7' }));
    expect(await guarded({ server }).outcome()).toMatchObject({ code: 'ok', calls: 2, ms: 7_000 });
    server.script(fail(503, 'Busy', { 'retry-after': '300' }));
    expect(await guarded({ server }).outcome()).toMatchObject({
      code: 'vision-unavailable',
      calls: 1,
      ms: 0,
    });
  });

  test.each([
    ['InvalidImageSize', fail(400, 'InvalidImageSize')],
    ['InvalidRequest without innererror', fail(400, 'InvalidRequest')],
    ['UnsupportedMediaType', fail(415, 'UnsupportedMediaType')],
  ])('V4: because of the image, with %s, is asked once', async (_name, behaviour) => {
    server.script(behaviour);
    expect(await guarded({ server }).outcome()).toMatchObject({ code: 'vision-rejected', calls: 1, ms: 0 });
  });

  test.each([401, 403])('V5: with %d is asked once where the key cannot be read anew', async (status) => {
    server.script(fail(status, `${status}`));
    const expected = { code: 'vision-auth', calls: 1, ms: 0, error: { kind: { status: 503, report: true } } };
    expect(await guarded({ server }).outcome()).toMatchObject(expected);
  });

  test('V5: because its key was changed is asked once more, with the new one', async () => {
    let key = 'the old one';
    const refreshCredential = async () => {
      key = server.key;
    };
    const outcome = await guarded({ server, key: () => key, refreshCredential }).outcome();
    expect(outcome).toMatchObject({ code: 'ok', calls: 2, ms: 0 });
  });

  test('V5: because the new key is wrong, too, is asked twice and no more', async () => {
    let refreshed = 0;
    const refreshCredential = async () => {
      refreshed++;
    };
    const outcome = await guarded({ server, key: () => 'wrong', refreshCredential }).outcome();
    expect({ ...outcome, refreshed }).toMatchObject({ code: 'vision-auth', calls: 2, refreshed: 1 });
  });

  test('V5: and a vault that fails, too, is a matter of credentials', async () => {
    const cause = new Error('no vault');
    const refreshCredential = () => Promise.reject(cause);
    const outcome = await guarded({ server, key: () => 'wrong', refreshCredential }).outcome();
    expect(outcome).toMatchObject({ code: 'vision-auth', calls: 1, error: { cause } });
  });

  test.each([
    ['before its answer', hang()],
    ['within its answer', hangMidBody()],
    ['at a byte a second', slowBytes(1_000)],
  ])('V6: by hanging %s is given up after thirty seconds, twice', async (_name, behaviour) => {
    server.script(behaviour, behaviour);
    const { analyze, clock, elapsed, settle } = guarded({ server });
    let arrival = server.arrival();
    const analysis = expect(analyze()).rejects.toMatchObject({
      code: 'vision-timeout',
      kind: { status: 504 },
    });
    await arrival;
    arrival = server.arrival();
    clock.advance(30_000);
    await settle(arrival);
    clock.advance(30_000);
    await analysis;
    expect([server.calls, elapsed()]).toEqual([2, 60_000]);
  });

  test.each([
    ['before its answer', resetBeforeHeaders()],
    ['within its answer', resetMidBody()],
  ])('V7: by closing the connection %s is tried again', async (_name, behaviour) => {
    server.script(behaviour);
    expect(await guarded({ server }).outcome()).toMatchObject({ code: 'ok', calls: 2 });
    server.script(behaviour, behaviour, behaviour);
    expect(await guarded({ server }).outcome()).toMatchObject({ code: 'vision-unavailable', calls: 3 });
  });

  test.each([
    ['HTML', html()],
    ['nothing', respond(200, '')],
    ['half of its JSON', truncatedJson()],
    ['the wrong shape', respond(200, { modelVersion: 1 })],
  ])(
    'V8: by answering %s is not asked again: that answer may have been paid for',
    async (_name, behaviour) => {
      server.script(behaviour);
      expect(await guarded({ server }).outcome()).toMatchObject({ code: 'vision-bad-response', calls: 1 });
    },
  );
});

describe('An image', () => {
  test('whose caller goes away ends with the reason of the caller, and no further call', async () => {
    const { analyze } = guarded({ server, chance: 0.5 });
    const caller = new AbortController();
    const reason = new Error('the client went away');
    server.script(fail(503, 'Busy'));
    const before = server.calls;
    const arrival = server.arrival();
    const analysis = expect(analyze(caller.signal)).rejects.toBe(reason);
    await arrival;
    caller.abort(reason);
    await analysis;
    expect(server.calls - before).toBe(1);
  });

  test('that is described leaves no timer behind', async () => {
    const { outcome, clock } = guarded({ server });
    await outcome();
    expect(clock.untilNext()).toBe(Number.POSITIVE_INFINITY);
  });

  test('that needs a second request waits for its turn with that, too', async () => {
    const elsewhere = await startVisionServer({ captions: false });
    try {
      const { clock, analyze, elapsed } = guarded({ server: elsewhere, callsPerSecond: 1 });
      // The deadline of the call is far away, its turn is near.
      await clock.runUntilSettled(analyze(), () => clock.untilNext() > 10_000);
      expect([elsewhere.calls, elapsed()]).toEqual([2, 1_050]);
    } finally {
      await elsewhere.close();
    }
  });
});

test('At 20 calls a second and with 200 images waiting, the service sees at most 20 in any second and 18 on average', async () => {
  const arrivals: number[] = [];
  const { clock, analyze, settle } = guarded({ server, callsPerSecond: 20 });
  const note: Behaviour = (...exchange) => {
    arrivals.push(clock.now());
    answer()(...exchange);
  };
  server.script(...Array.from({ length: 200 }, () => note));
  await settle(Promise.all(Array.from({ length: 200 }, () => analyze())));
  expect(arrivals).toHaveLength(200);
  for (const from of arrivals) {
    const inSecond = arrivals.filter((time) => time >= from && time < from + 1_000);
    expect(inSecond.length).toBeLessThanOrEqual(20);
  }
  const [first = 0, last = 0] = [arrivals[0], arrivals.at(-1)];
  expect((200 - 20) / ((last - first) / 1_000)).toBeGreaterThanOrEqual(18);
});
