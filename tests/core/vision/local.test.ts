import { expect, test } from '@jest/globals';
import { createVision } from '../../../core/vision/create.ts';
import { picture } from './picture.ts';

const options = { features: ['caption', 'tags'], language: 'en' } as const;

test('The local provider finds nothing, says why, and never has the image encoded', async () => {
  const image = picture();
  const vision = createVision({ provider: 'local' });
  const analysis = await vision.analyze(image, { ...options, signal: new AbortController().signal });
  expect(vision).toMatchObject({ provider: 'local', model: null, needsPixels: false });
  expect(analysis).toMatchObject({
    caption: null,
    tags: [],
    degraded: true,
    reason: 'no-describing-provider',
  });
  expect(image.encoded).toBe(0);
});

test('The local provider gives up when its caller does', async () => {
  const reason = new Error('the client went away');
  const analysis = createVision({ provider: 'local' }).analyze(picture(), {
    ...options,
    signal: AbortSignal.abort(reason),
  });
  await expect(analysis).rejects.toBe(reason);
});
