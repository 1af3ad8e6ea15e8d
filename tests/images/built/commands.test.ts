import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parseConfig } from '../../../core/config.ts';
import { createLog } from '../../../core/log.ts';
import { createProgram, type Program } from '../../../core/program.ts';
import { promptName } from '../../../core/store/names.ts';
import { readDocument } from '../../answers.ts';
import { freePort, startAzurite } from '../../azurite.ts';
import { startVisionServer, type VisionServer } from '../../faults/vision-server.ts';
import { photo } from '../../fixtures/images/photo.ts';
import { until } from '../../until.ts';
import { closeImages, describeWithBuildah, type Image } from './buildah.ts';
import { type Container, startContainer } from './container.ts';
import { builtImage } from './images.ts';

const BUILD_MS = 600_000;
const BURST = 60;
const BEGUN = 8;
/** What an event that met another of its image waits, and the work itself on a machine that is busy. */
const BURST_MS = 120_000;
const MIB = 1024 * 1024;

describeWithBuildah('the image prompt-generator, started', () => {
  let image: Image;
  let azurite: Awaited<ReturnType<typeof startAzurite>>;
  let vision: VisionServer;
  const started: Container[] = [];
  beforeAll(async () => {
    azurite = await startAzurite();
    vision = await startVisionServer();
    image = await builtImage('prompt-generator');
  }, BUILD_MS);
  afterAll(async () => {
    for (const container of started) container.kill('SIGKILL');
    await Promise.all(started.map(({ ended }) => ended));
    await vision.close();
    await azurite.close();
    await closeImages();
  });

  async function start(command: readonly string[], environment: Readonly<Record<string, string>> = {}) {
    const container = await startContainer(image, {
      command,
      environment: { STORAGE: azurite.connectionString, ...environment },
    });
    started.push(container);
    return container;
  }

  test('serves as its user: answers, describes, renders, writes nowhere but to /tmp, and ends with 0', async () => {
    const port = await freePort();
    const address = `http://127.0.0.1:${port}`;
    const begun = performance.now();
    const api = await start(['serve'], { PORT: `${port}`, HOST: '127.0.0.1', AUTH: 'none' });
    await until('it answers', () =>
      fetch(`${address}/api/live`).then(
        ({ ok }) => ok,
        () => false,
      ),
    );
    const firstAnswer = performance.now() - begun;
    const idle = await api.rss();
    expect(await api.checkHealth()).toBe(0);
    const body = new Uint8Array(await photo({ width: 640, height: 480 }));
    const answer = await fetch(`${address}/api/prompts`, { method: 'POST', body });
    expect((await readDocument(answer)).image).toMatchObject({ format: 'jpeg', width: 640 });
    expect((await fetch(`${address}/api/qr?text=hello&size=64`)).status).toBe(200);
    const { checks } = (await (await fetch(`${address}/api/health`)).json()) as { checks: unknown };
    expect(checks).toMatchObject({ temp: 'ok', disk: 'ok' });
    console.info(
      `serve: first answer after ${Math.round(firstAnswer)} ms, ${Math.round(idle / MIB)} MiB idle`,
    );
    api.kill('SIGTERM');
    expect(await api.ended).toBe(0);
  });

  test('has no capability, no way to one, and a root that cannot be written to', async () => {
    const look = `
      const fs = require('node:fs');
      const status = fs.readFileSync('/proc/self/status', 'utf8');
      const [caps, privileges] = [/CapEff:\\s+(\\w+)/, /NoNewPrivs:\\s+(\\d)/].map((part) => part.exec(status)[1]);
      const writes = (path) => { try { fs.writeFileSync(path, ''); return true; } catch { return false; } };
      console.log(JSON.stringify({ uid: process.getuid(), caps, privileges, root: writes('/app/x'), tmp: writes('/tmp/x') }));
    `;
    const odd = { ...image, config: { ...image.config, Entrypoint: ['node', '-e', look] } };
    const container = await startContainer(odd, { command: [] });
    expect(await container.ended).toBe(0);
    expect(JSON.parse(container.output())).toEqual({
      ...{ uid: 10_001, caps: '0000000000000000', privileges: '1' },
      ...{ root: false, tmp: true },
    });
  });

  test.each([
    ['no-such-command', [], 64, /There is no command no-such-command/],
    ['work', ['--nothing'], 64, /work \[--watch\]/],
    ['housekeep', [], 0, /"msg":/],
    ['redrive', [], 0, /^0 in image-events-poison\.$/m],
  ])('%s %j ends with %d', async (command, args, code, said) => {
    const storage = await createProgram(
      parseConfig({ STORAGE: azurite.connectionString }),
      azurite,
      createLog('silent'),
    );
    await Promise.all([storage.blobs, storage.state].map((place) => place.create()));
    const container = await start([command, ...args]);
    expect(await container.ended).toBe(code);
    expect(container.output()).toMatch(said);
  });

  test('says all that is wrong with its settings, and ends with 78', async () => {
    const container = await start(['serve'], { VISION_PROVIDER: 'openai', VISION_TPS: 'many' });
    expect(await container.ended).toBe(78);
    expect(container.output()).toMatch(/The settings have \d faults:.*VISION_ENDPOINT.*VISION_TPS/s);
  });

  test('SIGTERM in a burst: what was begun is done within the grace, and the next worker does the rest, once', async () => {
    const environment = {
      ...{ IMAGES_CONTAINER: 'burst', STATE_CONTAINER: 'burst-state', IMAGE_EVENTS_QUEUE: 'burst-events' },
      ...{ VISION_PROVIDER: 'azure-vision', VISION_ENDPOINT: vision.endpoint, VISION_KEY: vision.key },
      ...{ VISION_TPS: '1000', BACKFILL: 'on' },
    };
    const config = parseConfig({ STORAGE: azurite.connectionString, ...environment });
    const program = await createProgram(config, azurite, createLog('silent'));
    const { blobs, poison } = program;
    await blobs.create();
    const names = Array.from({ length: BURST }, (_, i) => `folder ${i % 3}/${i}.jpg`);
    for (const [seed, name] of names.entries()) {
      const bytes = await photo({ width: 160, height: 120, seed });
      await blobs.write(name, bytes, { contentType: 'image/jpeg', condition: 'new' });
    }
    const before = vision.calls;
    const first = await start(['work', '--watch'], environment);
    await until(`${BEGUN} prompts`, async () => (await done(program, names)) >= BEGUN, BURST_MS);
    const asked = performance.now();
    first.kill('SIGTERM');
    // It would not be 0 after 28 s, just before whoever stops a container kills it.
    expect(await first.ended).toBe(0);
    const took = performance.now() - asked;
    const [doneByThen, claims] = [await done(program, names), await claimsIn(program)];
    expect(claims).toBe(0);
    // Every call that was paid for is a prompt by now.
    expect(vision.calls - before).toBe(doneByThen);
    expect(doneByThen).toBeLessThan(BURST);

    const second = await start(['work', '--watch'], environment);
    await until(`${BURST} prompts`, async () => (await done(program, names)) === BURST, BURST_MS);
    const busy = await second.rss();
    // The queue need not be empty: both workers listed images, and an event that met another of its image waits half a minute.
    second.kill('SIGTERM');
    expect(await second.ended).toBe(0);
    expect(vision.calls - before).toBe(BURST);
    expect(await poison.length()).toBe(0);
    expect(second.output()).not.toMatch(/"outcome":"(failed|refused)"/);
    const mib = Math.round(busy / MIB);
    console.info(
      `work: ${doneByThen} of ${BURST} when it was stopped, drained in ${Math.round(took)} ms; ${mib} MiB after the burst`,
    );
  });
});

async function done({ blobs }: Program, names: readonly string[]): Promise<number> {
  const { blobs: listed } = await blobs.page({ size: 1_000 });
  const there = new Set(listed.map(({ name }) => name));
  return names.filter((name) => there.has(promptName(name))).length;
}

async function claimsIn({ state }: Program): Promise<number> {
  const { blobs } = await state.page({ size: 1_000, prefix: 'analysis/' });
  return blobs.filter(({ metadata }) => metadata.state === 'claim').length;
}
