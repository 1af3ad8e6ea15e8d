import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readA1111 } from '../../../../core/image/embedded/generators/a1111.ts';
import { GENERATORS } from '../../../../core/image/embedded/generators/generators.ts';
import { readEmbedded } from '../../../../core/image/embedded/read-embedded.ts';
import { toRecovered } from '../../../../core/image/embedded/recovered.ts';
import { Texts, USER_COMMENT } from '../../../../core/image/embedded/texts.ts';
import { Xmp } from '../../../../core/image/embedded/xmp.ts';
import { plainGraph } from '../../../fixtures/images/embedded/graphs.ts';
import { infotext } from '../../../fixtures/images/embedded/infotexts.ts';
import { iTXt, withChunks } from '../../../fixtures/images/embedded/png-texts.ts';
import { smallImage } from '../../../fixtures/images/formats.ts';

const read = (texts: Record<string, string>) => {
  const all = new Texts(Object.entries(texts));
  const found = GENERATORS.map((reader) => reader(all, new Xmp(undefined))).filter((one) => one !== null);
  return found[0] ?? null;
};

describe('a recovered prompt', () => {
  const of = (parameters: Iterable<[string, unknown]>, prompt = 'a fox') =>
    toRecovered({ generator: 'X', prompt, parameters });

  test('has flat parameters only, few, short, and none that means something to a program', () => {
    const made = of([
      ...([
        ['__proto__', 'x'],
        ['constructor', 'x'],
        ['', 'x'],
        ['n'.repeat(65), 'x'],
      ] as [string, unknown][]),
      ...([
        ['nan', Number.NaN],
        ['null', null],
        ['list', [1]],
        ['object', { a: 1 }],
      ] as [string, unknown][]),
      ['text', 'v '.repeat(5000)],
      ['yes', true],
      ...Array.from({ length: 200 }, (_, index): [string, unknown] => [`p${index}`, index]),
    ]);
    expect(Object.getPrototypeOf(made?.parameters)).toBe(Object.prototype);
    expect(Object.keys(made?.parameters ?? {})).toHaveLength(64);
    expect(made?.parameters).toMatchObject({ text: 'v '.repeat(500), yes: true, p0: 0 });
    for (const name of ['nan', 'null', 'list', 'object', 'constructor', '']) {
      expect(Object.hasOwn(made?.parameters ?? {}, name)).toBe(false);
    }
    expect(JSON.stringify(made)).not.toContain('__proto__');
  });

  test('names no person, and no folders of one', () => {
    const made = of([
      ...([
        ['created_by', 'ann'],
        ['User', 'ann'],
        ['author', 'ann'],
      ] as [string, unknown][]),
      ...([
        ['model', 'C:\\Users\\ann\\sd.ckpt'],
        ['vae', '/home/ann/vae.pt'],
        ['lora', 'folder/a.pt'],
      ] as [string, unknown][]),
    ]);
    expect(made?.parameters).toEqual({ model: 'sd.ckpt', vae: 'vae.pt', lora: 'folder/a.pt' });
  });

  test('names no folders of a person among other words, and leaves addresses as they are', () => {
    const made = of([
      ['loras', 'a: 1, /home/ann/b.pt: 2, C:\\Users\\Ann B\\c.pt: 3, \\\\host\\ann\\d.pt'],
      ['list', '["file:///Users/ann/e.png", "~/f.png"]'],
      ['source', 'see https://example.org/home/a and/or (b:1.2)'],
    ]);
    expect(made?.parameters).toEqual({
      loras: 'a: 1, b.pt: 2, c.pt: 3, d.pt',
      list: '["e.png", "f.png"]',
      source: 'see https://example.org/home/a and/or (b:1.2)',
    });
  });

  test('has no graphs and no pictures among its parameters', () => {
    const made = of([
      ['workflow', JSON.stringify({ nodes: Array.from({ length: 200 }, (_, id) => ({ id })) })],
      ['image', 'iVBORw0KGgo'.repeat(200)],
      ['resources', '[{"name":"x"}]'],
    ]);
    expect(made?.parameters).toEqual({ resources: '[{"name":"x"}]' });
  });

  test('that is too long is cut between characters and partial', () => {
    const made = of([], '🦊'.repeat(20_000));
    expect(made).toMatchObject({ prompt: '🦊'.repeat(16 * 1024), completeness: 'partial' });
    expect(of([], `a${'🦊'.repeat(20_000)}`)?.prompt.isWellFormed()).toBe(true);
  });

  test('without words is none', () => {
    expect(of([], ' \n')).toBeNull();
    expect(read({ parameters: '' })).toBeNull();
    expect(read({ parameters: infotext('', 'blurry') })).toBeNull();
  });
});

describe('text as A1111 writes it', () => {
  const words = fc
    .string({ unit: 'grapheme', minLength: 1 })
    .filter((text) => text.trim() !== '' && text.isWellFormed() && !/Negative prompt:|[\r\n]$|\r/.test(text));

  test('gives back any prompt and negative prompt byte for byte', () => {
    fc.assert(
      fc.property(words, fc.option(words), (prompt, negative) => {
        expect(readA1111(new Texts([['parameters', infotext(prompt, negative)]]))).toMatchObject({
          prompt,
          negativePrompt: negative,
          completeness: 'full',
        });
      }),
    );
  });

  test('has settings with quotes and brackets in them, and numbers as numbers', () => {
    const settings =
      'Steps: 20, Sampler: Euler a, CFG scale: 7.5, Seed: 12345678901234567890, Size: 512x768, Model hash: 4512, Lora hashes: "a: 1, \\"b\\": 2", Civitai resources: [{"type":"lora","weight":0.8,"name":"x, y]"}], Version: 1.10';
    expect(read({ parameters: infotext('a', null, settings) })?.parameters).toEqual({
      ...{ Steps: 20, Sampler: 'Euler a', 'CFG scale': 7.5, Seed: '12345678901234567890', Size: '512x768' },
      ...{ 'Model hash': '4512', 'Lora hashes': 'a: 1, "b": 2', Version: '1.10' },
      'Civitai resources': '[{"type":"lora","weight":0.8,"name":"x, y]"}]',
    });
  });

  test('without settings is partial where the keyword is theirs, and nothing elsewhere', () => {
    expect(read({ parameters: 'a fox\nNegative prompt: blur' })).toMatchObject({
      ...{ prompt: 'a fox', negativePrompt: 'blur', completeness: 'partial' },
    });
    expect(read({ [USER_COMMENT]: 'Taken on a hike: sunny, lens: old, mood: good' })).toBeNull();
    expect(read({ [USER_COMMENT]: 'a fox\nNegative prompt: blur' })).toBeNull();
  });

  test.each([
    ['a line of unclosed brackets', 'a: [, '.repeat(100_000)],
    ['a line of unclosed quotes', 'a: "\\, '.repeat(100_000)],
    ['a line of colons', ':'.repeat(500_000)],
    ['lines that all look negative', '\nNegative prompt:'.repeat(30_000)],
    ['padding', `${'\0'.repeat(500_000)}x`],
  ])('that is hostile ends, which with quadratic work would take minutes: %s', (_, text) => {
    const found = read({
      parameters: text,
      [USER_COMMENT]: text,
      Dream: text,
      Description: text,
      prompt: text,
    });
    expect(found?.completeness ?? 'partial').toBe('partial');
  });
});

describe('of several originals in one file', () => {
  test('the one in plain words goes before the graph, and a whole one before a part', async () => {
    const png = await smallImage('png');
    const recover = async (texts: Record<string, string>) => {
      const chunks = Object.entries(texts).map(([keyword, text]) => iTXt(keyword, text));
      return (
        await readEmbedded(withChunks(png, chunks), 'png', { width: 160, height: 120, hasAlpha: false })
      ).recovered;
    };
    const prompt = JSON.stringify(plainGraph('of the graph', 'x'));
    expect(await recover({ prompt, parameters: infotext('in words') })).toMatchObject({ prompt: 'in words' });
    expect(await recover({ prompt, parameters: 'only words' })).toMatchObject({
      ...{ prompt: 'of the graph', completeness: 'full' },
    });
    expect(await recover({ parameters: 'only words' })).toMatchObject({ completeness: 'partial' });
  });
});
