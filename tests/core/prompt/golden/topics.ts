import { seen } from '../samples.ts';
import { boxed, type Golden, NORMAL_LENS, PHONE, tagged, WIDE_LENS } from './golden.ts';

/** Images whose tags name topics and trades ("floristry", "air travel") among the things that can be seen. */
export const TOPICS: readonly Golden[] = [
  {
    name: 'a man at a desk',
    of: NORMAL_LENS,
    look: {
      palette: [
        ['#857363', 'taupe', 0.5],
        ['#adadad', 'silver', 0.3],
        ['#2d2d2d', 'charcoal', 0.2],
      ],
      light: { contrast: 0.24, saturation: 0.06 },
      composition: { subject: 'right', negativeSpace: 0.3, sharpness: 0.5 },
    },
    analysis: seen('a man sitting at a desk with a laptop', {
      regions: tagged(
        "a man sitting at a desk using a laptop 0.8, a laptop on a desk 0.75, a coffee mug on a desk 0.74, a close-up of a person's hand 0.66, a man wearing glasses 0.6",
      ),
      tags: tagged(
        'person 0.99, furniture 0.98, indoor 0.97, laptop 0.96, computer 0.96, man 0.94, table 0.9, office 0.85, clothing 0.83, desk 0.8, personal computer 0.8, working 0.7',
      ),
      objects: boxed('laptop 0.8 at 0.4 0.5 0.2 0.2', 'person 0.8 at 0.55 0.1 0.4 0.8'),
    }),
    expected: {
      plain:
        "A man sitting at a desk with a laptop, wearing glasses, in an office. Also in view: a coffee mug, a person's hand and a table. Soft light. A muted palette of taupe, silver and charcoal. Subject on the right. Landscape format, 3:2. Shot on a FUJIFILM X-T5 at 35 mm, f/2.",
      sdxl: "a man sitting at a desk with a laptop, wearing glasses, in an office, a coffee mug, a person's hand, table, soft light, muted palette of taupe, silver and charcoal, subject on the right, shot at 35 mm, f/2",
      flux1:
        "A man sitting at a desk with a laptop, wearing glasses, in an office. The scene includes a coffee mug, a person's hand and a table. Shot on a FUJIFILM X-T5 at 35 mm, f/2. Soft light. A muted palette of taupe, silver and charcoal. Subject on the right.",
      'gpt-image':
        "A photograph of a man sitting at a desk with a laptop, wearing glasses, in an office. The scene includes a coffee mug, a person's hand and a table. Shot on a FUJIFILM X-T5 at 35 mm, f/2. Soft light. A muted palette of taupe, silver and charcoal. Subject on the right.",
      alt: 'A man sitting at a desk with a laptop',
    },
  },
  {
    name: 'a vase of flowers',
    of: PHONE,
    look: {
      palette: [
        ['#f7abc0', 'pink', 0.5],
        ['#9bae87', 'sage', 0.3],
        ['#f2f2f2', 'off-white', 0.2],
      ],
      light: { key: 'high', contrast: 0.22, saturation: 0.15 },
      composition: { orientation: 'portrait', aspect: '3:4', subject: 'center', negativeSpace: 0.65 },
    },
    analysis: seen('a vase of flowers on a table', {
      regions: tagged('a bouquet of pink roses 0.74'),
      tags: tagged(
        'flower 0.99, plant 0.98, indoor 0.97, vase 0.97, cut flowers 0.95, flowerpot 0.93, floristry 0.9, flower arranging 0.9, wall 0.88, houseplant 0.85, floral design 0.8, bouquet 0.8, pink 0.7, table 0.7, rose 0.7',
      ),
    }),
    expected: {
      plain:
        'A vase of flowers on a table, indoors. Also in view: a bouquet of pink roses. High-key, soft light. A palette of pink, sage and off-white. Centered composition, with generous negative space. Portrait format, 3:4. Shot on an Apple iPhone 15.',
      sd15: 'a vase of flowers on a table, indoors, a bouquet of pink roses, high-key, soft light, palette of pink, sage and off-white, centered composition, generous negative space, photograph',
      sdxl: 'a vase of flowers on a table, indoors, a bouquet of pink roses, high-key, soft light, palette of pink, sage and off-white, centered composition, generous negative space, photograph',
      flux2:
        'A vase of flowers on a table, indoors. The scene includes a bouquet of pink roses. Shot on an Apple iPhone 15. High-key, soft light. The largest areas are pink (color #f7abc0), sage (color #9bae87) and off-white (color #f2f2f2). Centered composition, with generous negative space.',
      midjourney:
        'a vase of flowers on a table, indoors, a bouquet of pink roses, high-key, soft light, palette of pink, sage and off-white, centered composition, generous negative space, shot on an Apple iPhone 15 --ar 3:4',
      alt: 'A vase of flowers on a table',
    },
  },
  {
    name: 'an airliner',
    of: WIDE_LENS,
    look: {
      palette: [
        ['#7dc0ee', 'sky blue', 0.8],
        ['#ffffff', 'white', 0.2],
      ],
      light: { key: 'high', temperature: 8200, contrast: 0.26, saturation: 0.2 },
      composition: { subject: 'center', negativeSpace: 0.85, sharpness: 0.62 },
    },
    analysis: seen('an airplane flying in the sky', {
      tags: tagged(
        'sky 0.99, airplane 0.99, outdoor 0.98, aircraft 0.97, air travel 0.96, aviation 0.95, flight 0.93, airliner 0.9, plane 0.9, aerospace engineering 0.8, transport 0.75, jet 0.7',
      ),
    }),
    expected: {
      plain:
        'An airplane flying in the sky. High-key, cool light. A palette of sky blue and white. Centered composition, with generous negative space and sharp focus. Landscape format, 3:2. Shot on a NIKON Z 6 at 20 mm, f/8.',
      sdxl: 'an airplane flying in the sky, high-key, cool light, palette of sky blue and white, centered composition, generous negative space, sharp focus, shot at 20 mm, f/8',
      sd35: 'An airplane flying in the sky. Shot at 20 mm, f/8. High-key, cool light. A palette of sky blue and white. Centered composition, with generous negative space and sharp focus.',
      midjourney:
        'an airplane flying in the sky, high-key, cool light, palette of sky blue and white, centered composition, generous negative space, sharp focus, shot on a NIKON Z 6 at 20 mm, f/8 --ar 3:2',
      alt: 'An airplane flying in the sky',
    },
  },
];
