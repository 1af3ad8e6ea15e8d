import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { VERSION } from '../../core/version.ts';

test('the version in the documents is the one of the package', async () => {
  const manifest = await readFile(new URL('../../package.json', import.meta.url), 'utf8');
  expect(VERSION).toBe(JSON.parse(manifest).version);
});
