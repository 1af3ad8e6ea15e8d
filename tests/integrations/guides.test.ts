import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { withKey } from './n8n/signed.ts';
import { tell } from './n8n/told.ts';
import { batchFinished, document, promptCreated, promptFailed } from './payloads.ts';
import { readFlow } from './power-automate/definition.ts';
import { evaluateAll } from './power-automate/expression.ts';
import { type Receiver, startReceiver } from './receiver.ts';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const notifications = read('docs/notifications.md');
const powerAutomate = read('docs/power-automate.md');

let receiver: Receiver;
beforeAll(async () => {
  receiver = await startReceiver();
});
afterAll(() => receiver.close());

describe('the guide to notifications', () => {
  const bodies = [...notifications.matchAll(/ -d '([^']+)'$/gm)].map(([, body = '']) => body);

  test.each(bodies)('has an example that is told: %s', async (body) => {
    const { run } = await tell(receiver, withKey(JSON.parse(body)));
    expect(run).toMatchObject({ status: 202, error: null });
  });

  test('has an example of a deployment and of an alert', () => {
    expect(bodies).toHaveLength(2);
  });

  test('names the variables that the workflow reads, and no others', () => {
    const workflow = read('integrations/n8n/prompt-generator.workflow.json');
    const asked = new Set([...workflow.matchAll(/\$env\.(\w+)/g)].map(([, name]) => name));
    const named = new Set([...notifications.matchAll(/`(PROMPT_[A-Z_]+)`/g)].map(([, name]) => name));
    expect([...named].sort()).toEqual([...asked].sort());
  });

  test('names the kinds that the workflow tells apart', () => {
    const kinds = ['prompt.created', 'prompt.failed', 'batch.finished', 'alert', 'deployment'];
    const [row = ''] = /^\| `PROMPT_MUTED` .*$/m.exec(notifications) ?? [];
    expect(kinds.filter((kind) => !row.includes(`\`${kind}\``))).toEqual([]);
    const workflow = read('integrations/n8n/prompt-generator.workflow.json');
    expect([...workflow.matchAll(/"outputKey": "([^"]+)"/g)].map(([, kind]) => kind)).toEqual(kinds);
  });
});

describe('the guide to Power Automate', () => {
  const expressions = [...powerAutomate.matchAll(/^ *```\n([\s\S]*?)\n *```$/gm)].flatMap(([, lines = '']) =>
    lines.split('\n').map((line) => line.trim()),
  );

  test.each(expressions)('has an expression that gives a text or a number: %s', (expression) => {
    const outputs = new Map([['Parse_JSON', document()]]);
    const source = expression.startsWith('@') ? expression : `@${expression}`;
    const blob = { Name: 'cat-0123456789ab.prompt.json', Path: '/prompts-feed/cat-0123456789ab.prompt.json' };
    for (const payload of [promptCreated(), promptFailed(), batchFinished()]) {
      const value = evaluateAll(source, { trigger: { ...payload, ...blob }, parameters: {}, outputs });
      const isMissing =
        value === null && expression.includes("'caption'") && payload.type !== 'prompt.created';
      expect(isMissing || ['string', 'number', 'boolean'].includes(typeof value)).toBe(true);
    }
  });

  test('has the expressions of the definitions', async () => {
    expect(expressions.length).toBeGreaterThan(9);
    const flows = JSON.stringify([await readFlow('prompt-appears'), await readFlow('webhook-arrives')]);
    for (const part of [
      "endsWith(triggerBody()?['Name'], '.prompt.json')",
      "triggerBody()?['type']",
      '&#8288;//',
    ]) {
      expect(expressions.join('\n')).toContain(part);
      expect(flows).toContain(part);
    }
  });

  test('names cases that the definition has', async () => {
    const action = (await readFlow('webhook-arrives')).definition.actions.Kind;
    if (action?.type !== 'Switch') throw new Error('no switch');
    for (const { case: kind } of Object.values(action.cases)) expect(powerAutomate).toContain(`\`${kind}\``);
  });
});
