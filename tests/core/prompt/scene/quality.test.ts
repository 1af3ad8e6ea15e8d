import { describe, expect, test } from '@jest/globals';
import { compose, prompt, reasons } from '../composing.ts';
import { found, image, measurements, seen, tags } from '../samples.ts';

const first = (caption: string, ...names: string[]) =>
  prompt('plain', { analysis: seen(caption, { tags: tags(...names) }) }).split('. A palette')[0];

describe('a prompt says a thing once', () => {
  test.each([
    ['a cat', ['feline', 'cat', 'kitty', 'domestic cat'], 'A cat'],
    ['a bike on a road', ['bicycle', 'street', 'land vehicle', 'outdoor'], 'A bike on a road'],
    ['a beach at sunset', ['dusk', 'evening', 'sunrise', 'daytime', 'coast'], 'A beach at sunset'],
    ['a pair of shoes', ['athletic shoe', 'footwear', 'sneakers'], 'A pair of shoes'],
  ])('of %s with the tags %j', (caption, names, expected) => {
    expect(first(caption, ...names)).toBe(expected);
  });

  test('of a region, what the caption does not say', () => {
    const regions = [
      found('a red boat with a white cabin'),
      found('a pillow on a boat'),
      found('a dog in the background'),
      found('a boat in water'),
    ];
    expect(prompt('plain', { analysis: seen('a red boat on a lake', { regions }) })).toMatch(
      /^A red boat on a lake\. Also in view: a white cabin, a pillow and a dog\. /,
    );
  });

  test('and what the same person or thing does is no second one', () => {
    const analysis = seen('a man cooking in a kitchen', { regions: [found('a person holding a pan')] });
    expect(prompt('plain', { analysis })).toMatch(/^A man cooking in a kitchen, holding a pan\. /);
    const others = seen('two men cooking in a kitchen', { regions: [found('a person holding a pan')] });
    expect(prompt('plain', { analysis: others })).toMatch(/Also in view: a person holding a pan\. /);
  });
});

describe('of a region beside the caption a prompt says', () => {
  const told = (caption: string, region: string, rest = {}) =>
    prompt('plain', { analysis: seen(caption, { regions: [found(region)], ...rest }) }).split(
      '. A palette',
    )[0];

  test.each([
    [
      'a lone hiker on a cliff',
      'hiker wearing a red hat',
      'A lone hiker on a cliff. Also in view: hiker wearing a red hat',
    ],
    [
      'a lone hiker standing on a cliff',
      'hiker wearing a red hat',
      'A lone hiker standing on a cliff, wearing a red hat',
    ],
    [
      'a dog running on a lawn',
      'another dog sitting on a rug',
      'A dog running on a lawn. Also in view: another dog sitting on a rug',
    ],
    [
      'a dog running on a lawn',
      'a brown dog holding a stick',
      'A dog running on a lawn. Also in view: a brown dog holding a stick',
    ],
    ['a cat sleeping on a sofa', 'a cat lying on a couch', 'A cat sleeping on a sofa'],
    ['a woman at a table', 'a woman sitting at a table', 'A woman at a table, sitting'],
    ['a boat', 'a boat in the middle of nowhere', 'A boat. Also in view: a boat in the middle of nowhere'],
    ['a cat on a window sill', 'a plant on a window sill', 'A cat on a window sill. Also in view: a plant'],
    [
      'two kids on a rug',
      'a boy in a striped shirt',
      'Two kids on a rug. Also in view: a boy in a striped shirt',
    ],
    ['a road at sunset', 'a sunset over a mountain', 'A road at sunset. Also in view: a mountain'],
    ['a crowd of people', 'people with their hands up', 'A crowd of people. Also in view: hands up'],
    [
      'a bowl of ramen',
      'a wooden table with a bowl of food',
      'A bowl of ramen. Also in view: a wooden table',
    ],
    ['a bowl of ramen', 'a bowl of soup with noodles', 'A bowl of ramen'],
  ])('beside "%s", of "%s" only what is new', (caption, region, expected) => {
    expect(told(caption, region)).toBe(expected);
  });

  test('where it is, once', () => {
    const regions = [found('a train on the tracks'), found('a train on the railway tracks')];
    expect(prompt('plain', { analysis: seen('a train at a station', { regions }) })).toMatch(
      /^A train at a station, on the tracks\. A palette/,
    );
  });

  test('as a thing what a person has, where the caption is long', () => {
    const caption = 'a hiker standing at the edge of a rocky cliff while tall mountains rise behind it';
    expect(told(caption, 'hiker wearing a red hat')).toMatch(/behind it\. Also in view: a red hat$/);
  });

  test('nothing of there being text, where the text is quoted', () => {
    const text = [found('Umleitung')];
    const said = told('a yellow sign', 'a yellow sign with black text', { text });
    expect(said).toBe('A yellow sign. The text "Umleitung" can be read');
    expect(told('a yellow sign', 'a yellow sign with black text')).toMatch(/Also in view: black text$/);
  });
});

describe('a prompt does not contradict itself', () => {
  test.each([
    ['indoor', 'outdoor', 'the picture is indoors'],
    ['night', 'daytime', 'the picture is at night'],
    ['winter', 'summer', 'the picture is in winter'],
  ])('the tag "%s" rules out "%s"', (told, other, reason) => {
    const composed = compose('plain', { analysis: seen('a cup', { tags: tags(told, other) }) });
    expect(reasons(composed)).toContain(`${other}: ${reason}`);
  });

  test('light that the caption contradicts is not said, and listed', () => {
    const look = measurements({ light: { key: 'high' } });
    const composed = compose('plain', { look, analysis: seen('a road at night') });
    expect(composed.prompt).not.toContain('High-key');
    expect(reasons(composed)).toContain('high-key light: the description says otherwise');
  });

  test('a caption that calls a colored picture black and white is corrected', () => {
    const composed = compose('sdxl', { analysis: seen('a black and white photo of a man') });
    expect(composed.prompt).not.toContain('black');
    expect(reasons(composed)).toContain('black and white: the pixels are in color');
  });
});

describe('light has the names that writers give it', () => {
  const warm = measurements({ light: { temperature: 4500 } });
  const cool = measurements({ light: { temperature: 9500 } });
  test.each([
    ['a boat at sunset', warm, 'Golden-hour light.'],
    ['a boat at dusk', cool, 'Blue-hour light.'],
    ['a brick wall', warm, 'Warm light.'],
    ['a sofa in a room at sunset', warm, 'Warm light.'],
  ])('%s', (caption, look, words) => {
    expect(prompt('plain', { look, analysis: seen(caption) })).toContain(` ${words} `);
  });

  test('and a muted palette names its colors without saying so of each', () => {
    const look = measurements({
      palette: [
        ['#107c7e', 'muted teal', 0.6],
        ['#b5802e', 'ochre', 0.4],
      ],
      light: { saturation: 0.05 },
    });
    expect(prompt('sdxl', { look })).toContain('muted palette of teal and ochre');
  });
});

describe('praise is not drawn', () => {
  test.each([
    ['a stunning orange cat', 'An orange cat'],
    ['a calm and beautiful sea', 'A calm sea'],
    ['an incredibly detailed map, 8k', 'A map'],
    ['a beautiful, ancient oak', 'An ancient oak'],
  ])('of "%s" remains "%s"', (caption, expected) => {
    const composed = compose('plain', { analysis: seen(caption) });
    expect(composed.prompt.split('. ')[0]).toBe(expected);
    expect(reasons(composed).join()).toContain('praise cannot be drawn');
  });
});

test('a prompt that an image was made from stands in for what nobody saw, and gives way to what was seen', () => {
  const recovered = {
    generator: 'ComfyUI',
    prompt: 'masterpiece, (a knight:1.3) on a cliff --ar 2:3',
    negativePrompt: null,
    parameters: {},
    completeness: 'full',
  } as const;
  const of = { ...image(), recovered };
  expect(prompt('midjourney', { of })).toMatch(/^a knight on a cliff, .* --ar 3:2$/);
  const composed = compose('plain', { of, analysis: seen('a painting of a knight') });
  expect(composed.prompt).toMatch(/^A painting of a knight\. A palette/);
  expect(reasons(composed).join()).toContain('says how the picture was made, not what it shows');
});
