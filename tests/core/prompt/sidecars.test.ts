import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from '@jest/globals';
import ExifReader from 'exifreader';
import fc from 'fast-check';
import * as z from 'zod';
import type { Recovered } from '../../../core/image/embedded/recovered.ts';
import { Xmp } from '../../../core/image/embedded/xmp.ts';
import { buildDocument } from '../../../core/prompt/build-document.ts';
import type { Fact, PromptDocument, Target } from '../../../core/prompt/document.ts';
import { type CaptionSettings, captionLine, xmpPacket } from '../../../core/prompt/sidecars.ts';
import { contractPath, testWithContracts } from '../../contracts.ts';
import { JPEG_XMP_NAME } from '../../fixtures/images/embedded/xmp.ts';
import { smallImage } from '../../fixtures/images/formats.ts';
import { withSegments } from '../../fixtures/images/jpeg-segment.ts';
import { image, measurements, seen, tags } from './samples.ts';

const SETTINGS: CaptionSettings = { defaultTarget: 'plain', triggerWord: 'ohwx', midjourneyVersion: '7' };

const ORIGINAL: Recovered = {
  generator: 'a1111',
  prompt: '  (a fox:1.2),\r\n<lora:film:1> & "snow" ]]> \u0000\u001b 🦊',
  negativePrompt: 'blurry\n',
  parameters: { seed: 42 },
  completeness: 'full',
};

function document(change: { recovered?: Recovered; targets?: readonly Target[] } = {}): PromptDocument {
  const { recovered = null, targets = ['plain', 'sdxl'] } = change;
  return buildDocument({
    image: { ...image(), recovered },
    stored: null,
    sha256: 'a'.repeat(64),
    measurements: measurements(),
    analysis: seen('a fox in the snow', { tags: tags('Animal') }),
    options: { ...SETTINGS, targets },
    settingsHash: 'b'.repeat(64),
    now: new Date('2026-11-21T08:00:00Z'),
    generator: 'prompt-generator/0.1.0',
  });
}

const PLAIN = document();
const PROMPT = PLAIN.prompts.plain?.prompt ?? '';

let jpeg: Buffer;
beforeAll(async () => {
  jpeg = await smallImage('jpeg');
});

/** What a program that reads the XMP of photos finds in a packet: texts by names, those of a list joined. */
function read(packet: string): Record<string, string> {
  const data = Buffer.concat([JPEG_XMP_NAME, Buffer.from(packet)]);
  const { xmp = {} } = ExifReader.load(withSegments(jpeg, { app: 1, data }), { expanded: true });
  return Object.fromEntries(Object.entries(xmp).map(([name, tag]) => [name, textOf(tag)]));
}

const listed = z.object({ value: z.array(z.unknown()) });
const single = z.object({ value: z.string() });

function textOf(tag: unknown): string {
  const list = listed.safeParse(tag);
  return list.success ? list.data.value.map(textOf).join('|') : (single.safeParse(tag).data?.value ?? '');
}

describe('the line for trainers', () => {
  test('is the prompt of the default target', () => {
    const sdxl = { ...SETTINGS, defaultTarget: 'sdxl' } as const;
    expect(captionLine(PLAIN, SETTINGS)).toBe(PROMPT);
    expect(captionLine(PLAIN, sdxl)).toBe(PLAIN.prompts.sdxl?.prompt);
  });

  test('of a recovered original is what the image shows, and obeys nothing of another program', () => {
    expect(captionLine(document({ recovered: ORIGINAL }), SETTINGS)).toBe(PROMPT);
  });

  test('is the same where the default target is none of those that are made', () => {
    for (const recovered of [{}, { recovered: ORIGINAL }]) {
      const line = captionLine(document({ ...recovered, targets: ['midjourney'] }), SETTINGS);
      expect(line).toBe(PROMPT);
      expect(line).toContain('ohwx');
    }
  });

  test('is one line, whatever it is made of', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const { plain, ...prompts } = PLAIN.prompts;
        if (!plain) throw new Error('no prompt');
        const edited = {
          ...PLAIN,
          prompts: { ...prompts, plain: { ...plain, prompt: `a\r\n${text}\u2028b` } },
        };
        const line = captionLine(edited, SETTINGS);
        expect(line).not.toMatch(/[\r\n\u2028\u2029]/);
        expect(line.isWellFormed()).toBe(true);
      }),
    );
  });
});

describe('the XMP packet', () => {
  test('has a description, keywords and alternative text, and the prompt in a namespace of its own', () => {
    const packet = xmpPacket(PLAIN, SETTINGS);
    expect(read(packet)).toMatchObject({
      ...{ description: 'a fox in the snow', subject: 'animal', AltTextAccessibility: 'A fox in the snow' },
      prompt: PROMPT,
    });
    expect(packet).toContain('xmlns:promptGenerator="urn:prompt-generator:1:"');
  });

  test('says what an image was made with only where that was found in it', () => {
    expect(read(xmpPacket(PLAIN, SETTINGS))).not.toHaveProperty('AIPromptInformation');
    const recovered = document({ recovered: ORIGINAL });
    const values = read(xmpPacket(recovered, SETTINGS));
    expect(values.AIPromptInformation).toContain('(a fox:1.2)');
    // What was composed is not what it was made with, and the other way round.
    expect(values.prompt).toBe(PROMPT);
  });

  test('gives back a recovered original to the sign, but for what XML cannot hold', () => {
    const packet = Buffer.from(xmpPacket(document({ recovered: ORIGINAL }), SETTINGS));
    const expected = '  (a fox:1.2),\r\n<lora:film:1> & "snow" ]]>  🦊';
    expect(new Xmp(packet).get('Iptc4xmpExt:AIPromptInformation')?.trim()).toBe(expected.trim());
    expect(packet.toString()).toContain('&#xD;\n');
  });

  test('is well-formed whatever was seen, read or recovered', () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.constantFrom(
        ']]>',
        '<!--',
        '</rdf:RDF>',
        '&amp;',
        '&#0;',
        '<?xpacket end="w"?>',
        '"\'',
        '\uFFFE\uFFFF',
      ),
      fc.constantFrom('\u0000', '\u000b', '\r', '\u0085', '\ud800', '👩‍🚀', '﷐'),
    );
    fc.assert(
      fc.property(hostile, hostile, hostile, (caption, tag, original) => {
        const said: Fact = { kind: 'tag', text: `tag ${tag}`, confidence: null, source: 'vision', box: null };
        const packet = xmpPacket(
          {
            ...PLAIN,
            caption: { text: `caption ${caption}`, confidence: null, language: 'en' },
            facts: [said],
            recovered: { ...ORIGINAL, prompt: `original ${original}`, parameters: {} },
          },
          SETTINGS,
        );
        // It may only end a CDATA section (XML 1.0, section 2.4), and not every reader says so.
        expect(packet).not.toContain(']]>');
        // What XML 1.0 calls a Char, and nothing else.
        expect(packet).toMatch(/^[\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]*$/u);
        const values = read(packet);
        expect(values.description).toMatch(/^caption/);
        expect(values.subject).toMatch(/^tag/);
        expect(values.AIPromptInformation).toMatch(/^original/);
        expect(values.prompt).toBe(PROMPT);
      }),
    );
  });

  test('leaves out tags that are guesses, repetitions and what there is nothing of', () => {
    const tag = (text: string, confidence: number | null) =>
      ({ kind: 'tag', text, confidence, source: 'vision', box: null }) as const;
    const facts = [tag('Fox', 0.9), tag('fox', 0.6), tag('wolf', 0.3), tag('snow', null)];
    const bare = { ...PLAIN, caption: null, altText: '', facts };
    const packet = xmpPacket(bare, SETTINGS);
    expect(read(packet)).toMatchObject({ subject: 'fox|snow' });
    expect(packet).not.toMatch(/dc:description|AltTextAccessibility|negativePrompt|AIPrompt/);
    expect(xmpPacket({ ...bare, facts: [] }, SETTINGS)).not.toContain('dc:subject');
  });

  testWithContracts('binds its properties to the namespaces that IPTC uses', async () => {
    const reference = await readFile(contractPath('xmp', 'iptc-photometadata-reference-2025.1.xmp'), 'utf8');
    const packet = xmpPacket(document({ recovered: ORIGINAL }), SETTINGS);
    const bindings = new Map(
      [...packet.matchAll(/xmlns:(\w+)="([^"]*)"/g)].map(([, prefix, uri]) => [prefix, uri]),
    );
    const used = [
      ...new Set([...packet.matchAll(/<(\w+):(\w+)/g)].map(([, prefix, name]) => `${prefix}:${name}`)),
    ];
    const ours = used.filter((name) => /^(dc|Iptc4xmp\w+):/.test(name));
    expect(ours.toSorted()).toEqual([
      ...[
        'Iptc4xmpCore:AltTextAccessibility',
        'Iptc4xmpExt:AIPromptInformation',
        'dc:description',
        'dc:subject',
      ],
    ]);
    for (const name of ours) {
      const [prefix = ''] = name.split(':');
      expect(reference).toContain(`<${name}>`);
      expect(reference).toContain(`xmlns:${prefix}='${bindings.get(prefix)}'`);
      const form = (text: string) =>
        new RegExp(`<${name}>\\s*<?([\\w:]*)`).exec(text)?.[1]?.match(/rdf:\w+/)?.[0];
      expect([name, form(packet)]).toEqual([name, form(reference)]);
    }
  });
});
