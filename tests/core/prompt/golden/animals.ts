import { found, seen } from '../samples.ts';
import {
  boxed,
  type Golden,
  LONG_LENS,
  MACRO_LENS,
  NORMAL_LENS,
  PHONE,
  PORTRAIT_LENS,
  tagged,
} from './golden.ts';

export const ANIMALS: readonly Golden[] = [
  {
    name: 'a cat on a sofa, named four times',
    of: PHONE,
    look: {
      palette: [
        ['#c4561e', 'burnt orange', 0.5],
        ['#5a7196', 'slate blue', 0.3],
        ['#f2f2f2', 'off-white', 0.2],
      ],
      light: { temperature: 5000, contrast: 0.3 },
      composition: { subject: 'bottom-right', negativeSpace: 0.5 },
    },
    analysis: seen('an orange cat sleeping on a sofa', {
      regions: tagged('a cat lying on a couch 0.8, a close up of a cat 0.79, a blue pillow on a couch 0.7'),
      tags: tagged(
        'cat 0.99, feline 0.98, animal 0.98, indoor 0.97, mammal 0.97, domestic cat 0.95, couch 0.9, small to medium-sized cats 0.9, whiskers 0.88, furniture 0.85, felidae 0.8, pillow 0.75, lying 0.7, kitten 0.55',
      ),
      objects: boxed('cat 0.9 at 0.55 0.6 0.3 0.3'),
    }),
    expected: {
      plain:
        'An orange cat sleeping on a sofa. Also in view: a blue pillow. Warm light. A palette of burnt orange, slate blue and off-white. Subject at the lower right. Landscape format, 3:2. Shot on an Apple iPhone 15.',
      sd15: 'an orange cat sleeping on a sofa, a blue pillow, warm light, palette of burnt orange, slate blue and off-white, subject at the lower right, photograph',
      sdxl: 'an orange cat sleeping on a sofa, a blue pillow, warm light, palette of burnt orange, slate blue and off-white, subject at the lower right, photograph',
      sd35: 'A photograph of an orange cat sleeping on a sofa. The scene includes a blue pillow. Warm light. A palette of burnt orange, slate blue and off-white. Subject at the lower right.',
      flux1:
        'An orange cat sleeping on a sofa. The scene includes a blue pillow. Shot on an Apple iPhone 15. Warm light. A palette of burnt orange, slate blue and off-white. Subject at the lower right.',
      flux2:
        'An orange cat sleeping on a sofa. The scene includes a blue pillow. Shot on an Apple iPhone 15. Warm light. The largest areas are burnt orange (color #c4561e), slate blue (color #5a7196) and off-white (color #f2f2f2). Subject at the lower right.',
      midjourney:
        'an orange cat sleeping on a sofa, a blue pillow, warm light, palette of burnt orange, slate blue and off-white, subject at the lower right, shot on an Apple iPhone 15 --ar 3:2',
      'gpt-image':
        'A photograph of an orange cat sleeping on a sofa. The scene includes a blue pillow. Shot on an Apple iPhone 15. Warm light. A palette of burnt orange, slate blue and off-white. Subject at the lower right.',
      alt: 'An orange cat sleeping on a sofa',
    },
  },
  {
    name: 'an owl on a branch',
    of: LONG_LENS,
    look: {
      palette: [
        ['#857363', 'taupe', 0.6],
        ['#22502e', 'forest green', 0.4],
      ],
      light: { contrast: 0.22, saturation: 0.08 },
      composition: {
        orientation: 'portrait',
        aspect: '4:5',
        subject: 'center',
        negativeSpace: 0.75,
        sharpness: 0.66,
      },
    },
    analysis: seen('an owl sitting on a branch', {
      tags: tagged(
        'bird 0.99, animal 0.98, owl 0.97, outdoor 0.96, bird of prey 0.95, beak 0.93, wildlife 0.9, branch 0.85, tree 0.8, feather 0.7, tawny owl 0.6',
      ),
      objects: boxed('Owl 0.85 at 0.35 0.2 0.3 0.6'),
    }),
    expected: {
      plain:
        'An owl sitting on a branch, outdoors. Also in view: a tree. Soft light. A muted palette of taupe and forest green. Subject centered, with generous negative space and sharp focus. Portrait format, 4:5. Shot on a Canon EOS R7 at 400 mm, f/5.6.',
      sdxl: 'an owl sitting on a branch, outdoors, tree, soft light, muted palette of taupe and forest green, subject centered, generous negative space, sharp focus, shot at 400 mm, f/5.6',
      flux1:
        'An owl sitting on a branch, outdoors. The scene includes a tree. Shot on a Canon EOS R7 at 400 mm, f/5.6. Soft light. A muted palette of taupe and forest green. Subject centered, with generous negative space and sharp focus.',
      midjourney:
        'an owl sitting on a branch, outdoors, tree, soft light, muted palette of taupe and forest green, subject centered, generous negative space, sharp focus, shot on a Canon EOS R7 at 400 mm, f/5.6 --ar 4:5',
      alt: 'An owl sitting on a branch',
    },
  },
  {
    name: 'two dogs at play',
    of: NORMAL_LENS,
    look: {
      palette: [
        ['#2f9e44', 'green', 0.6],
        ['#6d4428', 'brown', 0.4],
      ],
      light: { saturation: 0.37 },
      composition: { subject: 'left' },
    },
    analysis: seen('two dogs running in a field', {
      tags: tagged(
        'outdoor 0.99, grass 0.99, dog 0.98, animal 0.97, mammal 0.96, dog breed 0.95, carnivore 0.93, pet 0.9, running 0.85, canine 0.8, field 0.8, ball 0.6, unicorn 0.21',
      ),
      objects: boxed(
        'dog 0.9 at 0.1 0.4 0.2 0.3',
        'dog 0.8 at 0.4 0.4 0.2 0.3',
        'Ball 0.6 at 0.7 0.7 0.05 0.05',
      ),
    }),
    expected: {
      plain:
        'Two dogs running in a field. Also in view: a ball. A vivid palette of green and brown. Subject on the left. Landscape format, 3:2. Shot on a FUJIFILM X-T5 at 35 mm, f/2.',
      sdxl: 'two dogs running in a field, a ball, vivid palette of green and brown, subject on the left, shot at 35 mm, f/2',
      sd35: 'Two dogs running in a field. The scene includes a ball. Shot at 35 mm, f/2. A vivid palette of green and brown. Subject on the left.',
      midjourney:
        'two dogs running in a field, a ball, vivid palette of green and brown, subject on the left, shot on a FUJIFILM X-T5 at 35 mm, f/2 --ar 3:2',
      alt: 'Two dogs running in a field',
    },
  },
  {
    name: 'a bee on a flower',
    of: MACRO_LENS,
    look: {
      palette: [
        ['#8a5cf0', 'violet', 0.5],
        ['#d8a622', 'gold', 0.2],
        ['#22502e', 'forest green', 0.3],
      ],
      light: { saturation: 0.38 },
      composition: { subject: 'center', negativeSpace: 0.7, sharpness: 0.3 },
    },
    analysis: seen('a close up of a bee on a purple flower', {
      regions: tagged('a bee on a flower 0.8, a purple flower with yellow center 0.66'),
      tags: tagged(
        'flower 0.99, insect 0.98, plant 0.97, outdoor 0.96, bee 0.95, invertebrate 0.93, pollinator 0.9, honeybee 0.88, pollen 0.8, nectar 0.7, arthropod 0.66, macro photography 0.6',
      ),
    }),
    expected: {
      plain:
        'Close-up of a bee on a purple flower, outdoors. Also in view: a yellow center. A vivid palette of violet, gold and forest green. Centered composition, with generous negative space. Landscape format, 3:2. Shot on a SONY ILCE-7M4 at 90 mm, f/4.',
      sd15: 'a bee on a purple flower, close-up, outdoors, yellow center, vivid palette of violet, gold and forest green, centered composition, generous negative space, shot at 90 mm, f/4',
      sdxl: 'a bee on a purple flower, close-up, outdoors, yellow center, vivid palette of violet, gold and forest green, centered composition, generous negative space, shot at 90 mm, f/4',
      flux1:
        'Close-up of a bee on a purple flower, outdoors. The scene includes a yellow center. Shot on a SONY ILCE-7M4 at 90 mm, f/4. A vivid palette of violet, gold and forest green. Centered composition, with generous negative space.',
      midjourney:
        'a bee on a purple flower, close-up, outdoors, yellow center, vivid palette of violet, gold and forest green, centered composition, generous negative space, shot on a SONY ILCE-7M4 at 90 mm, f/4 --ar 3:2',
      'gpt-image':
        'A close-up photograph of a bee on a purple flower, outdoors. The scene includes a yellow center. Shot on a SONY ILCE-7M4 at 90 mm, f/4. A vivid palette of violet, gold and forest green. Centered composition, with generous negative space.',
      alt: 'A bee on a purple flower',
    },
  },
  {
    name: 'a grey horse that the caption calls brown',
    reason:
      'The pixels have no colour, so that the brown of the caption is a guess; it is listed among what was left out.',
    of: PORTRAIT_LENS,
    look: {
      palette: [
        ['#555555', 'dark grey', 0.6],
        ['#c8c8c8', 'light grey', 0.4],
      ],
      light: { key: 'low', saturation: 0.001 },
      composition: { subject: 'right', negativeSpace: 0.7 },
    },
    analysis: seen('a brown horse standing in a green field', {
      tags: tagged('outdoor 0.99, horse 0.98, animal 0.97, grass 0.96, mammal 0.95, colorful 0.6, mane 0.6'),
      objects: [found('Horse', 0.9, { x: 0.6, y: 0.3, w: 0.3, h: 0.5 })],
    }),
    expected: {
      plain:
        'A horse standing in a field. Black and white, low-key light. Subject on the right, with generous negative space. Landscape format, 3:2. Shot on a Canon EOS R5 at 85 mm, f/1.8.',
      sdxl: 'a horse standing in a field, black and white, low-key light, subject on the right, generous negative space, shot at 85 mm, f/1.8',
      flux2:
        'A horse standing in a field. Shot on a Canon EOS R5 at 85 mm, f/1.8. Black and white, low-key light. Subject on the right, with generous negative space.',
      midjourney:
        'a horse standing in a field, black and white, low-key light, subject on the right, generous negative space, shot on a Canon EOS R5 at 85 mm, f/1.8 --ar 3:2 --no color',
      alt: 'A horse standing in a field',
      negative: 'lowres, jpeg artifacts, watermark, text, blurry, painting, illustration, color',
    },
  },
];
