import { expect, test } from '@jest/globals';
import { startCommand } from './command.ts';

/** What ends before there is any work. Nothing answers at this storage. */
const settings = { STORAGE: 'UseDevelopmentStorage=true' };

async function run(args: readonly string[], env: Readonly<Record<string, string>>, preload = '') {
  const command = startCommand(args, { settings: env, preload });
  return { code: await command.ended, output: command.output() };
}

test.each([[['--help']], [['work', '--help']], [['bogus', '-h']]])('%j says what there is', async (args) => {
  expect(await run(args, {})).toEqual({
    code: 0,
    output: expect.stringMatching(/serve.*work \[--watch\].*redrive \[--apply\] \[--discard-malformed\]/s),
  });
});

test.each([
  [['bogus'], 64],
  [['constructor'], 64],
  [['serve', '--watch'], 64],
  [['work', '--apply'], 64],
  [['redrive', 'x'], 64],
  [['housekeep', '--sometimes'], 2],
  [['housekeep', 'now'], 2],
] as const)('%j is refused with %d, before anything is asked of the settings', async (args, code) => {
  const output = expect.stringContaining(`There is no command ${args.join(' ')}.\n`);
  expect(await run(args, {})).toEqual({ code, output });
});

test('without a storage it says which setting is missing, and where it is to be had', async () => {
  expect(await run(['housekeep'], {})).toEqual({
    code: 78,
    output: expect.stringMatching(/^ {2}STORAGE is missing: .*npm start prints/m),
  });
});

test('an address that it cannot listen on is a line that names HOST', async () => {
  expect(await run(['serve'], { ...settings, HOST: '192.0.2.1' })).toEqual({
    code: 1,
    output:
      'HOST is no address that this machine can listen on (EADDRNOTAVAIL): set it to one, or remove it.\n',
  });
});

/** Its secret is not in its source, which a stack names here. */
const FAILURE = "new Error('this fails', { cause: new Error('AccountKey=' + btoa('secret') + ' is why') })";

test('what is thrown and is no error is one line, too', async () => {
  const preload = `process.on('newListener', (name) => {
    if (name === 'uncaughtException') setTimeout(() => { throw 'a word'; });
  });`;
  const output = 'a word (LOG_LEVEL=debug shows where.)\n';
  expect(await run(['serve'], { ...settings, PORT: '0' }, preload)).toEqual({ code: 1, output });
});

test.each([
  ['that a callback throws', `throw ${FAILURE};`],
  ['of a promise that nobody waits for', `Promise.reject(${FAILURE});`],
])(
  'an error %s is one line without secrets, to which LOG_LEVEL=debug adds the stack',
  async (_what, fails) => {
    const preload = `process.on('newListener', (name) => {
    if (name === 'uncaughtException') setTimeout(() => { ${fails} });
  });`;
    const line = 'this fails ← AccountKey=[redacted] is why';
    expect(await run(['serve'], { ...settings, PORT: '0' }, preload)).toEqual({
      code: 1,
      output: `${line} (LOG_LEVEL=debug shows where.)\n`,
    });
    const { output } = await run(['serve'], { ...settings, PORT: '0', LOG_LEVEL: 'debug' }, preload);
    expect(output).toContain(`${line}\nError: this fails\n    at `);
    expect(output).not.toContain(btoa('secret'));
  },
);
