import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { promptCreated } from '../payloads.ts';
import { type Receiver, startReceiver } from '../receiver.ts';
import { exported, readWorkflow } from './exported.ts';
import { runWorkflow } from './run-workflow.ts';
import { SECRET, signed } from './signed.ts';

const workflow = exported.parse(await readWorkflow());
let receiver: Receiver;
beforeAll(async () => {
  receiver = await startReceiver();
});
beforeEach(() => {
  receiver.received.clear();
  receiver.statuses.clear();
});
afterAll(() => receiver.close());

const news = signed(promptCreated());
const secret = { PROMPT_WEBHOOK_SECRET: SECRET };
const teams = () => ({ PROMPT_TEAMS_URL: `${receiver.origin}/teams` });
const slack = () => ({ PROMPT_SLACK_URL: `${receiver.origin}/slack` });
const mail = { PROMPT_MAIL_TO: 'you@example.com', PROMPT_MAIL_FROM: 'prompts@example.com' };

test('a channel that is not set is left out', async () => {
  const none = await runWorkflow(workflow, news, { env: secret });
  expect(none).toMatchObject({ status: 202, error: null, mails: [] });
  const one = await runWorkflow(workflow, news, { env: { ...secret, ...slack() } });
  expect(one).toMatchObject({ status: 202, error: null, mails: [] });
  expect([...receiver.received.keys()]).toEqual(['/slack']);
});

test('where one channel fails the others are told, and the run is shown as failed', async () => {
  receiver.statuses.set('/teams', 400);
  const env = { ...secret, ...teams(), ...slack(), ...mail };
  const run = await runWorkflow(workflow, news, { env });
  expect([...receiver.received.keys()]).toEqual(['/teams', '/slack']);
  expect(run.mails).toHaveLength(1);
  expect(run.status).toBe(202);
  expect(run.error).toContain('Somebody was not told');
});

test('where mails cannot be sent the run is shown as failed', async () => {
  const sendMail = () => {
    throw new Error('ECONNREFUSED');
  };
  const run = await runWorkflow(workflow, news, { env: { ...secret, ...slack(), ...mail }, sendMail });
  expect([...receiver.received.keys()]).toEqual(['/slack']);
  expect(run.error).toContain('Somebody was not told');
});
