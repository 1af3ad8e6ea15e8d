import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { fail } from '../../../faults/vision-behaviour.ts';
import { startVisionServer, type VisionServer } from '../../../faults/vision-server.ts';
import { guarded } from './guarded.ts';

let server: VisionServer;
beforeEach(async () => {
  server = await startVisionServer();
});
afterEach(() => server.close());

describe('A service that is down', () => {
  const fiveTimes = () => Array.from({ length: 5 }, () => fail(503, 'Down'));

  test('V12: is left alone after five failures, then asked once, and used again when that works', async () => {
    server.script(...fiveTimes());
    const { outcome, clock } = guarded({ server });
    expect(await outcome()).toMatchObject({ code: 'vision-unavailable', calls: 3 });
    expect(await outcome()).toMatchObject({ code: 'vision-unavailable', calls: 2 });
    const until = new Date(clock.now() + 30_000);
    const deferred = { code: 'vision-circuit-open', calls: 0, ms: 0, error: { until } };
    for (let i = 0; i < 10; i++) expect(await outcome()).toMatchObject(deferred);
    clock.advance(30_000);
    expect(await outcome()).toMatchObject({ code: 'ok', calls: 1 });
    expect(await outcome()).toMatchObject({ code: 'ok', calls: 1 });
  });

  test('V12: is asked by one of a hundred images that come back at once', async () => {
    server.script(...fiveTimes(), fail(503, 'Down'));
    const { outcome, analyze, settle, clock } = guarded({ server });
    await outcome();
    await outcome();
    clock.advance(30_000);
    const before = server.calls;
    const results = await settle(Promise.allSettled(Array.from({ length: 100 }, () => analyze())));
    const codes = results.map((result) => (result.status === 'rejected' ? result.reason.code : 'ok'));
    expect(codes.filter((code) => code === 'vision-unavailable')).toHaveLength(1);
    expect(codes.filter((code) => code === 'vision-circuit-open')).toHaveLength(99);
    expect(server.calls - before).toBe(1);
  });

  test('V12: is not what throttling or refusing looks like', async () => {
    const { outcome } = guarded({ server });
    for (let i = 0; i < 5; i++) {
      server.script(...Array.from({ length: 3 }, () => fail(429, '429')), fail(400, 'InvalidImageSize'));
      expect(await outcome()).toMatchObject({ code: 'vision-throttled', calls: 3 });
      expect(await outcome()).toMatchObject({ code: 'vision-rejected', calls: 1 });
    }
    expect(await outcome()).toMatchObject({ code: 'ok', calls: 1 });
  });
});
