import { seen } from '../samples.ts';
import { boxed, type Golden, LONG_LENS, lines, PHONE, tagged, WIDE_LENS } from './golden.ts';

export const PLACES: readonly Golden[] = [
  {
    name: 'a harbour at dusk',
    of: WIDE_LENS,
    look: {
      palette: [
        ['#2b3a55', 'slate blue', 0.46],
        ['#c9772f', 'burnt orange', 0.3],
        ['#14181f', 'charcoal', 0.24],
      ],
      light: { key: 'low', temperature: 4600, contrast: 0.45, saturation: 0.24 },
      composition: { subject: 'bottom-left', negativeSpace: 0.5 },
    },
    analysis: seen('a red fishing boat moored in a small harbour at dusk', {
      regions: tagged(
        'a red fishing boat moored in a small harbour at dusk 0.81, a red boat with a white cabin 0.77, a man standing on a pier 0.69',
      ),
      tags: tagged(
        'water 0.995, boat 0.982, outdoor 0.974, watercraft 0.95, harbor 0.913, sky 0.905, vehicle 0.88, dusk 0.642, evening 0.61, sunset 0.58',
      ),
      objects: boxed('Boat 0.873 at 0.2 0.4 0.4 0.35', 'person 0.741 at 0.75 0.45 0.1 0.3'),
      people: boxed('person 0.91 at 0.75 0.45 0.1 0.3', 'person 0.0017 at 0 0.1 0.05 0.2'),
      text: lines('MARIE 42'),
    }),
    expected: {
      plain:
        'A red fishing boat moored in a small harbour at dusk. Also in view: a white cabin, a man standing on a pier and the sky. The text "MARIE 42" can be read. Low-key, golden-hour light. A palette of slate blue, burnt orange and charcoal. Subject centered. Landscape format, 3:2. Shot on a NIKON Z 6 at 20 mm, f/8.',
      sd15: 'a red fishing boat moored in a small harbour at dusk, a white cabin, a man standing on a pier, sky, low-key, golden-hour light, palette of slate blue, burnt orange and charcoal, subject centered, shot at 20 mm, f/8',
      sdxl: 'a red fishing boat moored in a small harbour at dusk, a white cabin, a man standing on a pier, sky, low-key, golden-hour light, palette of slate blue, burnt orange and charcoal, subject centered, shot at 20 mm, f/8',
      sd35: 'A red fishing boat moored in a small harbour at dusk. The scene includes a white cabin, a man standing on a pier and the sky. The text "MARIE 42" is written in the picture. Shot at 20 mm, f/8. Low-key, golden-hour light. A palette of slate blue, burnt orange and charcoal. Subject centered.',
      flux1:
        'A red fishing boat moored in a small harbour at dusk. The scene includes a white cabin, a man standing on a pier and the sky. The text "MARIE 42" is written in the picture. Shot on a NIKON Z 6 at 20 mm, f/8. Low-key, golden-hour light. A palette of slate blue, burnt orange and charcoal. Subject centered.',
      flux2:
        'A red fishing boat moored in a small harbour at dusk. The scene includes a white cabin, a man standing on a pier and the sky. The text "MARIE 42" is written in the picture. Shot on a NIKON Z 6 at 20 mm, f/8. Low-key, golden-hour light. The largest areas are slate blue (color #2b3a55), burnt orange (color #c9772f) and charcoal (color #14181f). Subject centered.',
      midjourney:
        'a red fishing boat moored in a small harbour at dusk, a white cabin, a man standing on a pier, sky, the text "MARIE 42", low-key, golden-hour light, palette of slate blue, burnt orange and charcoal, subject centered, shot on a NIKON Z 6 at 20 mm, f/8 --ar 3:2',
      'gpt-image':
        'A photograph of a red fishing boat moored in a small harbour at dusk. The scene includes a white cabin, a man standing on a pier and the sky. The text "MARIE 42" is written in the picture. Shot on a NIKON Z 6 at 20 mm, f/8. Low-key, golden-hour light. A palette of slate blue, burnt orange and charcoal. Subject centered.',
      alt: 'A red fishing boat moored in a small harbour at dusk',
    },
  },
  {
    name: 'mountains at sunrise',
    of: WIDE_LENS,
    look: {
      palette: [
        ['#e8b27a', 'peach', 0.4],
        ['#5a7196', 'slate blue', 0.35],
        ['#22303c', 'dark navy', 0.25],
      ],
      light: { temperature: 4900, contrast: 0.32, saturation: 0.18 },
      composition: { subject: 'spread', negativeSpace: 0.35 },
    },
    analysis: seen('a mountain range with snow and clouds', {
      regions: tagged(
        'a snowy mountain with a sunset in the background 0.72, a view of clouds and mountains 0.7',
      ),
      tags: tagged(
        'sky 0.998, nature 0.99, outdoor 0.98, mountain 0.97, cloud 0.96, landscape 0.93, snow 0.91, mountain range 0.9, sunrise 0.84, sunset 0.79, highland 0.7, hill 0.66',
      ),
    }),
    expected: {
      plain:
        'A mountain range with snow and clouds. Also in view: a sunset in the background. Golden-hour light. A palette of peach, slate blue and dark navy. Landscape format, 3:2. Shot on a NIKON Z 6 at 20 mm, f/8.',
      sdxl: 'a mountain range with snow and clouds, a sunset in the background, golden-hour light, palette of peach, slate blue and dark navy, shot at 20 mm, f/8',
      flux1:
        'A mountain range with snow and clouds. The scene includes a sunset in the background. Shot on a NIKON Z 6 at 20 mm, f/8. Golden-hour light. A palette of peach, slate blue and dark navy.',
      midjourney:
        'a mountain range with snow and clouds, a sunset in the background, golden-hour light, palette of peach, slate blue and dark navy, shot on a NIKON Z 6 at 20 mm, f/8 --ar 3:2',
      alt: 'A mountain range with snow and clouds',
    },
  },
  {
    name: 'a beach at noon, by telephone',
    of: PHONE,
    look: {
      palette: [
        ['#7dc0ee', 'sky blue', 0.5],
        ['#d8c6a4', 'beige', 0.3],
        ['#35c8b2', 'turquoise', 0.2],
      ],
      light: { key: 'high', temperature: 7000, contrast: 0.28, saturation: 0.37 },
      composition: { subject: 'right', negativeSpace: 0.66 },
    },
    analysis: seen('a person walking on a beach with palm trees', {
      tags: tagged(
        'sky 0.99, outdoor 0.99, beach 0.98, water 0.97, ground 0.95, nature 0.94, ocean 0.93, tree 0.9, cloud 0.88, coast 0.86, sand 0.85, palm tree 0.8, tropics 0.66, vacation 0.6, shore 0.58',
      ),
      people: boxed('person 0.82 at 0.7 0.5 0.06 0.2'),
    }),
    expected: {
      plain:
        'A person walking on a beach with palm trees. Also in view: the sky, the ground and clouds. High-key light. A vivid palette of sky blue, beige and turquoise. Composition weighted to the right, with generous negative space. Landscape format, 3:2. Shot on an Apple iPhone 15.',
      sdxl: 'a person walking on a beach with palm trees, sky, ground, cloud, high-key light, vivid palette of sky blue, beige and turquoise, composition weighted to the right, generous negative space, photograph',
      flux2:
        'A person walking on a beach with palm trees. The scene includes the sky, the ground and clouds. Shot on an Apple iPhone 15. High-key light. Vivid colors: the largest areas are sky blue (color #7dc0ee), beige (color #d8c6a4) and turquoise (color #35c8b2). Composition weighted to the right, with generous negative space.',
      midjourney:
        'a person walking on a beach with palm trees, sky, ground, cloud, high-key light, vivid palette of sky blue, beige and turquoise, composition weighted to the right, generous negative space, shot on an Apple iPhone 15 --ar 3:2',
      'gpt-image':
        'A photograph of a person walking on a beach with palm trees. The scene includes the sky, the ground and clouds. Shot on an Apple iPhone 15. High-key light. A vivid palette of sky blue, beige and turquoise. Composition weighted to the right, with generous negative space.',
      alt: 'A person walking on a beach with palm trees',
    },
  },
  {
    name: 'a forest in fog',
    look: {
      palette: [
        ['#8a9a8e', 'muted sage', 0.6],
        ['#34423a', 'dark forest green', 0.4],
      ],
      light: { temperature: 7100, contrast: 0.18, saturation: 0.05 },
      composition: { subject: 'center', negativeSpace: 0.45, sharpness: 0.15 },
    },
    analysis: seen('a foggy forest with tall trees', {
      regions: tagged('a path through a forest 0.66, tall trees in the fog 0.64'),
      tags: tagged(
        'tree 0.99, fog 0.98, outdoor 0.97, mist 0.96, nature 0.95, haze 0.9, forest 0.9, plant 0.88, woodland 0.8, morning 0.6',
      ),
    }),
    expected: {
      plain:
        'A foggy forest with tall trees, in the morning. Also in view: a path through a forest. Soft light. A muted palette of sage and dark forest green. Centered composition, with soft focus. Landscape format, 3:2.',
      sd15: 'a foggy forest with tall trees, in the morning, a path through a forest, soft light, muted palette of sage and dark forest green, centered composition, soft focus',
      sd35: 'A foggy forest with tall trees, in the morning. The scene includes a path through a forest. Soft light. A muted palette of sage and dark forest green. Centered composition, with soft focus.',
      midjourney:
        'a foggy forest with tall trees, in the morning, a path through a forest, soft light, muted palette of sage and dark forest green, centered composition, soft focus --ar 3:2',
      alt: 'A foggy forest with tall trees',
    },
  },
  {
    name: 'a city street with a cyclist',
    of: LONG_LENS,
    look: {
      palette: [
        ['#6b6f76', 'cool dark grey', 0.5],
        ['#a5312b', 'brick red', 0.3],
        ['#d8a622', 'gold', 0.2],
      ],
      light: { contrast: 0.57 },
      composition: { subject: 'right', negativeSpace: 0.2, sharpness: 0.7 },
    },
    analysis: seen('a man riding a bicycle on a city street', {
      regions: tagged(
        'a man riding a bicycle 0.8, a close-up of a bicycle wheel 0.7, a dog on a leash 0.71, a blurry image of a street light 0.6',
      ),
      tags: tagged(
        'outdoor 0.99, bicycle 0.98, land vehicle 0.97, person 0.96, street 0.95, road 0.94, vehicle 0.93, wheel 0.92, bicycle wheel 0.9, building 0.9, clothing 0.88, transport 0.84, text 0.6, bicycle helmet 0.55',
      ),
      objects: boxed(
        'Bicycle 0.9 at 0.6 0.4 0.3 0.5',
        'person 0.9 at 0.7 0.2 0.2 0.6',
        'traffic light 0.7 at 0.1 0.1 0.03 0.1',
        'traffic light 0.6 at 0.3 0.1 0.03 0.1',
      ),
      people: boxed('person 0.9 at 0.7 0.2 0.2 0.6'),
    }),
    expected: {
      plain:
        'A man riding a bicycle on a city street. Also in view: a dog on a leash, a street light and two traffic lights. High contrast. A palette of cool dark grey, brick red and gold. Subject on the right, with sharp focus. Landscape format, 3:2. Shot on a Canon EOS R7 at 400 mm, f/5.6.',
      sd15: 'a man riding a bicycle on a city street, a dog on a leash, a street light, two traffic lights, high contrast, palette of cool dark grey, brick red and gold, subject on the right, sharp focus, shot at 400 mm, f/5.6',
      sdxl: 'a man riding a bicycle on a city street, a dog on a leash, a street light, two traffic lights, high contrast, palette of cool dark grey, brick red and gold, subject on the right, sharp focus, shot at 400 mm, f/5.6',
      flux1:
        'A man riding a bicycle on a city street. The scene includes a dog on a leash, a street light and two traffic lights. Shot on a Canon EOS R7 at 400 mm, f/5.6. High contrast. A palette of cool dark grey, brick red and gold. Subject on the right, with sharp focus.',
      flux2:
        'A man riding a bicycle on a city street. The scene includes a dog on a leash, a street light and two traffic lights. Shot on a Canon EOS R7 at 400 mm, f/5.6. High contrast. The largest areas are cool dark grey (color #6b6f76), brick red (color #a5312b) and gold (color #d8a622). Subject on the right, with sharp focus.',
      midjourney:
        'a man riding a bicycle on a city street, a dog on a leash, a street light, two traffic lights, high contrast, palette of cool dark grey, brick red and gold, subject on the right, sharp focus, shot on a Canon EOS R7 at 400 mm, f/5.6 --ar 3:2',
      'gpt-image':
        'A photograph of a man riding a bicycle on a city street. The scene includes a dog on a leash, a street light and two traffic lights. Shot on a Canon EOS R7 at 400 mm, f/5.6. High contrast. A palette of cool dark grey, brick red and gold. Subject on the right, with sharp focus.',
      alt: 'A man riding a bicycle on a city street',
      negative:
        'lowres, jpeg artifacts, watermark, text, blurry, bad anatomy, extra fingers, painting, illustration',
    },
  },
  {
    name: 'a place where the service writes no captions',
    reason:
      'Outside the caption regions there are tags and objects only: one thing leads, the others follow as a list.',
    look: {
      palette: [
        ['#22502e', 'forest green', 0.6],
        ['#7dc0ee', 'sky blue', 0.4],
      ],
      light: { saturation: 0.36 },
      composition: { subject: 'left' },
    },
    analysis: seen(null, {
      tags: tagged(
        'sky 0.99, outdoor 0.99, grass 0.98, cloud 0.95, tree 0.94, dog 0.93, mammal 0.92, carnivore 0.9, ball 0.8, running 0.7, plant 0.7, field 0.65',
      ),
      objects: boxed('Dog 0.9 at 0.1 0.4 0.3 0.4'),
    }),
    expected: {
      plain:
        'A dog running. Also in view: the sky, grass, clouds, a tree, a ball and a field. A vivid palette of forest green and sky blue. Subject on the left. Landscape format, 3:2.',
      sdxl: 'a dog, running, sky, grass, cloud, tree, ball, field, vivid palette of forest green and sky blue, subject on the left',
      flux1:
        'A dog running. The scene includes the sky, grass, clouds, a tree and a ball. A vivid palette of forest green and sky blue. Subject on the left.',
      midjourney:
        'a dog, running, sky, grass, cloud, tree, ball, vivid palette of forest green and sky blue, subject on the left --ar 3:2',
      alt: 'A dog, the sky and grass',
    },
  },
];
