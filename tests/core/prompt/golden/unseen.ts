import { image, NOTHING_SEEN } from '../samples.ts';
import { type Golden, PHONE, PORTRAIT_LENS, WIDE_LENS } from './golden.ts';

/** Images that nobody looked at: `local`, and those that bring the prompt they were made from. */

const made = (prompt: string) => ({
  ...image(),
  recovered: {
    generator: 'AUTOMATIC1111',
    prompt,
    negativePrompt: 'blurry',
    parameters: {},
    completeness: 'full' as const,
  },
});

export const UNSEEN: readonly Golden[] = [
  {
    name: 'a moody photo, local',
    of: PORTRAIT_LENS,
    look: {
      light: { key: 'low', contrast: 0.7, temperature: 4300 },
      composition: { negativeSpace: 0.7 },
    },
    analysis: NOTHING_SEEN,
    expected: {
      plain:
        'A photograph in landscape format, 3:2. Low-key, warm light with high contrast. A palette of burnt orange, deep navy and charcoal. Composition weighted to the right, with generous negative space. Shot on a Canon EOS R5 at 85 mm, f/1.8.',
      sd15: 'low-key, warm light with high contrast, palette of burnt orange, deep navy and charcoal, composition weighted to the right, generous negative space, shot at 85 mm, f/1.8',
      sdxl: 'low-key, warm light with high contrast, palette of burnt orange, deep navy and charcoal, composition weighted to the right, generous negative space, shot at 85 mm, f/1.8',
      sd35: 'A photograph in low-key, warm light with high contrast. Shot at 85 mm, f/1.8. A palette of burnt orange, deep navy and charcoal. Composition weighted to the right, with generous negative space.',
      flux1:
        'A photograph in low-key, warm light with high contrast. Shot on a Canon EOS R5 at 85 mm, f/1.8. A palette of burnt orange, deep navy and charcoal. Composition weighted to the right, with generous negative space.',
      flux2:
        'A photograph in low-key, warm light with high contrast. Shot on a Canon EOS R5 at 85 mm, f/1.8. The largest areas are burnt orange (color #c4561e), deep navy (color #0b1d3a) and charcoal (color #2b2b2d). Composition weighted to the right, with generous negative space.',
      midjourney:
        'low-key, warm light with high contrast, palette of burnt orange, deep navy and charcoal, composition weighted to the right, generous negative space, shot on a Canon EOS R5 at 85 mm, f/1.8 --ar 3:2',
      'gpt-image':
        'A photograph in low-key, warm light with high contrast. Shot on a Canon EOS R5 at 85 mm, f/1.8. A palette of burnt orange, deep navy and charcoal. Composition weighted to the right, with generous negative space.',
      alt: 'Photograph, mostly burnt orange and deep navy',
    },
  },
  {
    name: 'a snapshot without a look of its own, local',
    reason:
      'Middling light and an even spread of detail are not worth a word: little is known, and little is said.',
    of: PHONE,
    look: { composition: { subject: 'spread', orientation: 'portrait', aspect: '3:4' } },
    analysis: NOTHING_SEEN,
    expected: {
      plain:
        'A photograph in portrait format, 3:4. A palette of burnt orange, deep navy and charcoal. Shot on an Apple iPhone 15.',
      sdxl: 'palette of burnt orange, deep navy and charcoal, photograph',
      flux1: 'A photograph. Shot on an Apple iPhone 15. A palette of burnt orange, deep navy and charcoal.',
      midjourney: 'palette of burnt orange, deep navy and charcoal, shot on an Apple iPhone 15 --ar 3:4',
      'gpt-image':
        'A photograph. Shot on an Apple iPhone 15. A palette of burnt orange, deep navy and charcoal.',
      alt: 'Photograph, mostly burnt orange and deep navy',
    },
  },
  {
    name: 'a grey photo, local',
    of: WIDE_LENS,
    look: {
      palette: [
        ['#1c1c1c', 'charcoal', 0.6],
        ['#d0d0d0', 'light grey', 0.4],
      ],
      light: { saturation: 0, contrast: 0.6 },
      composition: { subject: 'bottom', sharpness: 0.7 },
    },
    analysis: NOTHING_SEEN,
    expected: {
      plain:
        'A photograph in landscape format, 3:2. Black and white with high contrast. A palette of charcoal and light grey. Composition weighted to the bottom, with sharp focus. Shot on a NIKON Z 6 at 20 mm, f/8.',
      sdxl: 'black and white with high contrast, palette of charcoal and light grey, composition weighted to the bottom, sharp focus, shot at 20 mm, f/8',
      flux2:
        'A photograph in black and white with high contrast. Shot on a NIKON Z 6 at 20 mm, f/8. The largest areas are charcoal (color #1c1c1c) and light grey (color #d0d0d0). Composition weighted to the bottom, with sharp focus.',
      midjourney:
        'black and white with high contrast, palette of charcoal and light grey, composition weighted to the bottom, sharp focus, shot on a NIKON Z 6 at 20 mm, f/8 --ar 3:2 --no color',
      'gpt-image':
        'A photograph in black and white with high contrast. Shot on a NIKON Z 6 at 20 mm, f/8. A palette of charcoal and light grey. Composition weighted to the bottom, with sharp focus.',
      alt: 'Photograph, mostly charcoal and light grey',
      negative: 'lowres, jpeg artifacts, watermark, text, blurry, painting, illustration, color',
    },
  },
  {
    name: 'a blank page, local',
    look: {
      palette: [['#ffffff', 'white', 1]],
      light: { key: 'high', contrast: 0, saturation: 0 },
      composition: { negativeSpace: 1, subject: 'center', sharpness: 0 },
    },
    analysis: NOTHING_SEEN,
    expected: {
      plain:
        'An image in landscape format, 3:2. High-key, soft light. White throughout. An even, empty surface.',
      sdxl: 'high-key, soft light, white throughout, an even, empty surface',
      flux1: 'An image in high-key, soft light. White throughout. An even, empty surface.',
      midjourney: 'high-key, soft light, white throughout, an even, empty surface --ar 3:2',
      alt: 'Image, mostly white',
    },
  },
  {
    name: 'a colour gradient, local',
    look: {
      palette: [
        ['#2358d8', 'blue', 0.5],
        ['#7f1f8f', 'purple', 0.5],
      ],
      light: { contrast: 0.05, saturation: 0.5, temperature: 15000 },
      composition: {
        orientation: 'square',
        aspect: '1:1',
        negativeSpace: 1,
        subject: 'spread',
        sharpness: 0,
      },
    },
    analysis: NOTHING_SEEN,
    expected: {
      plain:
        'An image in square format, 1:1. Cool, soft light. A vivid palette of blue and purple. Smooth gradations.',
      sdxl: 'cool, soft light, vivid palette of blue and purple, smooth gradations',
      flux2:
        'An image in cool, soft light. Vivid colors: the largest areas are blue (color #2358d8) and purple (color #7f1f8f). Smooth gradations.',
      midjourney: 'cool, soft light, vivid palette of blue and purple, smooth gradations --ar 1:1',
      alt: 'Image, mostly blue and purple',
    },
  },
  {
    name: 'a recovered prompt with weights and a LoRA, local',
    reason:
      'The document gives the prompt as it was written; other models get its words without weights, LoRAs and praise.',
    of: made(
      'masterpiece, best quality, (a knight in silver armor:1.2), standing on a cliff, [storm], <lora:oil:0.8> oil painting',
    ),
    look: {
      palette: [
        ['#555555', 'cool dark grey', 0.6],
        ['#4379ab', 'steel blue', 0.4],
      ],
      light: { key: 'low', contrast: 0.5, temperature: 9000, saturation: 0.07 },
      composition: { orientation: 'portrait', aspect: '2:3', subject: 'center' },
    },
    analysis: NOTHING_SEEN,
    expected: {
      plain:
        'A knight in silver armor, standing on a cliff, storm, oil painting. Low-key, cool light. A muted palette of cool dark grey and steel blue. Centered composition. Portrait format, 2:3.',
      sdxl: 'a knight in silver armor, standing on a cliff, storm, oil painting, low-key, cool light, muted palette of cool dark grey and steel blue, centered composition',
      flux1:
        'A knight in silver armor, standing on a cliff, storm, oil painting. Low-key, cool light. A muted palette of cool dark grey and steel blue. Centered composition.',
      flux2:
        'A knight in silver armor, standing on a cliff, storm, oil painting. Low-key, cool light. Muted colors: the largest areas are cool dark grey (color #555555) and steel blue (color #4379ab). Centered composition.',
      midjourney:
        'a knight in silver armor, standing on a cliff, storm, oil painting, low-key, cool light, muted palette of cool dark grey and steel blue, centered composition --ar 2:3',
      'gpt-image':
        'A knight in silver armor, standing on a cliff, storm, oil painting. Low-key, cool light. A muted palette of cool dark grey and steel blue. Centered composition.',
      alt: 'Image, mostly cool dark grey and steel blue',
    },
  },
  {
    name: 'a recovered Midjourney prompt, local',
    of: made('isometric tea house in a bamboo garden, soft pastel colors --ar 16:9 --v 6 --stylize 250'),
    look: {
      palette: [
        ['#a6e4c6', 'mint', 0.5],
        ['#f7abc0', 'pink', 0.3],
        ['#f6ebc8', 'cream', 0.2],
      ],
      light: { key: 'high', contrast: 0.2, saturation: 0.2 },
      composition: { aspect: '16:9', subject: 'center' },
    },
    analysis: NOTHING_SEEN,
    expected: {
      plain:
        'Isometric tea house in a bamboo garden, soft pastel colors. High-key, soft light. A palette of mint, pink and cream. Centered composition. Landscape format, 16:9.',
      sdxl: 'isometric tea house in a bamboo garden, soft pastel colors, high-key, soft light, palette of mint, pink and cream, centered composition',
      flux1:
        'Isometric tea house in a bamboo garden, soft pastel colors. High-key, soft light. A palette of mint, pink and cream. Centered composition.',
      midjourney:
        'isometric tea house in a bamboo garden, soft pastel colors, high-key, soft light, palette of mint, pink and cream, centered composition --ar 16:9',
      alt: 'Image, mostly mint and pink',
    },
  },
];
