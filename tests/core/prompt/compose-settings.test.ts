import { describe, expect, test } from '@jest/globals';
import { compose, prompt, reasons } from './composing.ts';
import { found, measurements, seen, tags } from './samples.ts';

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

describe('what a person set', () => {
  const options = {
    triggerWord: 'ohwx',
    prefix: 'cinematic photo of',
    suffix: '(film grain:1.2), <lora:film:0.5>',
  };

  test('opens and closes the prompt as it was written, and needs no evidence', () => {
    const { prompt: text, phrases } = compose('sdxl', { analysis: seen('a cat (asleep)'), ...options });
    expect(text).toMatch(/^ohwx, cinematic photo of a cat \\\(asleep\\\), /);
    expect(text).toMatch(/, \(film grain:1\.2\), <lora:film:0\.5>$/);
    expect(phrases.filter(({ evidence }) => evidence.length === 0).map((phrase) => phrase.text)).toEqual([
      'ohwx',
      'cinematic photo of',
      '(film grain:1.2), <lora:film:0.5>',
    ]);
  });

  test('leads into the first sentence', () => {
    expect(prompt('plain', { analysis: seen('A cat on a sofa'), ...options })).toMatch(
      /^ohwx, cinematic photo of a cat on a sofa\. /,
    );
  });

  test('is placed before the budget is spent: the least important phrases make room, and are listed', () => {
    const suffix = Array.from({ length: 12 }, (_, index) => `style${index}`).join(', ');
    const composed = compose('sdxl', { analysis: CYCLIST, look: MOODY, suffix });
    expect(composed.prompt).toMatch(new RegExp(`^a man riding a bicycle on a city street, .*${suffix}$`));
    expect(reasons(composed)).toContain('two traffic lights: over the limit of 67 estimated tokens');
  });

  test('may hold Midjourney parameters, which go to the end and may choose another ratio', () => {
    const text = prompt('midjourney', {
      analysis: seen('a cat'),
      prefix: 'poster',
      suffix: 'grainy --s 250 --ar 1:1',
    });
    expect(text).toMatch(/^poster, a cat, .*, grainy --s 250 --ar 1:1$/);
  });
});
