import * as z from 'zod';
import type { Receiver } from '../receiver.ts';
import { exported, readWorkflow } from './exported.ts';
import { card, slackMessage, teamsMessage } from './limits.ts';
import { runWorkflow } from './run-workflow.ts';
import { NOTICE_KEY, type Received, SECRET } from './signed.ts';

const workflow = exported.parse(await readWorkflow());
const mail = z.strictObject({ from: z.string(), to: z.string(), subject: z.string(), text: z.string() });

/** What all three channels are sent of one piece of news. */
export async function tell(receiver: Receiver, news: Received) {
  receiver.received.clear();
  const env = {
    ...{ PROMPT_WEBHOOK_SECRET: SECRET, PROMPT_NOTICE_KEY: NOTICE_KEY },
    PROMPT_TEAMS_URL: `${receiver.origin}/teams`,
    PROMPT_SLACK_URL: `${receiver.origin}/slack`,
    ...{ PROMPT_MAIL_TO: 'you@example.com', PROMPT_MAIL_FROM: 'prompts@example.com' },
  };
  const run = await runWorkflow(workflow, news, { env });
  const teams = receiver.received.get('/teams') ?? '';
  const message = teamsMessage.parse(JSON.parse(teams));
  const { content } = message.attachments[0];
  return {
    run,
    teams,
    content,
    /** Its lines. */
    card: card.parse(content).body.map(({ inlines }) => inlines.map(({ text }) => text).join('')),
    links: card.parse(content).actions,
    slack: slackMessage.parse(JSON.parse(receiver.received.get('/slack') ?? '')),
    mail: mail.parse(run.mails[0]),
  };
}
