import { altText } from '../../../../core/prompt/alt-text.ts';
import type { Target } from '../../../../core/prompt/document.ts';
import { compose } from '../composing.ts';
import { measurements } from '../samples.ts';
import { ANIMALS } from './animals.ts';
import { ARTWORKS } from './artworks.ts';
import type { Golden } from './golden.ts';
import { NIGHT } from './night.ts';
import { PEOPLE } from './people.ts';
import { PLACES } from './places.ts';
import { PRODUCTS } from './products.ts';
import { SCREENS } from './screens.ts';
import { TOPICS } from './topics.ts';
import { UNSEEN } from './unseen.ts';

/** Every golden case, by what it shows. */
export const GOLDEN: readonly Golden[] = [
  ...PLACES,
  ...PEOPLE,
  ...ANIMALS,
  ...NIGHT,
  ...PRODUCTS,
  ...SCREENS,
  ...ARTWORKS,
  ...TOPICS,
  ...UNSEEN,
];

/** What the composer makes of a case, in the forms that the case expects. */
export function goldenForms({ of, look, analysis, expected }: Golden): Golden['expected'] {
  const input = { of, look: measurements(look), analysis };
  const form = (name: string) => {
    if (name === 'alt') return altText(compose('plain', input).facts);
    if (name === 'negative') return compose('sdxl', input).negativePrompt;
    // Object.keys widens the keys of `expected` to string.
    return compose(name as Target, input).prompt;
  };
  return Object.fromEntries(Object.keys(expected).map((name) => [name, form(name)]));
}
