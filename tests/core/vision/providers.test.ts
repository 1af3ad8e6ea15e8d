import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parseConfig } from '../../../core/config.ts';
import { describeBytes } from '../../../core/describe/describe-bytes.ts';
import { createLog } from '../../../core/log.ts';
import { createProgram } from '../../../core/program.ts';
import type { PromptDocument } from '../../../core/prompt/document.ts';
import { type ChatServer, startChatServer } from '../../faults/chat-server.ts';
import { startVisionServer, type VisionServer } from '../../faults/vision-server.ts';
import { photo } from '../../fixtures/images/photo.ts';
import { AMPLE_MS } from '../../until.ts';

/** The same photo through every provider: one program, and settings that say who describes. */

let azure: VisionServer;
let chat: ChatServer;
let documents: Record<'local' | 'azure-vision' | 'openai', PromptDocument>;

beforeAll(async () => {
  azure = await startVisionServer();
  chat = await startChatServer({ key: 'a-key' });
  const jpeg = await photo({ width: 640, height: 480 });
  const describeWith = async (env: Record<string, string>) => {
    // Nothing is stored and no analysis kept, so the storage is never asked.
    const connectionString = 'UseDevelopmentStorage=true';
    const config = parseConfig({ STORAGE: connectionString, VISION_LANGUAGE: 'en', ...env });
    const { settings } = await createProgram(config, { connectionString }, createLog('silent'));
    return describeBytes(
      jpeg,
      { ...settings, analyses: null },
      { stored: null, signal: AbortSignal.timeout(AMPLE_MS) },
    );
  };
  documents = {
    local: await describeWith({}),
    'azure-vision': await describeWith({
      VISION_PROVIDER: 'azure-vision',
      VISION_ENDPOINT: azure.endpoint,
      VISION_KEY: azure.key,
    }),
    openai: await describeWith({
      VISION_PROVIDER: 'openai',
      VISION_ENDPOINT: chat.endpoint,
      VISION_KEY: 'a-key',
      VISION_MODEL: chat.model,
    }),
  };
});
afterAll(() => Promise.all([azure.close(), chat.close()]));

const providers = ['local', 'azure-vision', 'openai'] as const;

test.each(providers)('The document by %s is valid under the one published schema', async (provider) => {
  const schema = await readFile(new URL('../../../schemas/prompt.v1.json', import.meta.url), 'utf8');
  const validate = new Ajv2020({ validateFormats: false }).compile(JSON.parse(schema));
  validate(documents[provider]);
  expect(validate.errors).toBeNull();
});

test('The documents have the same fields, and the same facts of what was measured', () => {
  const shape = (document: PromptDocument) => [Object.keys(document), Object.keys(document.prompts)];
  const measured = ({ facts }: PromptDocument) => facts.filter(({ source }) => source !== 'vision');
  for (const provider of ['azure-vision', 'openai'] as const) {
    expect(shape(documents[provider])).toEqual(shape(documents.local));
    expect(measured(documents[provider])).toEqual(measured(documents.local));
  }
});

test('Each says who described, and that local had nobody to do it', () => {
  expect(providers.map((provider) => documents[provider].analysis)).toMatchObject([
    { provider: 'local', model: null, degraded: true, reason: 'no-describing-provider' },
    { provider: 'azure-vision', model: '2023-10-01', degraded: false },
    { provider: 'openai', model: 'gpt-fake-2025-01-01', degraded: false },
  ]);
  const hashes = providers.map((provider) => documents[provider].analysis.settingsHash);
  expect(new Set(hashes).size).toBe(3);
});

test('The two that look at the picture lead to prompts about the same subject', () => {
  for (const provider of ['azure-vision', 'openai'] as const) {
    const { prompt, altText, caption, text } = documents[provider];
    expect(caption?.text).toBe('a red fishing boat moored in a small harbour at dusk');
    expect(prompt).toMatch(/red fishing boat/i);
    expect(altText).toMatch(/^A red fishing boat/);
    expect(text).toEqual(['MARIE 42']);
  }
  expect(
    documents.openai.facts.every(({ source, confidence }) => source !== 'vision' || confidence === null),
  ).toBe(true);
});
