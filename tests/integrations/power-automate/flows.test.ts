import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import * as z from 'zod';
import { promptSchema } from '../../../core/prompt/json-schema.ts';
import { flowSchema } from '../../../scripts/flow-schema.ts';
import { contractPath, describeWithContracts } from '../../contracts.ts';
import { seen } from '../../core/prompt/samples.ts';
import { cardValidator, MAX_TEAMS_BYTES, card as ourCard } from '../n8n/limits.ts';
import {
  ATTACK,
  batchFinished,
  document,
  longestDocuments,
  promptCreated,
  promptFailed,
} from '../payloads.ts';
import { readJson } from '../read-json.ts';
import { type Actions, FLOWS, readFlow } from './definition.ts';
import { evaluateAll } from './expression.ts';
import { runFlow } from './run-flow.ts';

const appears = await readFlow('prompt-appears');
const arrives = await readFlow('webhook-arrives');
const BLOB = { Name: 'cat-0123456789ab.prompt.json', Path: '/prompts-feed/cat-0123456789ab.prompt.json' };

const posted = z.object({
  path: z.string(),
  body: z.object({ messageBody: z.string(), recipient: z.record(z.string(), z.string()) }),
});
const mailed = z.object({
  path: z.literal('/v2/Mail'),
  body: z.object({ Subject: z.string(), Body: z.string() }),
});

function cardOf(run: ReturnType<typeof runFlow>) {
  const { path, body } = posted.parse(run.asked.get('Post_card'));
  expect(path).toBe('/v1.0/teams/conversation/adaptivecard/poster/Flow bot/location/Channel');
  const card: unknown = JSON.parse(body.messageBody);
  const lines = ourCard.parse(card).body.map(({ inlines }) => inlines.map(({ text }) => text).join(''));
  return { card, lines, text: body.messageBody };
}

const whenBlob = (made: unknown) =>
  runFlow(appears, BLOB, (action) => (action === 'Get_blob_content' ? made : null));

test('schemas/prompt.flow.json is the one of the code, and the flow has it', async () => {
  const schema = JSON.parse(JSON.stringify(flowSchema(promptSchema())));
  const file = await readFile(new URL('../../../schemas/prompt.flow.json', import.meta.url), 'utf8');
  expect(JSON.parse(file)).toEqual(schema);
  const parse = appears.definition.actions.Parse_JSON;
  expect(parse?.type === 'ParseJson' && parse.inputs.schema).toEqual(schema);
});

test('a schema for flows has plain values only, each with its types by name', () => {
  const schema = z
    .object({
      properties: z.record(z.string(), z.object({ type: z.union([z.string(), z.array(z.string())]) })),
    })
    .parse(flowSchema(promptSchema()));
  expect(schema.properties).toMatchObject({
    prompt: { type: 'string' },
    negativePrompt: { type: ['string', 'null'] },
    schemaVersion: { type: 'number' },
  });
  expect(Object.keys(schema.properties)).not.toContain('facts');
  const nullable = z.toJSONSchema(
    z.object({ width: z.int().nullable(), of: z.array(z.string()).nullable() }),
  );
  expect(flowSchema(nullable)).toMatchObject({
    properties: { width: { type: ['integer', 'null'] } },
    required: ['width'],
  });
});

test.each([
  ['a new prompt', promptCreated()],
  ['a failure', promptFailed()],
  ['a batch', batchFinished()],
])('the schema of the webhook takes %s, and names just what is in it', (_name, payload) => {
  const trigger = arrives.definition.triggers.When_the_webhook_arrives;
  if (trigger?.type !== 'Request') throw new Error('no request');
  const { schema } = trigger.inputs;
  expect(new Ajv({ strict: false }).validate(schema, payload)).toBe(true);
  expect(Object.keys(schema.properties).sort()).toEqual(Object.keys(payload).sort());
  expect(new Ajv({ strict: false }).validate(schema, { ...payload, id: null })).toBe(false);
});

describe.each(FLOWS)('the flow %s', (name) => {
  const { definition } = name === 'prompt-appears' ? appears : arrives;

  test('has one trigger, and every action is reached from it', () => {
    expect(Object.keys(definition.triggers)).toHaveLength(1);
    const check = (actions: Actions) => {
      const names = Object.keys(actions);
      const reached = new Set(
        names.filter((each) => Object.keys(actions[each]?.runAfter ?? {}).length === 0),
      );
      for (let before = -1; before !== reached.size; ) {
        before = reached.size;
        for (const each of names)
          if (Object.keys(actions[each]?.runAfter ?? {}).every((after) => reached.has(after)))
            reached.add(each);
      }
      expect([...reached].sort()).toEqual([...names].sort());
      for (const action of Object.values(actions))
        if (action.type === 'Switch')
          for (const { actions: inner } of Object.values(action.cases)) check(inner);
    };
    check(definition.actions);
  });

  describeWithContracts('in Azure', () => {
    test('is a valid workflow of Logic Apps', async () => {
      const ajv = new Ajv({ strict: false, validateFormats: false });
      const plain = z.looseObject({ id: z.string(), $schema: z.string() });
      const id = 'https://schema.management.azure.com/schemas/common/definitions.json';
      const {
        id: _1,
        $schema: _2,
        ...common
      } = await readJson(contractPath('logic-apps', 'common-definitions.json'), plain);
      const {
        id: _3,
        $schema: _4,
        ...logic
      } = await readJson(
        contractPath('logic-apps', 'Microsoft.Logic.2017-07-01.resource.schema.json'),
        plain,
      );
      ajv.addSchema({ ...common, $id: id });
      const validate = ajv.compile({ ...logic, $id: 'logic', $ref: '#/resourceDefinitions/workflows' });
      const resource = { type: 'Microsoft.Logic/workflows', apiVersion: '2017-07-01', name };
      expect(validate({ ...resource, properties: await readFlow(name) }) || validate.errors).toBe(true);
      expect(validate({ ...resource, properties: { definition: [] } })).toBe(false);
    });
  });
});

describe('when a prompt appears in the feed', () => {
  test('it is read and posted as a card', () => {
    const made = document();
    const run = whenBlob(made);
    expect(run.asked.get('Get_blob_content')).toMatchObject({
      path: `/v2/datasets//files/${encodeURIComponent(encodeURIComponent(BLOB.Path))}/content`,
    });
    expect(cardOf(run).lines).toEqual(
      expect.arrayContaining([
        `New prompt: ${made.image.name}`,
        `Prompt: ${made.prompt}`,
        'Image: jpeg, 6000 × 4000',
      ]),
    );
    expect(run.statuses.get('Not_a_prompt_of_ours')).toBe('Skipped');
  });

  test('what a person put in its place, in another form, ends the flow without a card', () => {
    const run = whenBlob({ prompt: 'mine' });
    expect(run.asked.has('Post_card')).toBe(false);
    expect(Object.fromEntries(run.statuses)).toMatchObject({
      Parse_JSON: 'Failed',
      Not_a_prompt_of_ours: 'Succeeded',
    });
  });

  test('it watches the folder that its name says, and takes prompts only', () => {
    const trigger = appears.definition.triggers.When_a_prompt_appears;
    if (trigger?.type !== 'ApiConnection') throw new Error('no connection');
    const [[id, folder] = []] = Object.entries(trigger.metadata);
    expect(trigger.inputs.queries?.folderId).toBe(id);
    expect(decodeURIComponent(Buffer.from(id ?? '', 'base64').toString())).toBe(folder);
    const isTaken = (Name: string) =>
      evaluateAll(trigger.conditions[0]?.expression, {
        trigger: { Name },
        parameters: {},
        outputs: new Map(),
      });
    expect([isTaken(BLOB.Name), isTaken('notes.txt')]).toEqual([true, false]);
  });
});

describe('when the webhook arrives', () => {
  test('a new prompt is posted as a card', () => {
    const { lines, card } = cardOf(runFlow(arrives, promptCreated()));
    expect(lines).toContain('Caption: a cat on a sofa');
    expect(card).toMatchObject({ actions: [{ url: promptCreated().promptUrl }] });
  });

  test('a failure and a batch are sent by mail', () => {
    const failure = mailed.parse(runFlow(arrives, promptFailed()).asked.get('Send_failure')).body;
    expect(failure.Subject).toContain('No prompt: holiday/2026/');
    expect(failure.Body).toContain('<b>Error:</b> image-corrupt');
    expect(failure.Body).toContain(`<b>Error JSON:</b> ${promptFailed().errorUrl}`);
    const batch = mailed.parse(runFlow(arrives, batchFinished()).asked.get('Send_report')).body;
    expect(batch.Subject).toBe('Batch completed: holiday/');
    expect(batch.Body).toContain('<b>Calls of Vision:</b> 2');
  });

  test('a kind that a newer program tells of is passed by', () => {
    expect(runFlow(arrives, { ...promptCreated(), type: 'prompt.edited' }).asked.size).toBe(0);
  });

  test('what was read in an image is no markup and no address in a mail', () => {
    const { Body } = mailed.parse(
      runFlow(arrives, promptFailed({ name: ATTACK, detail: ATTACK, title: ATTACK })).asked.get(
        'Send_failure',
      ),
    ).body;
    expect(Body.replaceAll(/<\/?[pb]>/g, '')).not.toMatch(/[<>]|evil\.example/);
    expect(Body.replaceAll(String(promptFailed().errorUrl), '')).not.toContain('://');
  });
});

describeWithContracts('the cards of the flows', () => {
  let faultsOf: (content: unknown) => unknown;
  beforeAll(async () => {
    faultsOf = await cardValidator();
  });

  test.each(['abcdefg', '"', '&<', '猫', '🐈'])(
    'are valid and below 28 KB with the longest prompts, of %s',
    (letter) => {
      for (const made of longestDocuments(letter))
        for (const run of [whenBlob(made), runFlow(arrives, promptCreated(made))]) {
          const { card, text } = cardOf(run);
          expect(faultsOf(card)).toBeNull();
          expect(text.replace(/[^\x20-\x7e]|[&<>'+]|\\"/g, '\\u0000').length).toBeLessThan(MAX_TEAMS_BYTES);
        }
    },
  );

  test('hold what was read in an image in text runs, which know no Markdown', () => {
    const made = document({ analysis: seen(ATTACK), embedded: ATTACK });
    // ourCard knows nothing but text runs in its body.
    expect(cardOf(whenBlob(made)).lines.join()).toContain('[open](https://evil.example)');
  });
});
