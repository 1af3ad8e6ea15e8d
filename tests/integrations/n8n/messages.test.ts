import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { teamsCard } from '../../../integrations/n8n/code/teams-card.ts';
import { describeWithContracts } from '../../contracts.ts';
import { seen } from '../../core/prompt/samples.ts';
import {
  ATTACK,
  batchFinished,
  deploymentNotice,
  document,
  longestDocuments,
  promptCreated,
  promptFailed,
} from '../payloads.ts';
import { type Receiver, startReceiver } from '../receiver.ts';
import { cardValidator, MAX_TEAMS_BYTES } from './limits.ts';
import { type Received, signed, withKey } from './signed.ts';
import { tell } from './told.ts';

let receiver: Receiver;
beforeAll(async () => {
  receiver = await startReceiver();
});
afterAll(() => receiver.close());

const created = promptCreated();
const LONG_NAME = { name: 'ü'.repeat(1_000), url: `https://a.example/${'%C3%BC'.repeat(1_000)}` };
const NEWS: readonly (readonly [string, Received])[] = [
  ['a prompt', signed(created)],
  ['a prompt without a caption', signed({ ...created, caption: null, negativePrompt: null, degraded: true })],
  ['a prompt under a name as long as can be', signed({ ...created, ...LONG_NAME })],
  ['an image that is refused', signed(promptFailed())],
  [
    'an image that is tried again',
    signed(promptFailed({ retryable: true, nextTryAt: '2026-11-21T09:00:00Z' })),
  ],
  ['an image that failed for good', signed(promptFailed({ retryable: true, detail: null }))],
  ['a batch', signed(batchFinished())],
  [
    'a batch that failed',
    signed(batchFinished({ batchStatus: 'failed', title: 'Something went wrong.', batchPrefix: '' })),
  ],
  ['a deployment', withKey(deploymentNotice())],
  ['a deployment that failed', withKey(deploymentNotice('deployment.failed'))],
  ['a workflow that failed', withKey(deploymentNotice('workflow.failed'))],
];

test('a new prompt is told with what it is and where it lies', async () => {
  const { run, card, links, slack, mail } = await tell(receiver, signed(created));
  expect(run.status).toBe(202);
  expect(card).toEqual(
    expect.arrayContaining([
      'Caption: a cat on a sofa',
      `Prompt: ${created.prompt}`,
      'Provider: azure-vision',
    ]),
  );
  expect(links.map(({ url }) => url)).toEqual([created.promptUrl, created.url]);
  expect(slack.blocks).toContainEqual({
    type: 'section',
    text: { type: 'mrkdwn', verbatim: true, text: `*Prompt*\n\`\`\`${created.prompt}\`\`\`` },
  });
  expect(mail).toMatchObject({
    to: 'you@example.com',
    subject: expect.stringContaining('New prompt: holiday/2026'),
  });
  expect(mail.text).toContain(`Prompt JSON: ${created.promptUrl}`);
});

test('an image without a prompt is told with the reason, and whether it is tried again', async () => {
  const again = { code: 'vision-timeout', retryable: true, nextTryAt: '2026-11-21T09:00:00Z' };
  expect((await tell(receiver, signed(promptFailed(again)))).card).toEqual(
    expect.arrayContaining(['Error: vision-timeout', 'Next try: 2026-11-21T09:00:00Z', 'Attempts: 1']),
  );
  expect((await tell(receiver, signed(promptFailed()))).card).toContain(
    'Next try: none: another image is needed',
  );
});

test('a deployment is told with its place, its version and its run', async () => {
  const { card, links } = await tell(receiver, withKey(deploymentNotice('deployment.failed')));
  expect(card[0]).toBe('Deployment failed: 1.2.3 to production');
  expect(links).toMatchObject([{ url: 'https://github.com/owner/prompt-generator/actions/runs/1' }]);
  const { card: workflow } = await tell(receiver, withKey(deploymentNotice('workflow.failed')));
  expect(workflow[0]).toBe('Workflow failed: release to production');
});

test.each(NEWS)('%s is told to all three, and Slack takes it', async (_name, news) => {
  const { run, card, mail } = await tell(receiver, news);
  expect(run).toMatchObject({ status: 202, error: null });
  expect([...card, mail.subject, mail.text].join('\n')).not.toMatch(/undefined|null|NaN|\[object/);
});

describeWithContracts('as a card of Teams', () => {
  let faultsOf: (content: unknown) => unknown;
  beforeAll(async () => {
    faultsOf = await cardValidator();
  });

  test.each(NEWS)('%s is valid by the schema of Adaptive Cards, and below 28 KB', async (_name, news) => {
    const { content, teams } = await tell(receiver, news);
    expect(faultsOf(content)).toBeNull();
    expect(Buffer.byteLength(teams)).toBeLessThan(MAX_TEAMS_BYTES);
  });
});

describe.each([
  ['Latin', 'abcdefg'],
  ['quotes', '"'],
  ['ampersands', '&<'],
  ['Chinese', '猫'],
  ['emoji', '🐈'],
])('the longest prompts of all targets, in %s,', (_name, letter) => {
  test('stay below what Teams and Slack take, however they are encoded on their way', async () => {
    for (const made of longestDocuments(letter)) {
      const name = letter.repeat(500).slice(0, 1_000);
      const { teams, run } = await tell(receiver, signed({ ...promptCreated(made), name }));
      expect(run.error).toBeNull();
      expect(escaped(teams).length).toBeLessThan(MAX_TEAMS_BYTES);
    }
  });
});

test('the fullest card there can be stays below what Teams takes', () => {
  const many = (count: number, length: number) =>
    Array.from({ length: count }, () => ({ name: 'Negative prompt', value: '"'.repeat(length) }));
  const link = { title: 'In the portal', url: `https://a.example/${'x'.repeat(980)}` };
  const card = teamsCard({
    ...{ tone: 'attention', title: '"'.repeat(9_000) },
    ...{ facts: many(99, 9_000), texts: many(99, 90_000), links: Array.from({ length: 99 }, () => link) },
  });
  expect(escaped(JSON.stringify(card)).length).toBeLessThan(MAX_TEAMS_BYTES);
});

/** As long as anyone on the way may make it. */
function escaped(json: string): string {
  return json.replace(/[^\x20-\x7e]|[&<>'+]|\\"/g, '\\u0000');
}

test('what was read in an image is no link, no mention and no style anywhere', async () => {
  const made = { ...document({ analysis: seen(ATTACK), embedded: ATTACK }), altText: ATTACK };
  for (const news of [
    signed({
      ...promptCreated(made),
      name: ATTACK,
      url: 'javascript:alert(1)',
      promptUrl: 'https://a.example/>|x',
    }),
    signed(promptFailed({ name: ATTACK, detail: ATTACK, title: ATTACK })),
  ]) {
    const { links, slack, mail, card } = await tell(receiver, news);
    expect(links.filter(({ url }) => !url.startsWith('https://account.'))).toEqual([]);
    const texts = JSON.stringify(slack).replace(/<https:\/\/account\.blob[^>]*>/g, '');
    expect(texts).not.toMatch(/[<>]/);
    expect(texts).toContain('&lt;!channel&gt;');
    // The fence that the prompt stands in is closed by us alone.
    const fenced = slack.blocks
      .flatMap((block) => (block.type === 'section' && 'text' in block ? [block.text.text] : []))
      .filter((text) => text.includes('```'));
    expect(fenced.length).toBeGreaterThan(0);
    for (const text of fenced) expect(text).toMatch(/^\*[\w ]+\*\n```[^`]*```$/);
    const written = [...card, mail.subject, mail.text.replaceAll(/https:\/\/account\S+/g, '')].join('\n');
    for (const text of [texts, written]) expect(text).not.toMatch(/https?:\/\/|www\.e|a@e|@here|\u202e/);
  }
});
