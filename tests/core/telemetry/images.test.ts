import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { context, metrics, propagation, trace } from '@opentelemetry/api';
import type { DescribeSettings } from '../../../core/describe/describe-bytes.ts';
import { describeImage } from '../../../core/describe/describe-image.ts';
import { DeferredError, FailedError, RefusedError } from '../../../core/errors.ts';
import { describing } from '../../../core/telemetry/spans.ts';
import { photo } from '../../fixtures/images/photo.ts';
import { startMemorySdk } from '../../telemetry/memory-sdk.ts';
import { House } from '../housekeeping/swept.ts';

let sdk: ReturnType<typeof startMemorySdk>;
let house: House;
let settings: DescribeSettings;
beforeEach(async () => {
  sdk = startMemorySdk();
  house = new House();
  settings = await house.settings();
});
afterEach(async () => {
  await sdk.stop();
  for (const api of [trace, metrics, context, propagation]) api.disable();
});

const ERROR = 2;

async function describeOne(name: string, more: Partial<DescribeSettings> = {}, signal?: AbortSignal) {
  const options = { signal: signal ?? new AbortController().signal, attempt: 1 };
  const event = { container: 'images', name };
  return describing(() => describeImage(event, house.blobs, { ...settings, ...more }, options));
}

const visionThat = (error: Error): Partial<DescribeSettings> => ({
  vision: {
    ...settings.vision,
    async analyze() {
      throw error;
    },
  },
});

const images = async () =>
  (await sdk.points('images.handled')).map(({ attributes, value }) => ({ ...attributes, value }));
const spanOfImage = () => sdk.spans().find(({ name }) => name === 'image.describe');

describe('An attempt at an image', () => {
  beforeEach(async () => {
    await house.drop('a.jpg', await photo({ width: 300, height: 200 }));
  });

  test('that gives a prompt is counted, and its parts are spans below one', async () => {
    await describeOne('a.jpg');
    expect(await images()).toEqual([{ 'image.outcome': 'done', value: 1 }]);
    const root = spanOfImage();
    expect(root).toMatchObject({ parent: null, attributes: { 'image.outcome': 'done' }, status: 0 });
    const parts = sdk.spans().filter(({ parent }) => parent === root?.id);
    expect(parts.map(({ name }) => name)).toEqual([
      ...['image.read', 'image.inspect', 'vision.analyze', 'prompt.compose', 'prompt.write'],
    ]);
  });

  test('tells how long the image waited for its prompt, by the clock of storage', async () => {
    house.clock.advance(90_000);
    await describeOne('a.jpg');
    const [waited] = await sdk.points('images.drop_to_prompt');
    expect(waited?.value).toBeGreaterThanOrEqual(90);
    expect(waited?.value).toBeLessThan(92);
  });

  test('says nothing of a wait where a prompt is there already, or is asked for again', async () => {
    await describeOne('a.jpg');
    await describeOne('a.jpg');
    const event = { container: 'images', name: 'a.jpg' };
    const { signal } = new AbortController();
    house.clock.advance(3_600_000);
    await describeImage(event, house.blobs, settings, { signal, force: true });
    const [waited] = await sdk.points('images.drop_to_prompt');
    expect(waited?.value).toBeLessThan(2);
    expect(await images()).toEqual([{ 'image.outcome': 'done', value: 3 }]);
  });

  test('that is refused is an answer, and no error', async () => {
    await house.drop('b.jpg', Buffer.from('no image'));
    await describeOne('b.jpg');
    const refused = { 'image.outcome': 'refused', 'problem.code': 'unsupported-image' };
    expect(await images()).toEqual([{ ...refused, value: 1 }]);
    expect(spanOfImage()).toMatchObject({ attributes: refused, status: 0 });
    const inspected = sdk.spans().find(({ name }) => name === 'image.inspect');
    expect(inspected).toMatchObject({ attributes: { 'problem.code': 'unsupported-image' }, status: 0 });
    expect(sdk.spans().map(({ name }) => name)).toContain('prompt.write');
  });

  test('that is deferred is no error either', async () => {
    await describeOne('a.jpg', visionThat(new DeferredError('vision-limit-spent', new Date())));
    const deferred = { 'image.outcome': 'deferred', 'problem.code': 'vision-limit-spent' };
    expect(await images()).toEqual([{ ...deferred, value: 1 }]);
    expect(spanOfImage()).toMatchObject({ attributes: deferred, status: 0 });
  });

  test('that fails is an error, by its code alone', async () => {
    const cause = new Error('https://vision.example/?sig=a-secret');
    await describeOne('a.jpg', visionThat(new FailedError('vision-unavailable', { cause })));
    const failed = { 'image.outcome': 'failed', 'problem.code': 'vision-unavailable' };
    expect(await images()).toEqual([{ ...failed, value: 1 }]);
    expect(spanOfImage()).toMatchObject({ attributes: failed, status: ERROR, message: 'vision-unavailable' });
    expect(JSON.stringify(sdk.spans())).not.toContain('a-secret');
  });

  test('that nobody waits for any more is told apart', async () => {
    const gone = AbortSignal.abort(new Error('gone'));
    await expect(describeOne('a.jpg', {}, gone)).rejects.toThrow('gone');
    expect(await images()).toEqual([{ 'image.outcome': 'aborted', value: 1 }]);
  });

  test('that meets a fault of the program is an error, whatever was thrown', async () => {
    const vision = visionThat(new TypeError('x is not a function'));
    await describeOne('a.jpg', vision).catch(() => {});
    expect(await images()).toMatchObject([{ 'image.outcome': 'failed' }]);
    expect(spanOfImage()).toMatchObject({ status: ERROR });
    expect(JSON.stringify(sdk.spans())).not.toContain('x is not a function');
  });
});

test('An image that is gone, and one whose name cannot be used, are counted by that', async () => {
  await describeOne('nowhere.jpg');
  await describeOne('a/../b.jpg');
  expect(await images()).toEqual([
    { 'image.outcome': 'gone', value: 1 },
    { 'image.outcome': 'refused', 'problem.code': 'invalid-name', value: 1 },
  ]);
});

test('A refusal of the service is counted by its code', async () => {
  await house.drop('a.jpg', await photo({ width: 300, height: 200 }));
  await describeOne('a.jpg', visionThat(new RefusedError('content-filtered')));
  expect(await images()).toEqual([
    { 'image.outcome': 'refused', 'problem.code': 'content-filtered', value: 1 },
  ]);
});
