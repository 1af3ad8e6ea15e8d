import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { fail } from '../faults/vision-behaviour.ts';
import { startVisionServer, type VisionServer } from '../faults/vision-server.ts';
import { recordTelemetry } from './recorded-telemetry.ts';
import { guarded } from './vision/guard/guarded.ts';

const provider = { 'vision.provider': 'azure-vision' };

let server: VisionServer;
let recorded: ReturnType<typeof recordTelemetry>;
beforeEach(async () => {
  server = await startVisionServer();
  recorded = recordTelemetry();
});
afterEach(async () => {
  recorded.stop();
  await server.close();
});

const outcomes = (name: string) =>
  recorded.counts.filter((count) => count.name === name).map(({ attributes }) => attributes);

describe('An analysis', () => {
  test('is one span over all its tries, and each call is counted by provider and outcome', async () => {
    server.script(fail(503, 'Busy'), fail(429, '429'));
    await guarded({ server }).outcome();
    expect(recorded.spans).toEqual([
      {
        name: 'vision.analyze',
        attributes: { ...provider, 'vision.outcome': 'ok', 'vision.attempts': 3 },
        status: null,
        isEnded: true,
      },
    ]);
    expect(outcomes('vision.calls')).toEqual([
      { ...provider, 'vision.outcome': 'vision-unavailable' },
      { ...provider, 'vision.outcome': 'vision-throttled' },
      { ...provider, 'vision.outcome': 'ok' },
    ]);
  });

  test('that is refused is no error of the program; one that fails is', async () => {
    const { outcome } = guarded({ server });
    server.script(fail(400, 'InvalidImageSize'), ...Array.from({ length: 3 }, () => fail(500, 'Broken')));
    await outcome();
    await outcome();
    expect(recorded.spans).toMatchObject([
      { attributes: { 'vision.outcome': 'vision-rejected', 'vision.attempts': 1 }, status: null },
      {
        attributes: { 'vision.outcome': 'vision-unavailable', 'vision.attempts': 3 },
        status: { code: 2, message: 'vision-unavailable' },
      },
    ]);
  });

  test('that is deferred is counted by its reason, and no call is', async () => {
    server.script(fail(429, '429', { 'retry-after': '600' }));
    const { outcome } = guarded({ server });
    await outcome();
    await outcome();
    expect(outcomes('vision.deferred')).toEqual(
      Array(2).fill({ ...provider, 'vision.outcome': 'vision-throttled' }),
    );
    expect(outcomes('vision.calls')).toHaveLength(1);
    expect(recorded.spans.at(-1)).toMatchObject({ attributes: { 'vision.attempts': 0 }, status: null });
  });

  test('that nobody waits for any more is told apart', async () => {
    const { analyze } = guarded({ server });
    await expect(analyze(AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
    expect(recorded.spans).toMatchObject([{ attributes: { 'vision.outcome': 'aborted' }, isEnded: true }]);
  });
});

test('V12: the state of the breaker can be read at any time', async () => {
  const { outcome, clock } = guarded({ server });
  const state = () => recorded.gauge('vision.breaker');
  expect(state()).toEqual([{ value: 0, attributes: provider }]);
  server.script(...Array.from({ length: 5 }, () => fail(503, 'Down')));
  await outcome();
  await outcome();
  expect(state()).toEqual([{ value: 2, attributes: provider }]);
  let during: unknown;
  server.script((...exchange) => {
    during = state();
    fail(400, 'InvalidImageSize')(...exchange);
  });
  clock.advance(30_000);
  await outcome();
  expect(during).toEqual([{ value: 1, attributes: provider }]);
  expect(state()).toEqual([{ value: 0, attributes: provider }]);
});
