import type { DescribeSettings } from '../describe/describe-bytes.ts';
import { costPerImage } from '../vision/prices.ts';
import type { Billing } from './progress.ts';

/** What a call of the provider counts and costs with these settings. */
export function billingOf({ vision, features }: Pick<DescribeSettings, 'vision' | 'features'>): Billing {
  const asked = [...new Set(features)];
  // Only Azure's Image Analysis counts features; a model reads its question once.
  const featuresPerCall = vision.provider === 'azure-vision' ? asked.length : 1;
  return { featuresPerCall, costPerCall: costPerImage(vision.provider, asked) };
}
