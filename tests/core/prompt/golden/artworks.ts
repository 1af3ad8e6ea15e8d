import { seen } from '../samples.ts';
import { boxed, type Golden, NORMAL_LENS, tagged } from './golden.ts';

export const ARTWORKS: readonly Golden[] = [
  {
    name: 'a seascape in oil',
    look: {
      palette: [
        ['#4379ab', 'steel blue', 0.5],
        ['#f6ebc8', 'cream', 0.3],
        ['#6d4428', 'brown', 0.2],
      ],
      light: { contrast: 0.4, saturation: 0.14 },
      composition: { aspect: '4:3', subject: 'right', negativeSpace: 0.2 },
    },
    analysis: seen('a painting of a ship in a storm', {
      regions: tagged('a painting of a ship 0.8, waves crashing against a ship 0.7'),
      tags: tagged(
        'painting 0.99, art 0.97, drawing 0.95, ship 0.93, watercraft 0.9, visual arts 0.88, boat 0.85, sailboat 0.8, sea 0.75, mast 0.6, modern art 0.55',
      ),
      objects: boxed('Boat 0.8 at 0.55 0.2 0.4 0.5'),
    }),
    expected: {
      plain:
        'A painting of a ship in a storm. Also in view: waves crashing against a ship, a sailboat and the sea. A palette of steel blue, cream and brown. Subject on the right. Landscape format, 4:3.',
      sd15: 'a painting of a ship in a storm, waves crashing against a ship, sailboat, sea, palette of steel blue, cream and brown, subject on the right',
      sdxl: 'a painting of a ship in a storm, waves crashing against a ship, sailboat, sea, palette of steel blue, cream and brown, subject on the right',
      flux1:
        'A painting of a ship in a storm. The scene includes waves crashing against a ship, a sailboat and the sea. A palette of steel blue, cream and brown. Subject on the right.',
      midjourney:
        'a painting of a ship in a storm, waves crashing against a ship, sailboat, sea, palette of steel blue, cream and brown, subject on the right --ar 4:3',
      'gpt-image':
        'A painting of a ship in a storm. The scene includes waves crashing against a ship, a sailboat and the sea. A palette of steel blue, cream and brown. Subject on the right.',
      alt: 'A painting of a ship in a storm',
      negative: 'lowres, jpeg artifacts, watermark, text, blurry',
    },
  },
  {
    name: 'a pencil sketch',
    look: {
      palette: [
        ['#f2f2f2', 'off-white', 0.8],
        ['#828282', 'grey', 0.2],
      ],
      light: { key: 'high', contrast: 0.2, saturation: 0.001 },
      composition: { orientation: 'portrait', aspect: '3:4', subject: 'center', negativeSpace: 0.6 },
    },
    analysis: seen("a drawing of a woman's face", {
      tags: tagged(
        'sketch 0.99, drawing 0.99, human face 0.97, art 0.96, line art 0.9, illustration 0.88, black and white 0.85, portrait 0.8, person 0.75, woman 0.7',
      ),
    }),
    expected: {
      plain:
        "A drawing of a woman's face. Black and white, high-key, soft light. Centered composition, with generous negative space. Portrait format, 3:4.",
      sdxl: "a drawing of a woman's face, black and white, high-key, soft light, centered composition, generous negative space",
      sd35: "A drawing of a woman's face. Black and white, high-key, soft light. Centered composition, with generous negative space.",
      midjourney:
        "a drawing of a woman's face, black and white, high-key, soft light, centered composition, generous negative space --ar 3:4 --no color",
      'gpt-image':
        "A drawing of a woman's face. Black and white, high-key, soft light. Centered composition, with generous negative space.",
      alt: "A drawing of a woman's face",
      negative: 'lowres, jpeg artifacts, watermark, text, blurry, bad anatomy, extra fingers, color',
    },
  },
  {
    name: 'a cartoon',
    look: {
      palette: [
        ['#f5dc30', 'yellow', 0.5],
        ['#2358d8', 'blue', 0.3],
        ['#d0211f', 'red', 0.2],
      ],
      light: { saturation: 0.6, contrast: 0.5 },
      composition: { orientation: 'square', aspect: '1:1', subject: 'center', sharpness: 0.9 },
    },
    analysis: seen('a cartoon of a robot holding a flower', {
      tags: tagged(
        'cartoon 0.99, clipart 0.95, illustration 0.93, animation 0.9, graphics 0.88, drawing 0.8, robot 0.7, colorful 0.6',
      ),
    }),
    expected: {
      plain:
        'A cartoon of a robot holding a flower. A vivid palette of yellow, blue and red. Centered composition, with sharp focus. Square format, 1:1.',
      sdxl: 'a cartoon of a robot holding a flower, vivid palette of yellow, blue and red, centered composition, sharp focus',
      flux1:
        'A cartoon of a robot holding a flower. A vivid palette of yellow, blue and red. Centered composition, with sharp focus.',
      midjourney:
        'a cartoon of a robot holding a flower, vivid palette of yellow, blue and red, centered composition, sharp focus --ar 1:1',
      alt: 'A cartoon of a robot holding a flower',
    },
  },
  {
    name: 'a painting on a museum wall, photographed',
    of: NORMAL_LENS,
    look: {
      palette: [
        ['#d8a622', 'gold', 0.4],
        ['#611426', 'burgundy', 0.4],
        ['#2d2d2d', 'charcoal', 0.2],
      ],
      light: { temperature: 4600, contrast: 0.4, saturation: 0.2 },
      composition: { subject: 'center', negativeSpace: 0.5 },
    },
    analysis: seen('a painting in a gold frame on a wall', {
      tags: tagged(
        'indoor 0.98, picture frame 0.97, painting 0.96, art 0.93, museum 0.8, wall 0.75, art gallery 0.7',
      ),
      objects: boxed('picture frame 0.9 at 0.3 0.2 0.4 0.5'),
    }),
    expected: {
      plain:
        'A painting in a gold frame on a wall, in a museum. Warm light. A palette of gold, burgundy and charcoal. Subject centered. Landscape format, 3:2. Shot on a FUJIFILM X-T5 at 35 mm, f/2.',
      sdxl: 'a painting in a gold frame on a wall, in a museum, warm light, palette of gold, burgundy and charcoal, subject centered, shot at 35 mm, f/2',
      flux2:
        'A painting in a gold frame on a wall, in a museum. Shot on a FUJIFILM X-T5 at 35 mm, f/2. Warm light. The largest areas are gold (color #d8a622), burgundy (color #611426) and charcoal (color #2d2d2d). Subject centered.',
      'gpt-image':
        'A photograph of a painting in a gold frame on a wall, in a museum. Shot on a FUJIFILM X-T5 at 35 mm, f/2. Warm light. A palette of gold, burgundy and charcoal. Subject centered.',
      alt: 'A painting in a gold frame on a wall',
      negative: 'lowres, jpeg artifacts, watermark, text, blurry',
    },
  },
  {
    name: 'an abstract picture',
    look: {
      palette: [
        ['#107c7e', 'teal', 0.5],
        ['#fb7a5c', 'coral', 0.5],
      ],
      light: { contrast: 0.25, saturation: 0.3 },
      composition: { subject: 'spread', negativeSpace: 1, sharpness: 0 },
    },
    analysis: seen(null, {
      tags: tagged(
        'colorfulness 0.9, art 0.85, design 0.8, pattern 0.7, abstract 0.66, tints and shades 0.6',
      ),
    }),
    expected: {
      plain: 'Abstract picture of a pattern. A palette of teal and coral. Landscape format, 3:2.',
      sdxl: 'pattern, abstract picture, palette of teal and coral',
      flux1: 'Abstract picture of a pattern. A palette of teal and coral.',
      midjourney: 'pattern, abstract picture, palette of teal and coral --ar 3:2',
      alt: 'A pattern',
    },
  },
];
