import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { type QrLimits, qrRenderer, RENDERER } from '../../../core/qr/render-qr.ts';
import { AMPLE_MS, until } from '../../until.ts';

const REQUEST = { text: 'hello', format: 'svg', size: 64 } as const;

function renderer(limits: Partial<QrLimits> = {}) {
  return qrRenderer({ module: RENDERER, start: AMPLE_MS, deadline: AMPLE_MS, parallel: 2, ...limits });
}

/** Processes that stand in for the one that renders. */
const HANGS = fileURLToPath(new URL('process-that-hangs.ts', import.meta.url));
const IS_READY = fileURLToPath(new URL('process-that-is-ready.ts', import.meta.url));
const STARTS_LATE = fileURLToPath(new URL('process-that-starts-late.ts', import.meta.url));
const EATS = fileURLToPath(new URL('process-that-eats.ts', import.meta.url));
const TELLS = fileURLToPath(new URL('process-that-tells.ts', import.meta.url));

/** A signal that never aborts, unless it is told to. */
const still = () => new AbortController().signal;

describe('a bomb costs only its own request', () => {
  test.each([
    ['that never starts', { module: HANGS, start: 300 }],
    ['that started and answers nothing', { module: IS_READY, deadline: 300 }],
  ])('a process %s is ended at its deadline', async (_, limits) => {
    const render = renderer(limits);
    await expect(render(REQUEST, still())).rejects.toMatchObject({ code: 'qr-unavailable' });
    await noProcesses();
  });

  test('the time that a busy machine needs to start a process is not its own', async () => {
    const render = renderer({ module: STARTS_LATE, deadline: 1_500 });
    expect(Buffer.from(await render(REQUEST, still())).toString()).toBe('late');
  });

  test('a process that eats memory dies of it alone, with others at work', async () => {
    const eats = renderer({ module: EATS })(REQUEST, still());
    const [eaten, rendered] = await Promise.allSettled([eats, renderer()(REQUEST, still())]);
    expect(eaten).toMatchObject({ status: 'rejected', reason: { code: 'qr-unavailable' } });
    expect(rendered.status).toBe('fulfilled');
  });

  test('a module that is missing is an error of the request', async () => {
    const render = renderer({ module: `${HANGS}.missing.ts` });
    await expect(render(REQUEST, still())).rejects.toMatchObject({ code: 'qr-unavailable' });
  });
});

test('more at once than allowed are turned away with the time to come back, and not for good', async () => {
  const render = renderer({ parallel: 2 });
  const results = await Promise.allSettled([1, 2, 3].map(() => render(REQUEST, still())));
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
  expect(results[2]).toMatchObject({ reason: { code: 'qr-busy', headers: { 'retry-after': '1' } } });
  expect(Buffer.from(await render(REQUEST, still())).toString()).toMatch(/^<svg/);
});

test('no process outlives its answer, or a client who goes away', async () => {
  await renderer()(REQUEST, still());
  await noProcesses();
  const client = new AbortController();
  const rendering = renderer({ module: HANGS })(REQUEST, client.signal);
  client.abort(new Error('gone'));
  await expect(rendering).rejects.toThrow('gone');
  await noProcesses();
});

test('the process is given nothing of our environment, and a bounded heap', async () => {
  const told = await renderer({ module: TELLS })(REQUEST, still());
  const [environment, flags] = JSON.parse(Buffer.from(told).toString());
  expect(process.env.PATH).toBeDefined();
  expect(Object.keys(environment).filter((key) => key !== 'SystemRoot')).toEqual([]);
  expect(flags.at(-1)).toBe('--max-old-space-size=128');
});

/** The handles of all processes are closed, which happens just after their end. */
const noProcesses = () =>
  until('no process is left', () => !process.getActiveResourcesInfo().includes('ProcessWrap'));
