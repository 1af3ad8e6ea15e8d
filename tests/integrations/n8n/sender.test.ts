import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ATTACK, deploymentNotice, document, promptCreated } from '../payloads.ts';
import { type Receiver, startReceiver } from '../receiver.ts';
import { exported, readWorkflow } from './exported.ts';
import { runWorkflow } from './run-workflow.ts';
import { NOTICE_KEY, SECRET, signed, withKey } from './signed.ts';

const workflow = exported.parse(await readWorkflow());
let receiver: Receiver;
beforeAll(async () => {
  receiver = await startReceiver();
});
afterAll(() => receiver.close());

function run(
  received: Parameters<typeof runWorkflow>[1],
  env: Readonly<Record<string, string>> = {},
  seen = new Set<string>(),
) {
  receiver.received.clear();
  const known = { PROMPT_WEBHOOK_SECRET: SECRET, PROMPT_NOTICE_KEY: NOTICE_KEY };
  const slack = { PROMPT_SLACK_URL: `${receiver.origin}/slack` };
  return runWorkflow(workflow, received, { env: { ...known, ...slack, ...env }, seen });
}

const created = promptCreated();

test.each([
  ['what is signed with a secret in base64', signed(created), {}],
  [
    'what is signed with any other secret',
    signed(created, { key: Buffer.from('plain words as a secret') }),
    { PROMPT_WEBHOOK_SECRET: 'plain words as a secret' },
  ],
  [
    'a text of any kind',
    signed(promptCreated({ ...document(), prompt: `${ATTACK}\u2028"\\\n🐈\ud800` })),
    {},
  ],
  ['a notice with the key', withKey(deploymentNotice()), {}],
])('%s is taken and told', async (_name, received, env) => {
  expect(await run(received, env)).toMatchObject({ status: 202, error: null });
  expect([...receiver.received.keys()]).toEqual(['/slack']);
});

const other = signed(created, { key: Buffer.from('another key of many bytes') });
test.each([
  ['another signature', other, 401, {}],
  ['another text than the signed one', { ...signed(created), body: { ...created, prompt: 'x' } }, 401, {}],
  ['a signature of ten minutes ago', signed(created, { at: Date.now() - 600_000 }), 401, {}],
  ['a signature of the future', signed(created, { at: Date.now() + 600_000 }), 401, {}],
  ['a signature without a time', { ...signed(created), headers: { 'webhook-signature': 'v1,x' } }, 401, {}],
  [
    'a signature where no secret is known',
    signed(created, { key: Buffer.alloc(0) }),
    401,
    { PROMPT_WEBHOOK_SECRET: '' },
  ],
  ['no signature', { ...signed(created), headers: {} }, 401, {}],
  ['another key', withKey(deploymentNotice(), 'x'), 401, {}],
  ['no key where none is known', withKey(deploymentNotice(), ''), 401, { PROMPT_NOTICE_KEY: '' }],
  ['an unsigned prompt with the key', withKey(created), 400, {}],
  ['no object', withKey('x'), 400, {}],
])('%s is refused, and nobody is told', async (_name, received, status, env) => {
  const { ran, ...answer } = await run(received, env);
  expect(answer).toMatchObject({ status, error: null });
  expect(ran.at(-1)).toBe('Refused');
  expect(receiver.received.size).toBe(0);
});

test('one of several signatures is enough, as while a secret is changed', async () => {
  const { headers, ...rest } = signed(created);
  const both = { ...headers, 'webhook-signature': `v1,AAAA ${headers['webhook-signature']}` };
  expect((await run({ ...rest, headers: both })).status).toBe(202);
});

test('what comes a second time is taken, and told once', async () => {
  const seen = new Set<string>();
  expect((await run(signed(created), {}, seen)).ran).toContain('Slack');
  const again = await run(signed(created), {}, seen);
  expect(again.status).toBe(202);
  expect(again.ran).not.toContain('Slack');
  expect((await run(signed({ ...created, id: 'msg_2' }), {}, seen)).ran).toContain('Slack');
});

test('each deployment of one run is told, and each once', async () => {
  const seen = new Set<string>();
  const told = async (changes: object) =>
    (await run(withKey({ ...deploymentNotice(), ...changes }), {}, seen)).ran.includes('Slack');
  expect(await told({ environment: 'staging' })).toBe(true);
  expect(await told({})).toBe(true);
  expect(await told({})).toBe(false);
  // The run went back to what was there before, or was started again.
  expect(await told({ version: '1.2.2' })).toBe(true);
  expect(await told({ time: '2026-11-21T09:00:00.000Z' })).toBe(true);
});

test('a kind that is muted, or that a newer program tells of, is taken and not told', async () => {
  const muted = await run(signed(created), { PROMPT_MUTED: 'batch.finished, prompt.created' });
  expect(muted.ran.at(-1)).toBe('Not muted');
  const newer = await run(signed({ ...created, type: 'prompt.edited' }));
  expect(newer.ran.at(-1)).toBe('Kind');
  expect([muted.status, newer.status]).toEqual([202, 202]);
});
