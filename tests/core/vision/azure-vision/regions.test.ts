import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createVision } from '../../../../core/vision/create.ts';
import { startVisionServer, type VisionServer } from '../../../faults/vision-server.ts';
import { picture } from '../picture.ts';
import { analyzeBy } from './analyzing.ts';

describe('Outside the regions that have captions', () => {
  let elsewhere: VisionServer;
  beforeEach(async () => {
    elsewhere = await startVisionServer({ captions: false });
  });
  afterEach(() => elsewhere.close());

  test('the other features are asked for once more, and the analysis says that it is degraded', async () => {
    const analysis = await analyzeBy(elsewhere);
    expect(elsewhere.calls).toBe(2);
    const features = ['tags', 'objects', 'people', 'read', 'smartCrops'];
    expect(elsewhere.requests.at(-1)).toMatchObject({ features, genderNeutral: false });
    expect(analysis).toMatchObject({ caption: null, degraded: true, reason: 'caption-not-in-region' });
    expect(analysis.tags).toHaveLength(5);
  });

  test('later images cost one call each, and say the same', async () => {
    const { endpoint, key } = elsewhere;
    const vision = createVision({ provider: 'azure-vision', endpoint, key });
    const options = { language: 'en', signal: new AbortController().signal };
    let allowed = 0;
    const again = async () => {
      allowed++;
    };
    for (const calls of [2, 3, 4]) {
      const asked = { ...options, features: ['caption', 'tags'], again } as const;
      const analysis = await vision.analyze(picture(), asked);
      expect(analysis).toMatchObject({ degraded: true, reason: 'caption-not-in-region' });
      expect(elsewhere.calls).toBe(calls);
    }
    expect(allowed).toBe(1);
    const plain = await vision.analyze(picture(), { ...options, features: ['tags'] });
    expect(plain).toMatchObject({ degraded: false, reason: null });
  });

  test('nothing more is asked where captions were all that was wanted', async () => {
    const analysis = await analyzeBy(elsewhere, { features: ['caption', 'denseCaptions'] });
    expect(elsewhere.calls).toBe(1);
    expect(analysis).toMatchObject({ caption: null, degraded: true, reason: 'caption-not-in-region' });
  });
});
