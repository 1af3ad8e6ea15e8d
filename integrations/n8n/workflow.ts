import { createHash } from 'node:crypto';
import { codeOf } from './code-node.ts';
import {
  answer,
  choose,
  code,
  fail,
  type Node,
  only,
  post,
  sendMail,
  together,
  unseen,
  webhook,
  whether,
} from './nodes.ts';

/** Its nodes for each kind of news, by the kinds that check-sender.ts tells apart. */
const KINDS = [
  { kind: 'prompt.created', name: 'New prompt', file: 'new-prompt.ts', call: 'newPrompt' },
  { kind: 'prompt.failed', name: 'Failed image', file: 'failed-image.ts', call: 'failedImage' },
  { kind: 'batch.finished', name: 'Finished batch', file: 'finished-batch.ts', call: 'finishedBatch' },
  { kind: 'alert', name: 'Alert', file: 'alert.ts', call: 'alert' },
  { kind: 'deployment', name: 'Deployment', file: 'deployment.ts', call: 'deployment' },
] as const;

const CHANNELS = ['Teams', 'Slack', 'E-mail'] as const;

const SENDERS =
  "{ secret: $env.PROMPT_WEBHOOK_SECRET ?? '', key: $env.PROMPT_NOTICE_KEY ?? '', crypto: require('crypto'), now: Date.now() }";
const NOT_MUTED =
  "={{ !($env.PROMPT_MUTED ?? '').split(',').map((kind) => kind.trim()).includes($json.kind) }}";

/** The workflow as n8n imports it. Everything that differs from place to place is in the environment of n8n. */
export async function workflow(): Promise<object> {
  const nodes = [
    webhook(at('Received', 0, 0), 'prompt-generator'),
    code(at('Check sender', 1, 0), await codeOf('check-sender.ts', `checkSender($json, ${SENDERS})`)),
    whether(at('Trusted?', 2, 0), '={{ $json.status === 202 }}'),
    answer(at('Accepted', 3, -1), 202),
    answer(at('Refused', 3, 1), '={{ $json.status }}'),
    only(at('Not muted', 4, -1), NOT_MUTED),
    unseen(at('Not seen before', 5, -1), '={{ $json.id }}'),
    choose(
      at('Kind', 6, -1),
      '={{ $json.kind }}',
      KINDS.map(({ kind }) => kind),
    ),
    ...(await Promise.all(
      KINDS.map(async ({ name, file, call }, row) =>
        code(at(name, 7, row - 3), await codeOf(file, `${call}($json.event)`)),
      ),
    )),
    only(at('Teams?', 8, -2), isSet('PROMPT_TEAMS_URL')),
    only(at('Slack?', 8, -1), isSet('PROMPT_SLACK_URL')),
    only(at('E-mail?', 8, 0), isSet('PROMPT_MAIL_TO')),
    code(at('Teams card', 9, -2), await codeOf('teams-card.ts', 'teamsCard($json)')),
    code(at('Slack message', 9, -1), await codeOf('slack-message.ts', 'slackMessage($json)')),
    code(at('E-mail text', 9, 0), await codeOf('mail.ts', 'mail($json)')),
    post(at('Teams', 10, -2), '={{ $env.PROMPT_TEAMS_URL }}'),
    post(at('Slack', 10, -1), '={{ $env.PROMPT_SLACK_URL }}'),
    sendMail(at('E-mail', 10, 0), {
      from: '={{ $env.PROMPT_MAIL_FROM }}',
      to: '={{ $env.PROMPT_MAIL_TO }}',
    }),
    together(at('Not told', 11, -1), CHANNELS.length),
    fail(
      at('Show it as failed', 12, -1),
      'Somebody was not told: see the error output of Teams, Slack or E-mail.',
    ),
  ];
  return {
    name: 'Prompt Generator: notifications',
    nodes: nodes.map((node) => ({ id: idOf(node), ...node })),
    connections: connections(),
    settings: { executionOrder: 'v1' },
    pinData: {},
    active: false,
  };
}

function connections(): object {
  const channels = CHANNELS.map((channel) => `${channel}?`);
  return {
    Received: main(['Check sender']),
    'Check sender': main(['Trusted?']),
    'Trusted?': main(['Accepted'], ['Refused']),
    Accepted: main(['Not muted']),
    'Not muted': main(['Not seen before']),
    'Not seen before': main(['Kind']),
    Kind: main(...KINDS.map(({ name }) => [name])),
    ...Object.fromEntries(KINDS.map(({ name }) => [name, main(channels)])),
    'Teams?': main(['Teams card']),
    'Slack?': main(['Slack message']),
    'E-mail?': main(['E-mail text']),
    'Teams card': main(['Teams']),
    'Slack message': main(['Slack']),
    'E-mail text': main(['E-mail']),
    // What it did, and what it could not do.
    ...Object.fromEntries(
      CHANNELS.map((channel, index) => [
        channel,
        { main: [[], [{ node: 'Not told', type: 'main', index }]] },
      ]),
    ),
    'Not told': main(['Show it as failed']),
  };
}

function main(...outputs: readonly (readonly string[])[]) {
  return { main: outputs.map((names) => names.map((node) => ({ node, type: 'main', index: 0 }))) };
}

function isSet(variable: string): string {
  return `={{ ($env.${variable} ?? '') !== '' }}`;
}

function at(name: string, column: number, row: number): Pick<Node, 'name' | 'position'> {
  return { name, position: [column * 220, row * 180] };
}

/** The same each time the file is made. */
function idOf({ name }: Node): string {
  const hex = createHash('sha256').update(name).digest('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}
