import { readdir, readFile } from 'node:fs/promises';
import { expect } from '@jest/globals';
import { readMessage } from '../../../core/queue/message.ts';
import { contractPath, testWithContracts } from '../../contracts.ts';

const folder = contractPath('event-grid');

testWithContracts('every published storage event is read, with the ETag of a created blob only', async () => {
  const files = (await readdir(folder)).filter((file) => file.startsWith('blob-'));
  expect(files.length).toBeGreaterThanOrEqual(6);
  for (const file of files) {
    const text = await readFile(contractPath('event-grid', file), 'utf8');
    const [, container = ''] = /containers\/([^/]+)\/blobs/.exec(text) ?? [];
    const [, name] = /\/blobs\/([^"]+)"/.exec(text) ?? [];
    const etag = file.startsWith('blob-created') ? { etag: '0x8D4BCC2E4835CD0' } : {};
    for (const body of [text, Buffer.from(text).toString('base64'), JSON.parse(text)]) {
      expect(readMessage(body, container)).toMatchObject({ event: { container, name, ...etag } });
    }
    expect(readMessage(text, 'elsewhere')).toEqual({ malformed: 'other-container' });
  }
});

testWithContracts('the text of a queue message is read, plain and in base64', async () => {
  const text = await readFile(contractPath('event-grid', 'storage-queue-message-text.derived.json'), 'utf8');
  for (const { plain, base64 } of Object.values(
    JSON.parse(text) as Record<string, { plain: string; base64: string }>,
  )) {
    for (const body of [plain, base64]) {
      expect(readMessage(body, 'test-container')).toMatchObject({ event: { name: 'new-file.txt' } });
    }
  }
});

testWithContracts('B21: the handshakes are set aside', async () => {
  for (const file of [
    'subscription-validation.request.eventgrid.json',
    'cloudevents-abuse-protection.handshake.derived.json',
  ]) {
    const text = await readFile(contractPath('event-grid', file), 'utf8');
    expect(readMessage(text, 'images')).toEqual({ malformed: 'schema' });
  }
});
