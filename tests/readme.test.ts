import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { parseConfig } from '../core/config.ts';

const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
const [captions = ''] = /^## Captions$.*?(?=^## )/ms.exec(readme) ?? [];
const choices = [...captions.matchAll(/^```\n(.*?)^```$/gms)].map(([, block = '']) => block.trim());

test('README has three choices of who writes captions, one of them for four servers', () => {
  const providers = choices.map((block) => /VISION_PROVIDER=(.*)/.exec(block)?.[1]);
  expect(providers).toEqual(['local', 'azure-vision', 'openai', 'openai', 'openai', 'openai']);
});

test.each(choices)('README prints settings that are settings:\n%s', (block) => {
  const filled = block.replace(/<(\w+)>/g, 'my-$1');
  const settings = Object.fromEntries(filled.split('\n').map((line) => line.split(/=(.*)/s)));
  const { VISION_PROVIDER, VISION_ENDPOINT, VISION_KEY, VISION_MODEL } = settings;
  const { vision } = parseConfig({ STORAGE: 'UseDevelopmentStorage=true', ...settings });
  expect(vision).toMatchObject({
    provider: VISION_PROVIDER,
    ...(VISION_ENDPOINT && { endpoint: VISION_ENDPOINT, key: VISION_KEY }),
    ...(VISION_MODEL && { model: VISION_MODEL }),
  });
});
