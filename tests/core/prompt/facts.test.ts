import { describe, expect, test } from '@jest/globals';
import type { Camera } from '../../../core/image/image.ts';
import { collectFacts } from '../../../core/prompt/facts.ts';
import { EOS_R5, found, image, measurements, NOTHING_SEEN, seen, tags } from './samples.ts';

const texts = (kind: string, sources: Partial<Parameters<typeof collectFacts>[0]>) =>
  collectFacts({ image: image(), measurements: measurements(), analysis: NOTHING_SEEN, ...sources })
    .filter((fact) => fact.kind === kind)
    .map(({ text }) => text);

describe('the facts of an image', () => {
  test('come in one order: seen, read, measured, said by the camera', () => {
    const analysis = seen('a cat', {
      regions: [found('a cat')],
      tags: tags('cat'),
      objects: [found('Cat')],
      people: [found('person')],
      text: [found('MEOW')],
      crops: [{ aspectRatio: 1.5, box: { x: 0, y: 0.1, w: 1, h: 0.8 } }],
    });
    const look = measurements({ light: { key: 'high' } });
    const facts = collectFacts({ image: image(EOS_R5), measurements: look, analysis });
    expect([...new Set(facts.map(({ kind, source }) => `${kind} ${source}`))]).toEqual([
      'caption vision',
      'region vision',
      'tag vision',
      'object vision',
      'people vision',
      'text vision',
      'palette pixels',
      'light pixels',
      'composition pixels',
      'composition vision',
      'camera exif',
    ]);
    expect(facts.find(({ source, kind }) => source === 'vision' && kind === 'composition')?.box).toEqual({
      x: 0,
      y: 0.1,
      w: 1,
      h: 0.8,
    });
  });

  test('count people who are likelier there than not, with the box around them all', () => {
    const people = [
      found('person', 0.9, { x: 0.1, y: 0.2, w: 0.1, h: 0.5 }),
      found('person', 0.6, { x: 0.5, y: 0.1, w: 0.25, h: 0.5 }),
      found('person', 0.0016, { x: 0, y: 0, w: 1, h: 1 }),
    ];
    const [fact] = collectFacts({
      image: image(),
      measurements: measurements(),
      analysis: seen(null, { people }),
    });
    expect(fact).toMatchObject({ text: '2 people', confidence: 0.6, box: { x: 0.1, y: 0.1, w: 0.65 } });
    expect(fact?.box?.h).toBeCloseTo(0.6);
  });

  test('keep text as it was read, without what no reader sees', () => {
    const analysis = seen(null, {
      text: [found('(x:1.9)\u0000 --ar\n1:1 \u202egnirts\ud800'), found('\u200b')],
    });
    expect(texts('text', { analysis })).toEqual(['(x:1.9) --ar 1:1 gnirts\ufffd']);
  });

  test('say light in the words of prompt writers', () => {
    const look = measurements({ light: { key: 'low', contrast: 0.6, temperature: 3200, saturation: 0.05 } });
    expect(texts('light', { measurements: look })).toEqual([
      'low-key light',
      'warm light',
      'high contrast',
      'muted colors',
    ]);
    const cool = measurements({
      light: { key: 'high', contrast: 0.1, temperature: 11_000, saturation: 0.5 },
    });
    expect(texts('light', { measurements: cool })).toEqual([
      'high-key light',
      'cool light',
      'soft light',
      'vivid colors',
    ]);
  });

  test('tell of the camera what EXIF says, and nothing else', () => {
    expect(texts('camera', { image: image(EOS_R5) })).toEqual([
      'Canon EOS R5',
      'RF85mm F1.2 L USM lens',
      '85 mm',
      'f/1.8',
      '1/200 s',
      'ISO 100',
    ]);
    expect(texts('camera', {})).toEqual([]);
  });

  test.each<[string, Partial<Camera>, string[]]>([
    ['a brand that the model does not name', { make: 'Apple', model: 'iPhone 15' }, ['Apple iPhone 15']],
    ['a node graph in place of a name', { make: 'workflow:{"1":{}}', model: 'prompt:{"2":{}}' }, []],
    ['a long exposure', { exposure: 2.5 }, ['2.5 s']],
    [
      'numbers that are none',
      { focalLength: 0, aperture: Number.NaN, exposure: Number.POSITIVE_INFINITY },
      [],
    ],
  ])('understand %s', (_, known, words) => {
    const nothing = {
      make: null,
      model: null,
      lens: null,
      focalLength: null,
      aperture: null,
      exposure: null,
      iso: null,
    };
    expect(texts('camera', { image: image({ ...nothing, ...known }) })).toEqual(words);
  });
});
