import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { batch } from '../../../../core/batch/record.ts';
import { beginTurn } from '../../../../core/batch/turns.ts';
import { parseConfig } from '../../../../core/config.ts';
import { createLog } from '../../../../core/log.ts';
import { createProgram, type Program } from '../../../../core/program.ts';
import { readMessage } from '../../../../core/queue/message.ts';
import { promptName } from '../../../../core/store/names.ts';
import { readProblem } from '../../../answers.ts';
import { startAzurite } from '../../../azurite.ts';
import { photo } from '../../../fixtures/images/photo.ts';
import { OWN_HOSTS } from '../../../hosts.ts';
import { openStage, type Stage } from './stage.ts';

let azurite: Awaited<ReturnType<typeof startAzurite>>;
/** Reaches the state and the queue of the hosts. */
let program: Program;

beforeAll(async () => {
  azurite = await startAzurite();
  const { connectionString } = azurite;
  const config = parseConfig({ STORAGE: connectionString });
  program = await createProgram(config, { connectionString }, createLog('silent'));
  await program.events.create();
});
afterAll(() => azurite.close());

/** Takes everything out of the queue. @returns the batches of which a step is due */
async function takeSteps(): Promise<string[]> {
  const { events } = program;
  const messages = await events.receive({ max: 32, hidden: 60_000 });
  await Promise.all(messages.map((message) => events.remove(message)));
  return messages.map(({ text }) => {
    const read = readMessage(text, '');
    return 'batch' in read ? read.batch : 'something else';
  });
}

// On Functions they are started otherwise: tests/functions/batch.
describe.each(OWN_HOSTS)('batches on $host', (host) => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await openStage(host, { connectionString: azurite.connectionString, purpose: 'batch' });
    const jpeg = await photo({ width: 160, height: 120 });
    for (const name of ['in/1.jpg', 'in/é 2.jpg', 'in/done.jpg', 'in/mine.jpg', 'out/1.jpg']) {
      await stage.drop(name, jpeg);
    }
    await stage.send('POST', '/api/prompts', { blob: 'in/done.jpg' });
    await stage.drop(promptName('in/mine.jpg'), '{"prompt":"mine"}', 'application/json');
  });
  afterAll(() => stage.close());

  const post = (body: unknown, headers?: Record<string, string>) =>
    stage.send('POST', '/api/batches', body, headers);
  const get = (id: string) => stage.get(`/api/batches/${id}`);
  const remove = (id: string) => stage.fetch(`/api/batches/${id}`, { method: 'DELETE' });

  test('one is started, told of at its path, and ended where nobody works on it', async () => {
    const answer = await post({ prefix: 'in/', targets: ['sdxl', 'sdxl'] });
    const started = batch.parse(await answer.json());
    expect([answer.status, answer.headers.get('location')]).toEqual([202, `/api/batches/${started.id}`]);
    expect(started).toMatchObject({
      ...{ status: 'pending', counts: { listed: 0, described: 0 }, finishedAt: null, problem: null },
      options: {
        prefix: 'in/',
        targets: ['sdxl'],
        force: false,
        stale: false,
        maxParallel: 4,
        dryRun: false,
      },
    });
    expect(started.id).toMatch(/^[0-9a-f]{32}$/);
    expect(await takeSteps()).toEqual([started.id]);

    const found = await get(started.id);
    expect([found.status, found.headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(await found.json()).toEqual(started);

    const ended = await remove(started.id);
    expect([ended.status, batch.parse(await ended.json()).status]).toEqual([200, 'cancelled']);
    expect((await remove(started.id)).status).toBe(200);
  });

  test('who works on one is asked to end it', async () => {
    const { id } = batch.parse(await (await post({})).json());
    await takeSteps();
    expect((await beginTurn(id, 'someone', program.batching)).kind).toBe('mine');
    for (const _ of [1, 2]) {
      const answer = await remove(id);
      expect([answer.status, batch.parse(await answer.json()).status]).toEqual([202, 'cancelling']);
    }
    expect(batch.parse(await (await get(id)).json()).status).toBe('cancelling');
  });

  test('a dry run of a small prefix is answered at once, and describes nothing', async () => {
    const count = async (body: object) => {
      const answer = await post({ prefix: 'in/', dryRun: true, ...body });
      const { status, counts, visionCalls, estimatedCost } = batch.parse(await answer.json());
      expect([answer.status, status]).toEqual([200, 'completed']);
      return { counts, visionCalls, cost: estimatedCost?.amount };
    };
    expect(await count({})).toMatchObject({
      ...{ counts: { listed: 4, unchanged: 2, remaining: 2, described: 0 }, visionCalls: 0, cost: 0 },
    });
    expect((await count({ force: true })).counts).toMatchObject({ listed: 4, unchanged: 0, remaining: 4 });
    expect((await count({ stale: true, targets: ['flux2'] })).counts.remaining).toBe(3);
    expect((await count({ prefix: 'elsewhere/' })).counts.listed).toBe(0);
    expect(await takeSteps()).toEqual([]);
    expect(await stage.text(promptName('in/1.jpg'))).toBeNull();
  });

  test('the same request with the same Idempotency-Key starts one batch', async () => {
    const headers = { 'idempotency-key': `once-${stage.blobs.container}` };
    const [first, second] = [await post({ prefix: 'x/' }, headers), await post({ prefix: 'x/' }, headers)];
    expect([second.status, second.headers.get('idempotency-replayed')]).toEqual([202, 'true']);
    expect(second.headers.get('location')).toBe(first.headers.get('location'));
    expect(await takeSteps()).toHaveLength(1);
  });

  test('refuses other bodies, and knows no other batch', async () => {
    const bodies = [
      ...[{ prefix: 1 }, { prefix: 'a\u0000' }, { targets: [] }, { targets: ['sd9'] }, { force: 'yes' }, []],
      ...[{ maxParallel: 0 }, { maxParallel: 17 }, { maxParallel: 1.5 }, { all: true }, null, 'a'],
    ];
    for (const body of bodies) {
      const answer = await post(typeof body === 'string' ? '"a"' : body);
      expect(await readProblem(answer)).toMatchObject({ status: 400, code: 'invalid-request' });
    }
    expect((await readProblem(await post('{'))).code).toBe('invalid-json');
    for (const id of ['0'.repeat(32), 'x', '..', '%2e%2e', `${'0'.repeat(32)}.json`]) {
      expect((await readProblem(await get(id))).code).toBe('not-found');
      expect((await readProblem(await remove(id))).code).toBe('not-found');
    }
    expect(await takeSteps()).toEqual([]);
  });
});
