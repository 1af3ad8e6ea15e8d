import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { catalogSchema } from '../../../../core/housekeeping/audit/catalog.ts';
import { AzureBlobs, connectStorage } from '../../../../core/store/azure-blobs.ts';
import { readProblem } from '../../../answers.ts';
import { startAzurite } from '../../../azurite.ts';
import { HOSTS } from '../../../hosts.ts';
import { House } from '../../housekeeping/swept.ts';
import { openStage, type Stage } from './stage.ts';

let azurite: Awaited<ReturnType<typeof startAzurite>>;
/** As a run of housekeeping writes it. */
let written: Buffer;

beforeAll(async () => {
  azurite = await startAzurite();
  const house = new House();
  await house.drop(' cat.jpg');
  await house.housekeep();
  const blob = await house.state.read('catalog.json', { maxBytes: 1e6 });
  written = Buffer.from(blob?.bytes ?? []);
});
afterAll(() => azurite.close());

describe.each(HOSTS)('GET /api/catalog on $host', (host) => {
  let stage: Stage;
  let state: AzureBlobs;

  beforeAll(async () => {
    const { connectionString } = azurite;
    const container = `catalog-state-${HOSTS.indexOf(host)}`;
    const settings = { STATE_CONTAINER: container };
    stage = await openStage(host, { connectionString, purpose: 'catalog', settings });
    const service = await connectStorage({ connectionString });
    state = new AzureBlobs(service.getContainerClient(container));
  });
  afterAll(() => stage.close());

  test('is no-catalog before the first run, then the catalog with its ETag, and 304 for who has it', async () => {
    const before = await stage.get('/api/catalog');
    expect([before.status, await readProblem(before)]).toMatchObject([404, { code: 'no-catalog' }]);
    await state.write('catalog.json', written, { contentType: 'application/json', condition: 'any' });
    const answer = await stage.get('/api/catalog');
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/json']);
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(written);
    const etag = answer.headers.get('etag') ?? '';
    // A gateway that compresses it makes it a weak one.
    expect(etag).toMatch(/^(W\/)?".+"$/);
    const again = await stage.get('/api/catalog', { 'if-none-match': etag });
    expect([again.status, await again.text()]).toEqual([304, '']);
    await state.write('catalog.json', written, { contentType: 'application/json', condition: 'any' });
    expect((await stage.get('/api/catalog', { 'if-none-match': etag })).status).toBe(200);
  });

  test('has no query, and can only be read', async () => {
    expect((await stage.get('/api/catalog?page=2')).status).toBe(400);
    expect((await stage.send('POST', '/api/catalog', {})).status).toBe(405);
  });
});

describe('the JSON Schema of the catalog', () => {
  const committed = readFile(new URL('../../../../schemas/catalog.v1.json', import.meta.url), 'utf8');

  test('in schemas/ is the one that the code makes (npm run docs writes it)', async () => {
    expect(await committed).toBe(`${JSON.stringify(catalogSchema(), null, 2)}\n`);
  });

  test('is in one piece and forbids no added field', async () => {
    expect(await committed).not.toMatch(/"\$ref"|"additionalProperties": false/);
  });

  test('holds for what a run writes, also with fields of a later program, and not for what is broken', async () => {
    const formats = { 'date-time': true, date: true } as const;
    const valid = new Ajv2020({ formats }).compile(JSON.parse(await committed));
    const made = JSON.parse(written.toString());
    expect(valid(made)).toBe(true);
    expect(valid({ ...made, added: 1, images: { ...made.images, added: 1 } })).toBe(true);
    expect(valid({ ...made, complete: 'yes' })).toBe(false);
    expect(valid({ ...made, images: { ...made.images, count: -1 } })).toBe(false);
  });
});
