import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { buildDocument, type DocumentInput } from '../../../core/prompt/build-document.ts';
import { promptDocument, TARGETS } from '../../../core/prompt/document.ts';
import { promptSchema } from '../../../core/prompt/json-schema.ts';
import { settingsHash } from '../../../core/prompt/settings-hash.ts';
import { withTargets } from '../../../core/prompt/with-targets.ts';
import { EOS_R5, found, image, measurements, NOTHING_SEEN, seen, tags } from './samples.ts';

const HASHED: Parameters<typeof settingsHash>[0] = {
  provider: 'local',
  model: null,
  features: ['caption', 'tags'],
  language: 'en',
  targets: ['plain', 'sdxl'],
  defaultTarget: 'plain',
  midjourneyVersion: '7',
};

function document(change: Partial<DocumentInput> = {}) {
  return buildDocument({
    image: image(EOS_R5),
    stored: {
      container: 'images',
      name: 'a/cat.jpg',
      url: 'http://127.0.0.1:10000/devstoreaccount1/images/a/cat.jpg',
      etag: '0x8D',
    },
    sha256: 'a'.repeat(64),
    measurements: measurements(),
    analysis: seen('a cat', { tags: tags('sofa'), text: [found('MEOW')] }),
    options: { targets: TARGETS, defaultTarget: 'plain', midjourneyVersion: '7' },
    settingsHash: settingsHash(HASHED),
    now: new Date('2026-11-21T08:00:00Z'),
    generator: 'prompt-generator/0.1.0',
    ...change,
  });
}

describe('the prompt document', () => {
  test('has the default target in front and says where everything came from', () => {
    const built = document();
    expect(built).toMatchObject({
      schemaVersion: 1,
      origin: 'generated',
      generatedAt: '2026-11-21T08:00:00.000Z',
      prompt: built.prompts.plain?.prompt,
      negativePrompt: null,
      altText: 'A cat',
      image: { container: 'images', name: 'a/cat.jpg', etag: '0x8D', width: 6000, height: 4000 },
      caption: { text: 'a cat', confidence: 0.8, language: 'en' },
      camera: { model: 'Canon EOS R5' },
      text: ['MEOW'],
      recovered: null,
      analysis: {
        provider: 'azure-vision',
        reused: false,
        degraded: false,
        settingsHash: settingsHash(HASHED),
      },
    });
  });

  test('has exactly the targets asked for, and still the prompt of the default one', () => {
    const built = document({
      options: { targets: ['midjourney'], defaultTarget: 'sdxl', midjourneyVersion: '7' },
    });
    expect(Object.keys(built.prompts)).toEqual(['midjourney']);
    expect(built.prompt).toBe(document().prompts.sdxl?.prompt);
    expect(built.negativePrompt).toBe(document().prompts.sdxl?.negativePrompt);
  });

  test('has an id that depends on the bytes and the settings alone', () => {
    const { id } = document();
    expect(document({ now: new Date(0), stored: null, analysis: NOTHING_SEEN }).id).toBe(id);
    expect(document({ sha256: 'b'.repeat(64) }).id).not.toBe(id);
    expect(document({ settingsHash: settingsHash({ ...HASHED, language: 'de' }) }).id).not.toBe(id);
  });

  test('is made for an image that is not stored', () => {
    expect(document({ stored: null }).image).toMatchObject({
      container: null,
      name: null,
      url: null,
      etag: null,
    });
  });

  test('gives the same prompts for other targets later, from its facts alone', () => {
    const settings = { prefix: 'poster', midjourneyVersion: '8.1' } as const;
    const stored = promptDocument.parse(
      JSON.parse(JSON.stringify(document({ options: { ...settings, targets: [], defaultTarget: 'plain' } }))),
    );
    const whole = document({ options: { ...settings, targets: TARGETS, defaultTarget: 'plain' } });
    expect(withTargets(stored, TARGETS, settings).prompts).toEqual(whole.prompts);
    expect(withTargets(stored, undefined, settings)).toBe(stored);
  });
});

describe('the JSON Schema', () => {
  const committed = readFile(new URL('../../../schemas/prompt.v1.json', import.meta.url), 'utf8');

  test('in schemas/ is the one that the code makes (node scripts/schemas.ts writes it)', async () => {
    expect(await committed).toBe(`${JSON.stringify(promptSchema(), null, 2)}\n`);
  });

  test('is in one piece and forbids no added field', async () => {
    expect(await committed).not.toMatch(/"\$ref"|"additionalProperties": false/);
  });

  test('holds for real documents, also with fields of a later program, and not for broken ones', async () => {
    const validate = new Ajv2020({ formats: { 'date-time': true } }).compile(JSON.parse(await committed));
    const valid = (value: unknown) => validate(JSON.parse(JSON.stringify(value)));
    const built = document();
    expect(valid(built)).toBe(true);
    expect(valid(document({ analysis: NOTHING_SEEN, image: image(), stored: null }))).toBe(true);
    expect(valid({ ...built, added: 1, image: { ...built.image, added: 1 } })).toBe(true);
    expect(valid({ ...built, altText: 'a'.repeat(126) })).toBe(false);
    expect(valid({ ...built, prompts: { other: built.prompts.plain } })).toBe(false);
  });
});

describe('the settings hash', () => {
  test('is the same for the same settings, whatever their order', () => {
    const turned = {
      ...HASHED,
      targets: [...HASHED.targets].reverse(),
      features: [...HASHED.features].reverse(),
    };
    expect(settingsHash(turned)).toBe(settingsHash(HASHED));
    expect(settingsHash({ ...HASHED, prefix: undefined })).toBe(settingsHash(HASHED));
    expect(settingsHash(HASHED)).toMatch(/^[0-9a-f]{64}$/);
  });

  test.each([
    { provider: 'azure-vision' },
    { model: '2023-10-01' },
    { features: ['caption'] },
    { language: 'de' },
    { targets: ['plain'] },
    { defaultTarget: 'sdxl', midjourneyVersion: '7' },
    { prefix: 'poster' },
    { suffix: 'poster' },
    { triggerWord: 'poster' },
    { midjourneyVersion: '8.1' },
  ] as const)('changes with %j', (change) => {
    expect(settingsHash({ ...HASHED, ...change })).not.toBe(settingsHash(HASHED));
  });
});
