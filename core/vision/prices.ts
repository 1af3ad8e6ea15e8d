import type { VisionFeature, VisionProvider } from './vision.ts';

/**
 * List prices, for estimates alone: what is really billed is in the account's own figures. The first million
 * transactions of a month cost the most; regions, currencies and contracts differ.
 */
export const PRICES = {
  currency: 'USD',
  /** When they were last known to hold. */
  asOf: '2025-01',
  source: 'https://azure.microsoft.com/pricing/details/cognitive-services/computer-vision/',
} as const;

/** For 1,000 transactions. Azure counts each feature of each image as one. */
const AZURE_VISION: Readonly<Record<VisionFeature, number>> = {
  caption: 1.5,
  denseCaptions: 1.5,
  read: 1.5,
  tags: 1,
  objects: 1,
  people: 1,
  smartCrops: 1,
};

/** What one image costs about, in USD; null where nobody knows, since a provider bills tokens, or by contract. */
export function costPerImage(provider: VisionProvider, features: readonly VisionFeature[]): number | null {
  switch (provider) {
    case 'local':
      return 0;
    case 'azure-vision':
      return [...new Set(features)].reduce((sum, feature) => sum + AZURE_VISION[feature] / 1_000, 0);
    case 'openai':
      return null;
  }
}
