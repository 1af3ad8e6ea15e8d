import { describe, expect, test } from '@jest/globals';
import { TARGETS } from '../../../../core/prompt/document.ts';
import { compose, prompt, reasons } from '../composing.ts';
import { EOS_R5, found, image, measurements, seen, tags } from '../samples.ts';

const SIGN = seen('a shop', {
  text: ['OPEN', 'ALL DAY', 'SINCE 1920', 'NO DOGS'].map((line) => found(line)),
});

describe('a target', () => {
  test('that cannot draw letters is given none, and says so', () => {
    const composed = compose('sd15', { analysis: SIGN });
    expect(composed.prompt).not.toContain('OPEN');
    expect(reasons(composed)).toContain('"OPEN": the model cannot draw letters');
  });

  test.each([
    ['sdxl', 2],
    ['sd35', 3],
    ['flux1', 3],
    ['flux2', 3],
    ['midjourney', 1],
    ['gpt-image', 4],
    ['plain', 3],
  ] as const)('%s quotes %i of four lines', (target, count) => {
    expect(prompt(target, { analysis: SIGN }).match(/"[^"]+"/g)).toHaveLength(count);
  });

  test.each(TARGETS)(
    '%s has trigger word and prefix before the subject, and the suffix behind all words',
    (target) => {
      const text = prompt(target, {
        analysis: seen('a cat'),
        triggerWord: 'ohwx',
        prefix: 'poster of',
        suffix: 'fine grain',
      });
      expect(text).toMatch(/^ohwx, poster of (?:a photograph of )?a cat\b.*fine grain(?: --ar 3:2)?$/);
    },
  );

  test.each(['sd15', 'sdxl'] as const)(
    '%s keeps a weight of a person, and takes one from a caption',
    (target) => {
      const text = prompt(target, { analysis: seen('a cat (fat:1.4)'), prefix: '(film grain:1.2)' });
      expect(text).toMatch(/^\(film grain:1\.2\), a cat \\\(fat 1\.4\\\), /);
    },
  );

  test.each(['sd15', 'sdxl', 'sd35'] as const)(
    '%s has in its negative prompt what a photograph of people is not',
    (target) => {
      const { negativePrompt } = compose(target, {
        of: image(EOS_R5),
        analysis: seen('two women at a table'),
      });
      expect(negativePrompt).toContain(
        'watermark, text, blurry, bad anatomy, extra fingers, painting, illustration',
      );
    },
  );

  test('does not exclude what the picture is', () => {
    const soft = measurements({ composition: { sharpness: 0.1 } });
    const mural = seen('a mural with the word PEACE', { text: [found('PEACE')] });
    expect(compose('sdxl', { of: image(EOS_R5), look: soft, analysis: mural }).negativePrompt).toBe(
      'lowres, jpeg artifacts, watermark',
    );
  });

  test.each(['sd35', 'flux1', 'flux2', 'gpt-image'] as const)(
    '%s says that a snapshot is a photograph once',
    (target) => {
      const text = prompt(target, { analysis: seen('a photo of a cat', { tags: tags('photography') }) });
      expect(text.match(/photograph/g)).toHaveLength(1);
      expect(text).toMatch(/^A photograph of a cat\. /);
    },
  );

  /** Sentences of twenty made-up words each, none of them twice. */
  const regions = [...'bdfg'].map((first) =>
    found([...'abcdefghijklmnopqrst'].map((last) => `${first}o${last}`).join(' ')),
  );

  test('takes no more about the surroundings than leaves the subject the subject, and lists the rest', () => {
    const composed = compose('flux1', { analysis: seen('a cat', { regions }) });
    expect(composed.prompt).toContain('The scene includes boa bob boc ');
    expect(composed.prompt).toContain(' dot.');
    expect(reasons(composed)).toContainEqual(expect.stringMatching(/^foa .*: enough details without it$/));
  });

  test('keeps to the advised length without what a person adds, and lists what is over it', () => {
    const suffix = 'word '.repeat(200).trim();
    const analysis = seen(`a cat ${'and another grey cat '.repeat(14)}`, { regions });
    const composed = compose('flux2', { analysis, suffix });
    expect(composed.prompt).toContain(suffix);
    expect(reasons(composed).join()).toMatch(/The scene includes boa .*: over the advised 80 words/);
  });
});
