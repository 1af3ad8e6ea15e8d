import { seen } from '../samples.ts';
import { boxed, type Golden, lines, MACRO_LENS, NORMAL_LENS, PHONE, tagged } from './golden.ts';

export const PRODUCTS: readonly Golden[] = [
  {
    name: 'a watch on white',
    of: MACRO_LENS,
    look: {
      palette: [
        ['#ffffff', 'white', 0.7],
        ['#adadad', 'silver', 0.2],
        ['#17265c', 'navy', 0.1],
      ],
      light: { key: 'high', contrast: 0.3, saturation: 0.03 },
      composition: {
        orientation: 'square',
        aspect: '1:1',
        subject: 'center',
        negativeSpace: 0.75,
        sharpness: 0.8,
      },
    },
    analysis: seen('a close up of a wrist watch', {
      tags: tagged(
        'watch 0.99, clock 0.97, accessory 0.93, analog watch 0.92, fashion accessory 0.9, watch accessory 0.86, strap 0.8, silver 0.7, brand 0.6, still life photography 0.55',
      ),
      text: lines('AUTOMATIC', '12', '200m'),
    }),
    expected: {
      plain:
        'Close-up of a wrist watch. Also in view: a strap. The lines "AUTOMATIC", "12" and "200m" can be read. High-key light. A muted palette of white, silver and navy. Centered composition, with generous negative space and sharp focus. Square format, 1:1. Shot on a SONY ILCE-7M4 at 90 mm, f/4.',
      sd15: 'a wrist watch, close-up, strap, high-key light, muted palette of white, silver and navy, centered composition, generous negative space, sharp focus, shot at 90 mm, f/4',
      sdxl: 'a wrist watch, close-up, strap, the text "AUTOMATIC" and "12", high-key light, muted palette of white, silver and navy, centered composition, generous negative space, sharp focus, shot at 90 mm, f/4',
      flux1:
        'Close-up of a wrist watch. The scene includes a strap. The lines "AUTOMATIC", "12" and "200m" are written in the picture. Shot on a SONY ILCE-7M4 at 90 mm, f/4. High-key light. A muted palette of white, silver and navy. Centered composition, with generous negative space and sharp focus.',
      flux2:
        'Close-up of a wrist watch. The scene includes a strap. The lines "AUTOMATIC", "12" and "200m" are written in the picture. Shot on a SONY ILCE-7M4 at 90 mm, f/4. High-key light. Muted colors: the largest areas are white (color #ffffff), silver (color #adadad) and navy (color #17265c). Centered composition, with generous negative space and sharp focus.',
      midjourney:
        'a wrist watch, close-up, strap, the text "AUTOMATIC", high-key light, muted palette of white, silver and navy, centered composition, generous negative space, sharp focus, shot on a SONY ILCE-7M4 at 90 mm, f/4 --ar 1:1',
      'gpt-image':
        'A close-up photograph of a wrist watch. The scene includes a strap. The lines "AUTOMATIC", "12" and "200m" are written in the picture. Shot on a SONY ILCE-7M4 at 90 mm, f/4. High-key light. A muted palette of white, silver and navy. Centered composition, with generous negative space and sharp focus.',
      alt: 'A wrist watch',
      negative: 'lowres, jpeg artifacts, watermark, blurry, painting, illustration',
    },
  },
  {
    name: 'a cup of coffee from above',
    of: PHONE,
    look: {
      palette: [
        ['#6d4428', 'brown', 0.5],
        ['#f6ebc8', 'cream', 0.3],
        ['#2d2d2d', 'charcoal', 0.2],
      ],
      light: { temperature: 4700, contrast: 0.35, saturation: 0.14 },
      composition: {
        orientation: 'portrait',
        aspect: '4:5',
        subject: 'center',
        negativeSpace: 0.3,
        sharpness: 0.5,
      },
    },
    analysis: seen('a cup of coffee with a leaf design on a wooden table', {
      regions: tagged('a cup of coffee 0.8, a spoon on a saucer 0.72, a wooden table with a plant 0.6'),
      tags: tagged(
        'coffee 0.99, cup 0.98, drink 0.97, tableware 0.96, indoor 0.95, saucer 0.94, latte 0.92, coffee cup 0.92, cappuccino 0.9, espresso 0.85, table 0.8, serveware 0.75, wood 0.6',
      ),
      objects: boxed('cup 0.9 at 0.3 0.3 0.4 0.4', 'Spoon 0.7 at 0.6 0.6 0.2 0.1'),
    }),
    expected: {
      plain:
        'A cup of coffee with a leaf design on a wooden table, indoors. Also in view: a spoon on a saucer and a plant. Warm light. A palette of brown, cream and charcoal. Subject centered. Portrait format, 4:5. Shot on an Apple iPhone 15.',
      sdxl: 'a cup of coffee with a leaf design on a wooden table, indoors, a spoon on a saucer, a plant, warm light, palette of brown, cream and charcoal, subject centered, photograph',
      sd35: 'A photograph of a cup of coffee with a leaf design on a wooden table, indoors. The scene includes a spoon on a saucer and a plant. Warm light. A palette of brown, cream and charcoal. Subject centered.',
      flux1:
        'A cup of coffee with a leaf design on a wooden table, indoors. The scene includes a spoon on a saucer and a plant. Shot on an Apple iPhone 15. Warm light. A palette of brown, cream and charcoal. Subject centered.',
      midjourney:
        'a cup of coffee with a leaf design on a wooden table, indoors, a spoon on a saucer, a plant, warm light, palette of brown, cream and charcoal, subject centered, shot on an Apple iPhone 15 --ar 4:5',
      'gpt-image':
        'A photograph of a cup of coffee with a leaf design on a wooden table, indoors. The scene includes a spoon on a saucer and a plant. Shot on an Apple iPhone 15. Warm light. A palette of brown, cream and charcoal. Subject centered.',
      alt: 'A cup of coffee with a leaf design on a wooden table',
    },
  },
  {
    name: 'running shoes',
    look: {
      palette: [
        ['#d0211f', 'red', 0.5],
        ['#ffffff', 'white', 0.4],
        ['#080808', 'black', 0.1],
      ],
      light: { key: 'high', saturation: 0.45, contrast: 0.5 },
      composition: { subject: 'center', negativeSpace: 0.7, sharpness: 0.75 },
    },
    analysis: seen('a pair of red running shoes', {
      tags: tagged(
        'footwear 0.99, shoe 0.99, sneakers 0.97, clothing 0.95, running shoe 0.93, athletic shoe 0.9, outdoor shoe 0.88, sportswear 0.8, carmine 0.6, walking shoe 0.55',
      ),
    }),
    expected: {
      plain:
        'A pair of red running shoes. High-key light. A vivid palette of red, white and black. Centered composition, with generous negative space and sharp focus. Landscape format, 3:2.',
      sdxl: 'a pair of red running shoes, high-key light, vivid palette of red, white and black, centered composition, generous negative space, sharp focus',
      flux2:
        'A pair of red running shoes. High-key light. Vivid colors: the largest areas are red (color #d0211f), white (color #ffffff) and black (color #080808). Centered composition, with generous negative space and sharp focus.',
      midjourney:
        'a pair of red running shoes, high-key light, vivid palette of red, white and black, centered composition, generous negative space, sharp focus --ar 3:2',
      alt: 'A pair of red running shoes',
    },
  },
  {
    name: 'a perfume bottle',
    of: MACRO_LENS,
    look: {
      palette: [
        ['#107c7e', 'muted teal', 0.5],
        ['#b5802e', 'ochre', 0.3],
        ['#2d2d2d', 'charcoal', 0.2],
      ],
      light: { key: 'low', contrast: 0.45, saturation: 0.08 },
      composition: {
        orientation: 'portrait',
        aspect: '2:3',
        subject: 'right',
        negativeSpace: 0.8,
        sharpness: 0.62,
      },
    },
    analysis: seen('a bottle of perfume on a black surface', {
      tags: tagged(
        'bottle 0.98, perfume 0.97, cosmetics 0.9, toiletry 0.88, indoor 0.85, glass 0.7, liquid 0.6',
      ),
      objects: boxed('Bottle 0.9 at 0.6 0.2 0.25 0.6'),
      text: lines('N°7', 'EAU DE PARFUM'),
    }),
    expected: {
      plain:
        'A bottle of perfume on a black surface, indoors. Also in view: glass. The lines "N°7" and "EAU DE PARFUM" can be read. Low-key light. A muted palette of teal, ochre and charcoal. Subject on the right, with generous negative space and sharp focus. Portrait format, 2:3. Shot on a SONY ILCE-7M4 at 90 mm, f/4.',
      sdxl: 'a bottle of perfume on a black surface, indoors, glass, low-key light, muted palette of teal, ochre and charcoal, subject on the right, generous negative space, sharp focus, shot at 90 mm, f/4',
      flux1:
        'A bottle of perfume on a black surface, indoors. The scene includes glass. The lines "N°7" and "EAU DE PARFUM" are written in the picture. Shot on a SONY ILCE-7M4 at 90 mm, f/4. Low-key light. A muted palette of teal, ochre and charcoal. Subject on the right, with generous negative space and sharp focus.',
      flux2:
        'A bottle of perfume on a black surface, indoors. The scene includes glass. The lines "N°7" and "EAU DE PARFUM" are written in the picture. Shot on a SONY ILCE-7M4 at 90 mm, f/4. Low-key light. Muted colors: the largest areas are teal (color #107c7e), ochre (color #b5802e) and charcoal (color #2d2d2d). Subject on the right, with generous negative space and sharp focus.',
      midjourney:
        'a bottle of perfume on a black surface, indoors, glass, the text "N°7", low-key light, muted palette of teal, ochre and charcoal, subject on the right, generous negative space, sharp focus, shot on a SONY ILCE-7M4 at 90 mm, f/4 --ar 2:3',
      'gpt-image':
        'A photograph of a bottle of perfume on a black surface, indoors. The scene includes glass. The lines "N°7" and "EAU DE PARFUM" are written in the picture. Shot on a SONY ILCE-7M4 at 90 mm, f/4. Low-key light. A muted palette of teal, ochre and charcoal. Subject on the right, with generous negative space and sharp focus.',
      alt: 'A bottle of perfume on a black surface',
    },
  },
  {
    name: 'a living room',
    of: NORMAL_LENS,
    look: {
      palette: [
        ['#d8c6a4', 'beige', 0.5],
        ['#9bae87', 'sage', 0.3],
        ['#95562b', 'sienna', 0.2],
      ],
      light: { temperature: 5200, contrast: 0.2, saturation: 0.12 },
      composition: { subject: 'spread', negativeSpace: 0.1, sharpness: 0.5 },
    },
    analysis: seen('a living room with a couch and a coffee table', {
      regions: tagged(
        'a couch with pillows 0.78, a plant in a pot 0.77, a lamp on a side table 0.7, a rug on the floor 0.68',
      ),
      tags: tagged(
        'indoor 0.99, furniture 0.99, wall 0.98, interior design 0.97, floor 0.96, table 0.95, couch 0.95, living room 0.94, pillow 0.93, studio couch 0.9, house 0.88, coffee table 0.87, room 0.86, design 0.8, houseplant 0.75, vase 0.7, loveseat 0.6',
      ),
      objects: boxed(
        'couch 0.9 at 0.1 0.4 0.6 0.4',
        'Table 0.8 at 0.4 0.7 0.3 0.2',
        'pillow 0.7 at 0.2 0.5 0.1 0.1',
        'pillow 0.7 at 0.4 0.5 0.1 0.1',
      ),
    }),
    expected: {
      plain:
        'A living room with a couch and a coffee table. Also in view: pillows, a plant in a pot, a lamp on a side table, a rug and a vase. Warm, soft light. A palette of beige, sage and sienna. Subject centered, with detail filling the frame. Landscape format, 3:2. Shot on a FUJIFILM X-T5 at 35 mm, f/2.',
      sd15: 'a living room with a couch and a coffee table, pillows, a plant in a pot, a lamp on a side table, a rug, warm, soft light, palette of beige, sage and sienna, subject centered, detail filling the frame, shot at 35 mm, f/2',
      sdxl: 'a living room with a couch and a coffee table, pillows, a plant in a pot, a lamp on a side table, a rug, warm, soft light, palette of beige, sage and sienna, subject centered, detail filling the frame, shot at 35 mm, f/2',
      sd35: 'A living room with a couch and a coffee table. The scene includes pillows, a plant in a pot, a lamp on a side table, a rug and a vase. Shot at 35 mm, f/2. Warm, soft light. A palette of beige, sage and sienna. Subject centered, with detail filling the frame.',
      flux1:
        'A living room with a couch and a coffee table. The scene includes pillows, a plant in a pot, a lamp on a side table, a rug and a vase. Shot on a FUJIFILM X-T5 at 35 mm, f/2. Warm, soft light. A palette of beige, sage and sienna. Subject centered, with detail filling the frame.',
      midjourney:
        'a living room with a couch and a coffee table, pillows, a plant in a pot, a lamp on a side table, a rug, vase, warm, soft light, palette of beige, sage and sienna, subject centered, detail filling the frame, shot on a FUJIFILM X-T5 at 35 mm, f/2 --ar 3:2',
      alt: 'A living room with a couch and a coffee table',
    },
  },
  {
    name: 'a plate of food',
    of: PHONE,
    look: {
      palette: [
        ['#d0211f', 'red', 0.4],
        ['#f6ebc8', 'cream', 0.4],
        ['#2f9e44', 'green', 0.2],
      ],
      light: { temperature: 5600, saturation: 0.36, contrast: 0.4 },
      composition: { orientation: 'square', aspect: '1:1', subject: 'center', negativeSpace: 0.2 },
    },
    analysis: seen('a pizza with tomatoes and basil on a wooden board', {
      tags: tagged(
        'food 0.99, pizza 0.99, dish 0.97, baked goods 0.95, ingredient 0.94, cuisine 0.93, fast food 0.9, italian food 0.88, cheese 0.87, tomato 0.85, pizza cheese 0.8, california-style pizza 0.78, flatbread 0.75, recipe 0.7, indoor 0.6',
      ),
    }),
    expected: {
      plain:
        'A pizza with tomatoes and basil on a wooden board, indoors. Also in view: cheese. A vivid palette of red, cream and green. Centered composition. Square format, 1:1. Shot on an Apple iPhone 15.',
      sdxl: 'a pizza with tomatoes and basil on a wooden board, indoors, cheese, vivid palette of red, cream and green, centered composition, photograph',
      midjourney:
        'a pizza with tomatoes and basil on a wooden board, indoors, cheese, vivid palette of red, cream and green, centered composition, shot on an Apple iPhone 15 --ar 1:1',
      'gpt-image':
        'A photograph of a pizza with tomatoes and basil on a wooden board, indoors. The scene includes cheese. Shot on an Apple iPhone 15. A vivid palette of red, cream and green. Centered composition.',
      alt: 'A pizza with tomatoes and basil on a wooden board',
    },
  },
  {
    name: 'a bowl of ramen',
    reason: 'soup, noodles and food are the ramen; a phone is no look',
    of: PHONE,
    look: {
      palette: [
        ['#8a4a1e', 'sienna', 0.5],
        ['#e8d8b0', 'cream', 0.5],
      ],
      light: { temperature: 4200 },
      composition: { orientation: 'portrait', aspect: '4:5', subject: 'center' },
    },
    analysis: seen('a bowl of ramen with eggs and green onions', {
      regions: tagged(
        'a bowl of soup with noodles and eggs 0.8, a hand holding chopsticks 0.75, a wooden table with a bowl of food 0.7, a close up of an egg 0.6',
      ),
      tags: tagged(
        'food 0.99, dish 0.97, bowl 0.96, soup 0.95, cuisine 0.95, noodle 0.93, ramen 0.9, ingredient 0.9, noodle soup 0.9, chopsticks 0.8, table 0.7',
      ),
      objects: boxed('Bowl 0.8 at 0.1 0.2 0.8 0.7'),
    }),
    expected: {
      flux1:
        'A bowl of ramen with eggs and green onions. The scene includes a hand holding chopsticks and a wooden table. Shot on an Apple iPhone 15. Warm light. A palette of sienna and cream. Subject centered.',
      midjourney:
        'a bowl of ramen with eggs and green onions, a hand holding chopsticks, a wooden table, warm light, palette of sienna and cream, subject centered, shot on an Apple iPhone 15 --ar 4:5',
    },
  },
];
