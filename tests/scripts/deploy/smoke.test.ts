import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { errorName, promptName } from '../../../core/store/names.ts';
import { smokeTest } from '../../../scripts/deploy/smoke-test.ts';
import { freePorts, startLocalMode } from '../../local-mode.ts';
import { MemoryBlobs } from '../../memory/memory-blobs.ts';
import { SimulatedClock } from '../../simulated-clock.ts';
import { variablesOf } from '../../workflows/workflows.ts';
import { runScript } from './child.ts';

const NAME = 'smoke-test/one.png';

function start() {
  const clock = new SimulatedClock();
  const blobs = new MemoryBlobs(clock);
  const { signal } = new AbortController();
  const bytes = new Uint8Array(100);
  const result = smokeTest({ blobs, name: NAME, bytes, deadlineMs: 60_000, clock, signal });
  const put = (name: string, content: string) =>
    blobs.write(name, Buffer.from(content), { contentType: 'application/json', condition: 'new' });
  return { clock, blobs, put, settled: () => clock.runUntilSettled(result) };
}

async function namesIn(blobs: MemoryBlobs): Promise<string[]> {
  return (await blobs.page({ size: 100 })).blobs.map(({ name }) => name);
}

describe('the smoke test', () => {
  test('succeeds once the prompt is there, and leaves nothing behind', async () => {
    const { blobs, put, settled } = start();
    await put(promptName(NAME), '{}');
    expect(await settled()).toEqual({ isDescribed: true, text: expect.stringContaining('described after') });
    expect(await namesIn(blobs)).toEqual([]);
  });

  test('fails on an error JSON and says what it says', async () => {
    const { blobs, put, settled } = start();
    await put(errorName(NAME), '{"code":"vision-unauthorized"}');
    expect(await settled()).toEqual({
      isDescribed: false,
      text: expect.stringContaining('vision-unauthorized'),
    });
    expect(await namesIn(blobs)).toEqual([]);
  });

  test('fails when nobody answers until the deadline, and leaves nothing behind', async () => {
    const { blobs, settled } = start();
    expect(await settled()).toEqual({ isDescribed: false, text: expect.stringContaining('after 60 s') });
    expect(await namesIn(blobs)).toEqual([]);
  });

  test('as a step of the workflow, with all of its variables, finds the prompt that a running program makes', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'smoke-'));
    const local = startLocalMode(folder, await freePorts());
    try {
      const [, storage = ''] = await local.says(/(DefaultEndpointsProtocol=\S+)/);
      const env = { ...variablesOf('deploy-to', 'node scripts/deploy/smoke.ts'), STORAGE: storage };
      expect(env).toMatchObject({ IMAGES_PREFIX: '', VISION_LOCATION: 'westeurope' });
      const { code, output } = await runScript('smoke.ts', env, { seconds: 60 });
      expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining('described after') });
    } finally {
      local.kill('SIGTERM');
      await local.ended;
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    }
  });
});
