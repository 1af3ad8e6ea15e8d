import { expect, test } from '@jest/globals';
import { isNear } from '../../containerapp/watch.ts';
import { parseConfig } from '../../core/config.ts';
import { createLog } from '../../core/log.ts';
import { createProgram } from '../../core/program.ts';
import { freePort, startAzurite } from '../azurite.ts';
import { startCommand } from './command.ts';

test.each([
  ['http://127.0.0.1:10000/devstoreaccount1', true],
  ['http://azurite:10000/devstoreaccount1', true],
  ['https://storage.internal/devstoreaccount1', true],
  ['https://photos.blob.core.windows.net', false],
  // A container of that name, in an account.
  ['https://devstoreaccount1.blob.core.windows.net', false],
  ['https://photos.blob.core.windows.net/devstoreaccount1', false],
])('listing %s costs nothing: %j', (service, expected) => {
  const isContainer = service.endsWith('.net/devstoreaccount1');
  const container = isContainer ? 'devstoreaccount1' : 'images';
  const folder = isContainer ? service : `${service}/images`;
  expect(isNear({ container, url: (name) => `${folder}/${name}` })).toBe(expected);
});

test('work --watch makes what it needs in an emulator that is empty', async () => {
  const azurite = await startAzurite();
  const settings = {
    STORAGE: azurite.connectionString,
    IMAGES_CONTAINER: 'new',
    STATE_CONTAINER: 'new-state',
  };
  const worker = startCommand(['work', '--watch'], { settings });
  await worker.says(/"working"/);
  const { blobs, state } = await createProgram(parseConfig(settings), azurite, createLog('silent'));
  expect((await blobs.page({ size: 10 })).blobs).toEqual([]);
  expect((await state.page({ size: 10 })).blobs.map(({ name }) => name)).toEqual(['first-start']);
  worker.kill('SIGTERM');
  expect(await worker.ended).toBe(0);
  expect(worker.output()).not.toContain('cannot be watched');
  await azurite.close();
});

test('work --watch ends with 1 where the emulator is not there yet, to be started again', async () => {
  const address = (port: number) => `http://127.0.0.1:${port}/devstoreaccount1`;
  const [blob, queue] = [await freePort(), await freePort()];
  const STORAGE = `DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=a2V5;BlobEndpoint=${address(blob)};QueueEndpoint=${address(queue)};`;
  const worker = startCommand(['work', '--watch'], { settings: { STORAGE } });
  expect(await worker.ended).toBe(1);
  expect(worker.output()).toContain('the storage does not answer');
});
