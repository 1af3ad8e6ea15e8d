import { seen } from '../samples.ts';
import { boxed, type Golden, NORMAL_LENS, PHONE, PORTRAIT_LENS, tagged } from './golden.ts';

export const PEOPLE: readonly Golden[] = [
  {
    name: 'a portrait by a window',
    of: PORTRAIT_LENS,
    look: {
      palette: [
        ['#857363', 'taupe', 0.5],
        ['#f6ebc8', 'cream', 0.3],
        ['#2d2d2d', 'charcoal', 0.2],
      ],
      light: { temperature: 5100, contrast: 0.22, saturation: 0.09 },
      composition: { subject: 'center', negativeSpace: 0.62, sharpness: 0.4 },
    },
    analysis: seen('a woman with long hair looking out of a window', {
      tags: tagged(
        'person 0.99, human face 0.98, clothing 0.97, woman 0.95, indoor 0.94, girl 0.8, lady 0.75, window 0.74, portrait 0.7, beauty 0.66, long hair 0.6',
      ),
      people: boxed('person 0.95 at 0.3 0.2 0.35 0.75'),
    }),
    expected: {
      plain:
        'Portrait of a woman with long hair looking out of a window, indoors. Warm, soft light. A muted palette of taupe, cream and charcoal. Subject centered, with generous negative space. Landscape format, 3:2. Shot on a Canon EOS R5 at 85 mm, f/1.8.',
      sd15: 'a woman with long hair looking out of a window, portrait, indoors, warm, soft light, muted palette of taupe, cream and charcoal, subject centered, generous negative space, shot at 85 mm, f/1.8',
      sdxl: 'a woman with long hair looking out of a window, portrait, indoors, warm, soft light, muted palette of taupe, cream and charcoal, subject centered, generous negative space, shot at 85 mm, f/1.8',
      sd35: 'Portrait of a woman with long hair looking out of a window, indoors. Shot at 85 mm, f/1.8. Warm, soft light. A muted palette of taupe, cream and charcoal. Subject centered, with generous negative space.',
      flux1:
        'Portrait of a woman with long hair looking out of a window, indoors. Shot on a Canon EOS R5 at 85 mm, f/1.8. Warm, soft light. A muted palette of taupe, cream and charcoal. Subject centered, with generous negative space.',
      midjourney:
        'a woman with long hair looking out of a window, portrait, indoors, warm, soft light, muted palette of taupe, cream and charcoal, subject centered, generous negative space, shot on a Canon EOS R5 at 85 mm, f/1.8 --ar 3:2',
      'gpt-image':
        'A portrait photograph of a woman with long hair looking out of a window, indoors. Shot on a Canon EOS R5 at 85 mm, f/1.8. Warm, soft light. A muted palette of taupe, cream and charcoal. Subject centered, with generous negative space.',
      alt: 'A woman with long hair looking out of a window',
      negative:
        'lowres, jpeg artifacts, watermark, text, blurry, bad anatomy, extra fingers, painting, illustration',
    },
  },
  {
    name: 'two children with a kite',
    of: PHONE,
    look: {
      palette: [
        ['#7dc0ee', 'sky blue', 0.5],
        ['#2f9e44', 'green', 0.35],
        ['#d0211f', 'red', 0.15],
      ],
      light: { key: 'high', saturation: 0.4, contrast: 0.4 },
      composition: { subject: 'bottom-right', negativeSpace: 0.7 },
    },
    analysis: seen('two children flying a kite in a field', {
      tags: tagged(
        'outdoor 0.99, sky 0.99, grass 0.98, person 0.97, kite 0.93, child 0.9, boy 0.8, people in nature 0.77, play 0.6, fun 0.58, summer 0.55',
      ),
      people: boxed('person 0.9 at 0.6 0.5 0.1 0.4', 'person 0.85 at 0.75 0.5 0.1 0.4'),
    }),
    expected: {
      plain:
        'Two children flying a kite in a field. Also in view: the sky. High-key light. A vivid palette of sky blue, green and red. Subject at the lower right, with generous negative space. Landscape format, 3:2. Shot on an Apple iPhone 15.',
      sdxl: 'two children flying a kite in a field, sky, high-key light, vivid palette of sky blue, green and red, subject at the lower right, generous negative space, photograph',
      flux1:
        'Two children flying a kite in a field. The scene includes the sky. Shot on an Apple iPhone 15. High-key light. A vivid palette of sky blue, green and red. Subject at the lower right, with generous negative space.',
      midjourney:
        'two children flying a kite in a field, sky, high-key light, vivid palette of sky blue, green and red, subject at the lower right, generous negative space, shot on an Apple iPhone 15 --ar 3:2',
      alt: 'Two children flying a kite in a field',
    },
  },
  {
    name: 'a wedding in black and white',
    of: NORMAL_LENS,
    look: {
      palette: [
        ['#1c1c1c', 'charcoal', 0.5],
        ['#c8c8c8', 'light grey', 0.5],
      ],
      light: { saturation: 0, contrast: 0.58 },
      composition: { subject: 'center', sharpness: 0.65 },
    },
    analysis: seen('a black and white photo of a bride and groom kissing under a white veil', {
      tags: tagged(
        'black and white 0.99, person 0.98, wedding dress 0.97, bride 0.95, wedding 0.93, clothing 0.9, groom 0.8, red 0.55, monochrome 0.7, flower 0.6',
      ),
    }),
    expected: {
      plain:
        'A bride and groom kissing under a white veil. Also in view: a wedding dress. Black and white with high contrast. Centered composition, with sharp focus. Landscape format, 3:2. Shot on a FUJIFILM X-T5 at 35 mm, f/2.',
      sd15: 'a bride and groom kissing under a white veil, wedding dress, black and white with high contrast, centered composition, sharp focus, shot at 35 mm, f/2',
      sdxl: 'a bride and groom kissing under a white veil, wedding dress, black and white with high contrast, centered composition, sharp focus, shot at 35 mm, f/2',
      flux2:
        'A bride and groom kissing under a white veil. The scene includes a wedding dress. Shot on a FUJIFILM X-T5 at 35 mm, f/2. Black and white with high contrast. Centered composition, with sharp focus.',
      midjourney:
        'a bride and groom kissing under a white veil, wedding dress, black and white with high contrast, centered composition, sharp focus, shot on a FUJIFILM X-T5 at 35 mm, f/2 --ar 3:2 --no color',
      'gpt-image':
        'A photograph of a bride and groom kissing under a white veil. The scene includes a wedding dress. Shot on a FUJIFILM X-T5 at 35 mm, f/2. Black and white with high contrast. Centered composition, with sharp focus.',
      alt: 'A bride and groom kissing under a white veil',
      negative:
        'lowres, jpeg artifacts, watermark, text, blurry, bad anatomy, extra fingers, painting, illustration, color',
    },
  },
  {
    name: 'a chef at work',
    of: NORMAL_LENS,
    look: {
      palette: [
        ['#adadad', 'silver', 0.5],
        ['#a8441a', 'rust', 0.3],
        ['#080808', 'black', 0.2],
      ],
      light: { temperature: 4300, contrast: 0.5, saturation: 0.15 },
      composition: { subject: 'left', negativeSpace: 0.1, sharpness: 0.5 },
    },
    analysis: seen('a man in a white shirt cooking in a kitchen', {
      regions: tagged(
        'a person holding a pan 0.73, a flame on a stove 0.71, a man in a white shirt and apron 0.7',
      ),
      tags: tagged(
        'person 0.98, indoor 0.97, cooking 0.95, food 0.93, kitchen 0.92, man 0.9, chef 0.85, cookware and bakeware 0.7, kitchen appliance 0.68, frying pan 0.6',
      ),
      people: boxed('person 0.92 at 0.1 0.1 0.4 0.85'),
    }),
    expected: {
      plain:
        'A man in a white shirt cooking in a kitchen, holding a pan. Also in view: a flame on a stove, food and a chef. Warm light. A palette of silver, rust and black. Subject on the left. Landscape format, 3:2. Shot on a FUJIFILM X-T5 at 35 mm, f/2.',
      sdxl: 'a man in a white shirt cooking in a kitchen, holding a pan, a flame on a stove, food, chef, warm light, palette of silver, rust and black, subject on the left, shot at 35 mm, f/2',
      sd35: 'A man in a white shirt cooking in a kitchen, holding a pan. The scene includes a flame on a stove, food and a chef. Shot at 35 mm, f/2. Warm light. A palette of silver, rust and black. Subject on the left.',
      flux1:
        'A man in a white shirt cooking in a kitchen, holding a pan. The scene includes a flame on a stove, food and a chef. Shot on a FUJIFILM X-T5 at 35 mm, f/2. Warm light. A palette of silver, rust and black. Subject on the left.',
      midjourney:
        'a man in a white shirt cooking in a kitchen, holding a pan, a flame on a stove, food, chef, warm light, palette of silver, rust and black, subject on the left, shot on a FUJIFILM X-T5 at 35 mm, f/2 --ar 3:2',
      alt: 'A man in a white shirt cooking in a kitchen',
    },
  },
  {
    name: 'a crowd at a concert',
    of: PHONE,
    look: {
      palette: [
        ['#3d2a98', 'indigo', 0.5],
        ['#d62bb4', 'magenta', 0.3],
        ['#080808', 'black', 0.2],
      ],
      light: { key: 'low', contrast: 0.6, temperature: 12000, saturation: 0.42 },
      composition: { subject: 'top', negativeSpace: 0.12 },
    },
    analysis: seen('a crowd of people at a concert', {
      tags: tagged(
        'concert 0.99, person 0.98, music 0.97, crowd 0.95, event 0.93, people 0.92, stage 0.9, night 0.85, entertainment 0.8, performance 0.75, outdoor 0.6, light 0.58',
      ),
      people: boxed(
        'person 0.7 at 0.1 0.7 0.1 0.3',
        'person 0.6 at 0.3 0.7 0.1 0.3',
        'person 0.6 at 0.5 0.7 0.1 0.3',
      ),
    }),
    expected: {
      plain:
        'A crowd of people at a concert, at night, outdoors. Also in view: a stage. Low-key, cool light with high contrast. A vivid palette of indigo, magenta and black. Subject at the bottom. Landscape format, 3:2. Shot on an Apple iPhone 15.',
      sdxl: 'a crowd of people at a concert, at night, outdoors, stage, low-key, cool light with high contrast, vivid palette of indigo, magenta and black, subject at the bottom, photograph',
      flux2:
        'A crowd of people at a concert, at night, outdoors. The scene includes a stage. Shot on an Apple iPhone 15. Low-key, cool light with high contrast. Vivid colors: the largest areas are indigo (color #3d2a98), magenta (color #d62bb4) and black (color #080808). Subject at the bottom.',
      midjourney:
        'a crowd of people at a concert, at night, outdoors, stage, low-key, cool light with high contrast, vivid palette of indigo, magenta and black, subject at the bottom, shot on an Apple iPhone 15 --ar 3:2',
      alt: 'A crowd of people at a concert',
    },
  },
  {
    name: 'a runner, in the words of a chat model',
    of: PORTRAIT_LENS,
    look: {
      palette: [
        ['#95562b', 'sienna', 0.5],
        ['#f5dc30', 'yellow', 0.2],
        ['#5a7196', 'slate blue', 0.3],
      ],
      light: { temperature: 4800, saturation: 0.2 },
      composition: { subject: 'center', negativeSpace: 0.65 },
    },
    analysis: seen(
      'This stunning, high-quality photo captures a woman in a yellow jacket running along a dirt trail at sunset, with hills in the distance.',
      {
        regions: [
          { text: 'woman in a yellow jacket', confidence: null, box: null },
          { text: 'dust rising behind her shoes', confidence: null, box: null },
        ],
        tags: [
          ...[
            'running',
            'trail',
            'sunset',
            'golden hour',
            'photography',
            'fitness',
            'cinematic',
            'highly detailed',
          ].map((text) => ({ text, confidence: null, box: null })),
        ],
      },
    ),
    expected: {
      plain:
        'Cinematic shot of a woman in a yellow jacket running along a dirt trail at sunset, with hills in the distance. Also in view: dust rising behind her shoes. Golden-hour light. A palette of sienna, yellow and slate blue. Centered composition, with generous negative space. Landscape format, 3:2. Shot on a Canon EOS R5 at 85 mm, f/1.8.',
      sdxl: 'a woman in a yellow jacket running along a dirt trail at sunset, with hills in the distance, cinematic shot, dust rising behind her shoes, golden-hour light, palette of sienna, yellow and slate blue, centered composition, shot at 85 mm, f/1.8',
      flux1:
        'Cinematic shot of a woman in a yellow jacket running along a dirt trail at sunset, with hills in the distance. The scene includes dust rising behind her shoes. Shot on a Canon EOS R5 at 85 mm, f/1.8. Golden-hour light. A palette of sienna, yellow and slate blue. Centered composition, with generous negative space.',
      midjourney:
        'a woman in a yellow jacket running along a dirt trail at sunset, with hills in the distance, cinematic shot, dust rising behind her shoes, golden-hour light, palette of sienna, yellow and slate blue, centered composition, generous negative space, shot on a Canon EOS R5 at 85 mm, f/1.8 --ar 3:2',
      'gpt-image':
        'A cinematic photograph of a woman in a yellow jacket running along a dirt trail at sunset, with hills in the distance. The scene includes dust rising behind her shoes. Shot on a Canon EOS R5 at 85 mm, f/1.8. Golden-hour light. A palette of sienna, yellow and slate blue. Centered composition, with generous negative space.',
      alt: 'A woman in a yellow jacket running along a dirt trail at sunset, with hills in the distance',
    },
  },
];
