import { seen } from '../samples.ts';
import { boxed, type Golden, lines, NORMAL_LENS, PHONE, tagged, WIDE_LENS } from './golden.ts';

export const NIGHT: readonly Golden[] = [
  {
    name: 'a skyline at night',
    of: WIDE_LENS,
    look: {
      palette: [
        ['#17265c', 'navy', 0.6],
        ['#fcab1c', 'amber', 0.25],
        ['#080808', 'black', 0.15],
      ],
      light: { key: 'low', contrast: 0.56, temperature: 8200, saturation: 0.22 },
      composition: { subject: 'spread', negativeSpace: 0.4, sharpness: 0.66 },
    },
    analysis: seen('a city skyline at night with lights reflected in a river', {
      tags: tagged(
        'outdoor 0.99, sky 0.98, building 0.98, water 0.97, city 0.96, skyline 0.95, night 0.94, skyscraper 0.93, cityscape 0.92, reflection 0.9, tower 0.8, metropolis 0.7, dusk 0.6, bridge 0.6',
      ),
    }),
    expected: {
      plain:
        'A city skyline at night with lights reflected in a river. Also in view: the sky and reflections. Low-key, cool light with high contrast. A palette of navy, amber and black. Sharp focus. Landscape format, 3:2. Shot on a NIKON Z 6 at 20 mm, f/8.',
      sdxl: 'a city skyline at night with lights reflected in a river, sky, reflection, low-key, cool light with high contrast, palette of navy, amber and black, sharp focus, shot at 20 mm, f/8',
      sd35: 'A city skyline at night with lights reflected in a river. The scene includes the sky and reflections. Shot at 20 mm, f/8. Low-key, cool light with high contrast. A palette of navy, amber and black. Sharp focus.',
      flux1:
        'A city skyline at night with lights reflected in a river. The scene includes the sky and reflections. Shot on a NIKON Z 6 at 20 mm, f/8. Low-key, cool light with high contrast. A palette of navy, amber and black. Sharp focus.',
      flux2:
        'A city skyline at night with lights reflected in a river. The scene includes the sky and reflections. Shot on a NIKON Z 6 at 20 mm, f/8. Low-key, cool light with high contrast. The largest areas are navy (color #17265c), amber (color #fcab1c) and black (color #080808). Sharp focus.',
      midjourney:
        'a city skyline at night with lights reflected in a river, sky, reflection, low-key, cool light with high contrast, palette of navy, amber and black, sharp focus, shot on a NIKON Z 6 at 20 mm, f/8 --ar 3:2',
      'gpt-image':
        'A photograph of a city skyline at night with lights reflected in a river. The scene includes the sky and reflections. Shot on a NIKON Z 6 at 20 mm, f/8. Low-key, cool light with high contrast. A palette of navy, amber and black. Sharp focus.',
      alt: 'A city skyline at night with lights reflected in a river',
    },
  },
  {
    name: 'a neon sign in the rain',
    of: NORMAL_LENS,
    look: {
      palette: [
        ['#080808', 'black', 0.5],
        ['#d62bb4', 'magenta', 0.3],
        ['#22d0e4', 'cyan', 0.2],
      ],
      light: { key: 'low', contrast: 0.62, temperature: 9000, saturation: 0.36 },
      composition: { subject: 'top-right', negativeSpace: 0.4 },
    },
    analysis: seen('a neon sign that says open 24 hours', {
      regions: tagged('a wet street with reflections 0.7, a person with an umbrella 0.66'),
      tags: tagged(
        'neon 0.98, text 0.97, night 0.95, sign 0.9, neon sign 0.9, light 0.88, rain 0.8, street 0.75, outdoor 0.7',
      ),
      text: lines('OPEN 24 HOURS', 'RAMEN'),
    }),
    expected: {
      plain:
        'A neon sign that says "OPEN 24 HOURS", at night, in the rain. Also in view: a wet street with reflections and a person with an umbrella. The text "RAMEN" can be read. Low-key, cool light with high contrast. A vivid palette of black, magenta and cyan. Composition weighted to the upper right. Landscape format, 3:2. Shot on a FUJIFILM X-T5 at 35 mm, f/2.',
      sd15: 'a neon sign that says "OPEN 24 HOURS", at night, in the rain, a wet street with reflections, a person with an umbrella, low-key, cool light with high contrast, vivid palette of black, magenta and cyan, shot at 35 mm, f/2',
      sdxl: 'a neon sign that says "OPEN 24 HOURS", at night, in the rain, a wet street with reflections, a person with an umbrella, low-key, cool light with high contrast, vivid palette of black, magenta and cyan, shot at 35 mm, f/2',
      flux1:
        'A neon sign that says "OPEN 24 HOURS", at night, in the rain. The scene includes a wet street with reflections and a person with an umbrella. The text "RAMEN" is written in the picture. Shot on a FUJIFILM X-T5 at 35 mm, f/2. Low-key, cool light with high contrast. A vivid palette of black, magenta and cyan. Composition weighted to the upper right.',
      flux2:
        'A neon sign that says "OPEN 24 HOURS", at night, in the rain. The scene includes a wet street with reflections and a person with an umbrella. The text "RAMEN" is written in the picture. Shot on a FUJIFILM X-T5 at 35 mm, f/2. Low-key, cool light with high contrast. Vivid colors: the largest areas are black (color #080808), magenta (color #d62bb4) and cyan (color #22d0e4). Composition weighted to the upper right.',
      midjourney:
        'a neon sign that says "OPEN 24 HOURS", at night, in the rain, a wet street with reflections, a person with an umbrella, the text "RAMEN", low-key, cool light with high contrast, vivid palette of black, magenta and cyan, composition weighted to the upper right, shot on a FUJIFILM X-T5 at 35 mm, f/2 --ar 3:2',
      'gpt-image':
        'A photograph of a neon sign that says "OPEN 24 HOURS", at night, in the rain. The scene includes a wet street with reflections and a person with an umbrella. The text "RAMEN" is written in the picture. Shot on a FUJIFILM X-T5 at 35 mm, f/2. Low-key, cool light with high contrast. A vivid palette of black, magenta and cyan. Composition weighted to the upper right.',
      alt: 'A neon sign that says "OPEN 24 HOURS"',
      negative:
        'lowres, jpeg artifacts, watermark, blurry, bad anatomy, extra fingers, painting, illustration',
    },
  },
  {
    name: 'the Milky Way over a tent',
    of: WIDE_LENS,
    look: {
      palette: [
        ['#0d1530', 'deep navy', 0.7],
        ['#67305f', 'plum', 0.2],
        ['#fcab1c', 'amber', 0.1],
      ],
      light: { key: 'low', contrast: 0.26, temperature: 9800, saturation: 0.12 },
      composition: { subject: 'bottom', negativeSpace: 0.7 },
    },
    analysis: seen('a tent under a starry sky', {
      regions: tagged('a tent lit up at night 0.74, a milky way in the sky 0.7'),
      tags: tagged(
        'sky 0.99, star 0.98, outdoor 0.97, nature 0.96, night 0.95, milky way 0.93, galaxy 0.9, astronomy 0.88, landscape 0.8, space 0.7, darkness 0.66, tent 0.6',
      ),
      objects: boxed('tent 0.7 at 0.42 0.75 0.15 0.15'),
    }),
    expected: {
      plain:
        'A tent under a starry sky, lit up at night. Also in view: a milky way. Low-key, cool light. A palette of deep navy, plum and amber. Subject at the bottom, with generous negative space. Landscape format, 3:2. Shot on a NIKON Z 6 at 20 mm, f/8.',
      sdxl: 'a tent under a starry sky, lit up at night, a milky way, low-key, cool light, palette of deep navy, plum and amber, subject at the bottom, generous negative space, shot at 20 mm, f/8',
      flux1:
        'A tent under a starry sky, lit up at night. The scene includes a milky way. Shot on a NIKON Z 6 at 20 mm, f/8. Low-key, cool light. A palette of deep navy, plum and amber. Subject at the bottom, with generous negative space.',
      midjourney:
        'a tent under a starry sky, lit up at night, a milky way, low-key, cool light, palette of deep navy, plum and amber, subject at the bottom, generous negative space, shot on a NIKON Z 6 at 20 mm, f/8 --ar 3:2',
      alt: 'A tent under a starry sky',
    },
  },
  {
    name: 'a candle-lit table',
    of: PHONE,
    look: {
      palette: [
        ['#2d1a10', 'dark brown', 0.6],
        ['#c4561e', 'burnt orange', 0.3],
        ['#fcab1c', 'amber', 0.1],
      ],
      light: { key: 'low', contrast: 0.5, temperature: 2500, saturation: 0.25 },
      composition: { subject: 'center', negativeSpace: 0.5, sharpness: 0.1 },
    },
    analysis: seen('a blurry photo of a table with candles and wine glasses', {
      tags: tagged(
        'indoor 0.98, table 0.97, candle 0.96, tableware 0.93, glass 0.9, wine glass 0.88, drinkware 0.8, stemware 0.75, night 0.7, bright 0.55, restaurant 0.5',
      ),
    }),
    expected: {
      plain:
        'A table with candles and wine glasses, indoors, at night. Low-key, warm light. A palette of dark brown, burnt orange and amber. Centered composition, with soft focus. Landscape format, 3:2. Shot on an Apple iPhone 15.',
      sdxl: 'a table with candles and wine glasses, indoors, at night, low-key, warm light, palette of dark brown, burnt orange and amber, centered composition, soft focus, photograph',
      flux1:
        'A table with candles and wine glasses, indoors, at night. Shot on an Apple iPhone 15. Low-key, warm light. A palette of dark brown, burnt orange and amber. Centered composition, with soft focus.',
      'gpt-image':
        'A photograph of a table with candles and wine glasses, indoors, at night. Shot on an Apple iPhone 15. Low-key, warm light. A palette of dark brown, burnt orange and amber. Centered composition, with soft focus.',
      alt: 'A table with candles and wine glasses',
      negative: 'lowres, jpeg artifacts, watermark, text, painting, illustration',
    },
  },
  {
    name: 'a car park lamp, over-exposed',
    reason:
      'The pixels are high-key although it is night: the caption knows what it means, so the light stays unsaid.',
    look: {
      palette: [
        ['#f2f2f2', 'off-white', 0.8],
        ['#c8c8c8', 'light grey', 0.2],
      ],
      light: { key: 'high', contrast: 0.3, saturation: 0.03 },
      composition: { subject: 'center', negativeSpace: 0.5 },
    },
    analysis: seen('a car parked under a street lamp at night', {
      tags: tagged('car 0.98, vehicle 0.97, outdoor 0.95, wheel 0.9, night 0.8, snow 0.6, daytime 0.55'),
      objects: boxed('car 0.8 at 0.3 0.4 0.4 0.3'),
    }),
    expected: {
      plain:
        'A car parked under a street lamp at night. A muted palette of off-white and light grey. Subject centered. Landscape format, 3:2.',
      sdxl: 'a car parked under a street lamp at night, muted palette of off-white and light grey, subject centered',
      midjourney:
        'a car parked under a street lamp at night, muted palette of off-white and light grey, subject centered --ar 3:2',
      alt: 'A car parked under a street lamp at night',
    },
  },
];
