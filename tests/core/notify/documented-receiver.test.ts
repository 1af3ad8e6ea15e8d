import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { signedHeaders, signingKey } from '../../../core/notify/sign.ts';

const SECRET = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;
const BODY = '{"id":"msg_1"}';

let folder: string;
let isGenuine: (headers: Readonly<Record<string, string>>, body: string, secret: string) => boolean;
beforeAll(async () => {
  const guide = await readFile(new URL('../../../docs/webhook.md', import.meta.url), 'utf8');
  const [, code = ''] = /^```js\n(.*?)^```$/ms.exec(guide) ?? [];
  folder = await mkdtemp(join(tmpdir(), 'receiver-'));
  const file = join(folder, 'receiver.mjs');
  await writeFile(file, code);
  ({ isGenuine } = await import(pathToFileURL(file).href));
});
afterAll(() => rm(folder, { recursive: true }));

function headersOf(at: number, secret = SECRET): Readonly<Record<string, string>> {
  const key = signingKey(secret);
  if (key === null) throw new Error('this is a secret');
  return signedHeaders(key, { id: 'msg_1', at, body: BODY });
}

test('the receiver that the guide prints takes what is signed by us, and nothing else', () => {
  const headers = headersOf(Date.now());
  expect(isGenuine(headers, BODY, SECRET)).toBe(true);
  expect(isGenuine(headers, `${BODY} `, SECRET)).toBe(false);
  expect(isGenuine(headers, BODY, SECRET.replace('CQk', 'CQs'))).toBe(false);
  expect(isGenuine({ ...headers, 'webhook-id': 'msg_2' }, BODY, SECRET)).toBe(false);
  expect(isGenuine(headersOf(Date.now() - 600_000), BODY, SECRET)).toBe(false);
  expect(isGenuine({}, BODY, SECRET)).toBe(false);
});

test('it takes a secret without whsec_ as it is', () => {
  const plain = 'a plain secret, of 32 letters é.';
  const headers = headersOf(Date.now(), plain);
  expect(isGenuine(headers, BODY, plain)).toBe(true);
  expect(isGenuine(headers, BODY, `${plain}.`)).toBe(false);
  expect(isGenuine(headersOf(Date.now()), BODY, plain)).toBe(false);
});
