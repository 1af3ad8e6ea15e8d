import { describe, expect, test } from '@jest/globals';
import { type Case, compose, prompt, reasons } from './composing.ts';
import { EOS_R5, found, GREY, image, measurements, seen, tags } from './samples.ts';

const MOODY = measurements({
  light: { key: 'low', contrast: 0.7, temperature: 4300 },
  composition: { negativeSpace: 0.7 },
});

const CYCLIST = seen('a man riding a bicycle on a city street', {
  regions: [
    found('a man riding a bicycle'),
    found('a close-up of a bicycle wheel'),
    found('a dog on a leash'),
  ],
  tags: tags('outdoor', 'bicycle', 'land vehicle', 'person', 'street', 'road', 'transport', 'text'),
  objects: [
    found('Bicycle', 0.9, { x: 0.6, y: 0.4, w: 0.3, h: 0.5 }),
    found('person', 0.9, { x: 0.7, y: 0.2, w: 0.2, h: 0.6 }),
    found('traffic light', 0.7),
    found('traffic light', 0.6),
  ],
  people: [found('person', 0.9, { x: 0.7, y: 0.2, w: 0.2, h: 0.6 }), found('person', 0.002)],
});

describe('of an image that nobody described', () => {
  const photo: Case = { of: image(EOS_R5), look: MOODY };

  test('the plain prompt is a description of its style that reads well aloud', () => {
    expect(prompt('plain', photo)).toBe(
      'A photograph in landscape format, 3:2. Low-key, warm light with high contrast. ' +
        'A palette of burnt orange, deep navy and charcoal. ' +
        'Composition weighted to the right, with generous negative space. ' +
        'Shot on a Canon EOS R5 at 85 mm, f/1.8.',
    );
  });

  test('the sdxl prompt is the same in comma phrases, without words for its format', () => {
    expect(prompt('sdxl', photo)).toBe(
      'low-key, warm light with high contrast, palette of burnt orange, deep navy and charcoal, ' +
        'composition weighted to the right, generous negative space, shot at 85 mm, f/1.8',
    );
  });

  test('the flux2 prompt ties each hex colour to an area', () => {
    expect(prompt('flux2', photo)).toBe(
      'A photograph in low-key, warm light with high contrast. Shot on a Canon EOS R5 at 85 mm, f/1.8. ' +
        'The largest areas are burnt orange (color #c4561e), deep navy (color #0b1d3a) and charcoal (color #2b2b2d). ' +
        'Composition weighted to the right, with generous negative space.',
    );
  });

  test('the midjourney prompt ends with the aspect ratio', () => {
    expect(prompt('midjourney', photo)).toBe(
      'low-key, warm light with high contrast, palette of burnt orange, deep navy and charcoal, ' +
        'composition weighted to the right, generous negative space, shot on a Canon EOS R5 at 85 mm, f/1.8 --ar 3:2',
    );
  });

  test('a middling look is not dressed up with words', () => {
    expect(prompt('plain', {})).toBe(
      'An image in landscape format, 3:2. A palette of burnt orange, deep navy and charcoal. ' +
        'Composition weighted to the right.',
    );
  });

  test('a grey image is black and white, and colour is what it must not have', () => {
    const { prompt: text, negativePrompt } = compose('sdxl', { look: measurements(GREY) });
    expect(text).toBe(
      'black and white, palette of near black and light grey, composition weighted to the right',
    );
    expect(negativePrompt).toBe('lowres, jpeg artifacts, watermark, text, blurry, color');
  });

  test('an empty surface has no detail to place', () => {
    const look = measurements({
      palette: [['#ffffff', 'white', 1]],
      light: { key: 'high', contrast: 0, saturation: 0 },
      composition: { negativeSpace: 1, subject: 'center', sharpness: 0 },
    });
    expect(prompt('plain', { look })).toBe(
      'An image in landscape format, 3:2. High-key, soft light. White throughout. An even, empty surface.',
    );
    const ring = seen('a ring');
    expect(prompt('plain', { look, analysis: ring })).not.toContain('empty');
    expect(reasons(compose('plain', { look, analysis: ring }))).toContain(
      'an even, empty surface: something was seen on it',
    );
    const sign = seen(null, { text: [found('OPEN')] });
    expect(prompt('plain', { look, analysis: sign })).not.toContain('empty');
  });

  test.each([
    ['a ramp from black to white', { contrast: 0.58 }, { sharpness: 0 }, 'Smooth gradations.'],
    ['a gradient of colors', { contrast: 0.05 }, { sharpness: 0 }, 'Smooth gradations.'],
    [
      'a picture of two halves',
      { contrast: 0.5 },
      { sharpness: 1 },
      'Generous negative space and sharp focus.',
    ],
    [
      'a photo out of focus',
      {},
      { sharpness: 0.1, negativeSpace: 0.99 },
      'Composition weighted to the right, with generous negative space and soft focus.',
    ],
  ])('%s is no empty surface', (_, light, composition, words) => {
    const look = measurements({ light, composition: { negativeSpace: 1, ...composition } });
    expect(prompt('plain', { look })).toMatch(new RegExp(`navy and charcoal\\. ${words}$`));
  });

  test('light that is nearly without color is said in a sentence', () => {
    const look = measurements({ light: { contrast: 0.2, saturation: 0.01 } });
    expect(prompt('plain', { look })).toContain(
      'Soft light. A nearly monochrome palette of burnt orange, deep navy and charcoal.',
    );
  });

  test("a phone's focal length and aperture stay facts, for they would mean another look", () => {
    const phone = {
      make: 'Apple',
      model: 'iPhone 15',
      lens: null,
      focalLength: 6.9,
      aperture: 1.6,
      exposure: 0.01,
      iso: 64,
    };
    const { prompt: text, facts } = compose('plain', { of: image(phone) });
    expect(text).toMatch(/Shot on an Apple iPhone 15\.$/);
    expect(facts.map((fact) => fact.text)).toEqual(
      expect.arrayContaining(['6.9 mm', 'f/1.6', '1/100 s', 'ISO 64']),
    );
  });
});

describe('of a described image', () => {
  test('the caption leads, and nothing that it says is said again', () => {
    expect(prompt('plain', { of: image(EOS_R5), look: MOODY, analysis: CYCLIST })).toBe(
      'A man riding a bicycle on a city street. Also in view: a dog on a leash and two traffic lights. ' +
        'Low-key, warm light with high contrast. A palette of burnt orange, deep navy and charcoal. ' +
        'Subject on the right, with generous negative space. Landscape format, 3:2. ' +
        'Shot on a Canon EOS R5 at 85 mm, f/1.8.',
    );
  });

  test('what repeats a phrase becomes its evidence', () => {
    const { phrases, facts } = compose('plain', { analysis: CYCLIST });
    const evidence = phrases[0]?.evidence.map((index) => `${facts[index]?.kind} ${facts[index]?.text}`);
    expect(evidence).toEqual([
      'caption a man riding a bicycle on a city street',
      'region a man riding a bicycle',
      'region a close-up of a bicycle wheel',
      'tag outdoor',
      'tag bicycle',
      'tag person',
      'tag street',
      'tag road',
      'tag transport',
      'object Bicycle',
      'object person',
      'people 1 person',
    ]);
  });

  test('lead-ins go, and the close-up they tell of stays', () => {
    const analysis = seen('This image shows a close up of an orange cat.', {
      tags: tags('cat', 'animal', 'ribbon'),
    });
    expect(prompt('plain', { analysis })).toMatch(/^Close-up of an orange cat\. Also in view: a ribbon\. /);
    expect(prompt('sdxl', { analysis })).toMatch(/^an orange cat, close-up, ribbon, /);
  });

  test.each([
    ['a black and white photo of a man', 'A man'],
    ['There are two dogs in a park', 'Two dogs in a park'],
    ['a painting of a ship', 'A painting of a ship'],
    ['an aerial view of a city', 'An aerial view of a city'],
    ['A photo of Big Ben.', 'Big Ben'],
  ])('the caption "%s" is about: %s', (caption, subject) => {
    expect(prompt('plain', { analysis: seen(caption) }).split('. ')[0]).toBe(subject);
  });

  test('a grey image loses the colours that its caption and tags guessed', () => {
    const analysis = seen('an orange and white cat next to a vivid red car', {
      tags: tags('red', 'blue sky', 'monochrome'),
    });
    const composed = compose('sdxl', { look: measurements(GREY), analysis });
    expect(composed.prompt).toMatch(/^a white cat next to a car, sky, black and white, /);
    expect(reasons(composed)).toEqual(
      expect.arrayContaining(['orange, red: the pixels have no color', 'red: the pixels have no color']),
    );
  });

  test.each([
    ['black and white', {}, 'the pixels are in color'],
    ['bright', { light: { key: 'low' } }, 'the pixels say low-key light'],
    ['blurry', { composition: { sharpness: 0.9 } }, 'the pixels say sharp focus'],
  ] as const)('the tag "%s" gives way to what was measured', (tag, look, reason) => {
    const composed = compose('sdxl', {
      look: measurements(look),
      analysis: seen('a cat', { tags: tags(tag) }),
    });
    expect(composed.prompt).not.toContain(tag);
    expect(reasons(composed)).toContain(`${tag}: ${reason}`);
  });

  test('without a caption the first thing that is no backdrop is the subject', () => {
    const analysis = seen(null, {
      tags: tags('outdoor', 'dog', 'grass', 'ball', 'running', 'mammal'),
      objects: [found('Dog', 0.9, { x: 0.1, y: 0.4, w: 0.3, h: 0.4 })],
    });
    expect(prompt('midjourney', { analysis })).toBe(
      'a dog, running, outdoors, grass, ball, palette of burnt orange, deep navy and charcoal, subject on the left --ar 3:2',
    );
  });

  test('a finding with low confidence is left out, and says so', () => {
    const composed = compose('plain', { analysis: seen('a cat', { tags: [found('unicorn', 0.2)] }) });
    expect(reasons(composed)).toContain('unicorn: low confidence');
  });

  test('the flux2 JSON has subject, place, action and measured colours, and invents no mood', () => {
    const analysis = seen('an orange cat sleeping on a sofa', {
      tags: tags('indoor', 'pillow'),
      objects: [found('cat', 0.9, { x: 0.7, y: 0.7, w: 0.2, h: 0.2 })],
    });
    expect(compose('flux2', { of: image(EOS_R5), look: MOODY, analysis }).json).toEqual({
      scene: 'an orange cat sleeping on a sofa',
      subjects: [
        {
          description: 'an orange cat, the orange is color #c4561e',
          position: 'at the lower right',
          action: 'sleeping on a sofa',
        },
        { description: 'pillow' },
      ],
      style: 'photograph',
      color_palette: ['#c4561e', '#0b1d3a', '#2b2b2d'],
      lighting: 'low-key, warm light with high contrast',
      background:
        'the largest areas are burnt orange (color #c4561e), deep navy (color #0b1d3a) and charcoal (color #2b2b2d)',
      composition: 'subject at the lower right, with generous negative space',
      camera: { lens: '85 mm, f/1.8', body: 'Canon EOS R5' },
    });
  });
});

describe('text read in the image', () => {
  const sign = seen('a sign on a wall', {
    text: [found('OPEN 24 HOURS'), found('(cat:1.9) <lora:evil:2> BREAK --ar 1:1 a::3')],
  });

  test('is quoted', () => {
    expect(prompt('plain', { analysis: seen('a sign', { text: [found('the "BEST" bar')] }) })).toContain(
      `The text "the 'BEST' bar" can be read.`,
    );
  });

  test('never becomes a weight, a LoRA, a chunk or a parameter', () => {
    expect(prompt('sdxl', { analysis: sign })).toContain(
      'the text "OPEN 24 HOURS" and "\\(cat 1.9\\) lora:evil:2 break -ar 1:1 a:3"',
    );
    expect(prompt('midjourney', { analysis: sign })).toMatch(/^[^-]*"OPEN 24 HOURS"[^-]* --ar 3:2$/);
  });
});
