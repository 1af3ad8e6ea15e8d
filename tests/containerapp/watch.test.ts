import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type WatchOptions, watch } from '../../containerapp/watch.ts';
import { parseConfig } from '../../core/config.ts';
import { describeImage } from '../../core/describe/describe-image.ts';
import type { Outcome } from '../../core/describe/outcome.ts';
import { DeferredError } from '../../core/errors.ts';
import { createLog } from '../../core/log.ts';
import { createProgram, type Program } from '../../core/program.ts';
import { promptName } from '../../core/store/names.ts';
import { startAzurite } from '../azurite.ts';
import { photo } from '../fixtures/images/photo.ts';

let azurite: Awaited<ReturnType<typeof startAzurite>>;
let program: Program;

beforeAll(async () => {
  azurite = await startAzurite();
  const config = parseConfig({ STORAGE: azurite.connectionString, IMAGES_PREFIX: 'in/' });
  program = await createProgram(config, { connectionString: azurite.connectionString }, createLog('silent'));
  await program.blobs.create();
});
afterAll(() => azurite.close());

const drop = (name: string, bytes: Uint8Array, contentType = 'image/jpeg') =>
  program.blobs.write(name, bytes, { contentType, condition: 'any' });

/** Watches until `done` says so, and gives what was reported. */
async function watchUntil(
  done: (reports: [string, Outcome][]) => boolean,
  describe: WatchOptions['describe'] = (event, lastTry) =>
    describeImage(event, program.blobs, program.settings, { lastTry, signal: new AbortController().signal }),
): Promise<[string, Outcome][]> {
  const stop = new AbortController();
  const reports: [string, Outcome][] = [];
  const deadline = setTimeout(() => stop.abort(), 60_000);
  await watch({
    blobs: program.blobs,
    prefix: 'in/',
    describe,
    report: ({ name, outcome }) => {
      reports.push([name, outcome]);
      if (done(reports)) stop.abort();
    },
    warn: (error) => {
      throw error;
    },
    pause: (listed) => 5 * listed,
    signal: stop.signal,
  });
  clearTimeout(deadline);
  return reports;
}

test('200 images dropped at once get 200 prompts, and nothing beside them causes any work', async () => {
  const odd = [
    'ü b.jpg',
    '100%.jpg',
    'q?x=1.jpg',
    'h#ash.jpg',
    "quo'te.jpg",
    '😀.jpg',
    'e\u0301.jpg',
    '\u00e9.jpg',
    'a.JPG',
  ];
  const names = Array.from({ length: 200 }, (_, i) => `in/folder ${i % 7}/${i}-${odd[i % odd.length]}`);
  const jpegs = await Promise.all([1, 2, 3, 4].map((seed) => photo({ width: 160, height: 120, seed })));
  const others = ['in/readme.txt', 'in/paper.pdf', 'in/0.xmp', 'in/x.prompt.json', 'outside.jpg'];
  await Promise.all([
    ...names.map((name, i) => drop(name, jpegs[i % jpegs.length] ?? new Uint8Array())),
    ...others.map((name) => drop(name, Buffer.from('words'), 'image/jpeg')),
  ]);
  const reports = await watchUntil((all) => all.length === 200);
  expect(reports.filter(([, { status }]) => status !== 'done')).toEqual([]);
  expect(new Set(reports.map(([name]) => name))).toEqual(new Set(names));
  for (const name of names) expect(await program.blobs.head(promptName(name))).not.toBeNull();

  // Our own prompts are in the container by now: another image is all that is left to do.
  await drop('in/zz-last.jpg', jpegs[0] ?? new Uint8Array());
  expect((await watchUntil(() => true)).map(([name]) => name)).toEqual(['in/zz-last.jpg']);
  expect((await program.blobs.page({ size: 1000 })).blobs).toHaveLength(200 * 2 + 2 + others.length);
}, 90_000);

test('an image that is refused is told once and stops no other', async () => {
  await drop('in/bad.jpg', Buffer.from('no image'));
  await drop('in/good.jpg', await photo({ width: 160, height: 120 }));
  const reports = await watchUntil((all) => all.length === 2);
  expect(new Map(reports.map(([name, { status }]) => [name, status]))).toEqual(
    new Map([
      ['in/bad.jpg', 'refused'],
      ['in/good.jpg', 'done'],
    ]),
  );
});

test('an image that is overwritten is described again', async () => {
  await drop('in/again.jpg', await photo({ width: 160, height: 120 }));
  await watchUntil(() => true);
  await drop('in/again.jpg', await photo({ width: 120, height: 160 }));
  const [[name, outcome] = []] = await watchUntil(() => true);
  expect([name, outcome]).toEqual(['in/again.jpg', expect.objectContaining({ status: 'done' })]);
});

test('an image that is deferred is offered again when its time has come, however often, and never as a last try', async () => {
  await drop('in/now.jpg', await photo({ width: 160, height: 120 }));
  await drop('in/tomorrow.jpg', await photo({ width: 160, height: 120 }));
  const deferred = (until: Date): Outcome => {
    const error = new DeferredError('vision-circuit-open', until);
    return { status: 'deferred', until, error };
  };
  const lastTries: unknown[] = [];
  const offers = await watchUntil(
    (all) => all.filter(([name]) => name === 'in/now.jpg').length === 8,
    async ({ name }, lastTry) => {
      lastTries.push(lastTry);
      return deferred(new Date(name === 'in/now.jpg' ? 0 : Date.now() + 86_400_000));
    },
  );
  expect(offers.filter(([name]) => name === 'in/tomorrow.jpg')).toHaveLength(1);
  expect(new Set(lastTries)).toEqual(new Set([undefined]));
});
