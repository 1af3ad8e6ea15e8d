import { readFile } from 'node:fs/promises';
import { Ajv } from 'ajv';
import * as z from 'zod';
import { contractPath } from '../../contracts.ts';
import { readJson } from '../read-json.ts';

/** What the channels take at most. */

/** Of a message of Teams: 28 KB, and the smaller of the two that this may mean. */
export const MAX_TEAMS_BYTES = 28_000;

const plain = z.strictObject({
  type: z.literal('plain_text'),
  emoji: z.literal(false),
  text: z.string().min(1).max(150),
});
const mrkdwn = (max: number) =>
  z.strictObject({ type: z.literal('mrkdwn'), verbatim: z.literal(true), text: z.string().min(1).max(max) });
const section = z.xor([
  z.strictObject({ type: z.literal('section'), text: mrkdwn(3_000) }),
  z.strictObject({ type: z.literal('section'), fields: z.array(mrkdwn(2_000)).min(1).max(10) }),
]);

/** As https://docs.slack.dev/reference/block-kit/blocks has it. */
export const slackMessage = z.strictObject({
  text: z.string().min(1).max(40_000),
  blocks: z
    .array(z.union([z.strictObject({ type: z.literal('header'), text: plain }), section]))
    .min(1)
    .max(50),
});

const run = z.looseObject({ type: z.literal('TextRun'), text: z.string() });
export const card = z.looseObject({
  body: z.array(z.strictObject({ type: z.literal('RichTextBlock'), inlines: z.array(run).min(1) })).min(1),
  actions: z.array(
    z.strictObject({
      type: z.literal('Action.OpenUrl'),
      title: z.string(),
      url: z.url({ protocol: /^https?$/ }),
    }),
  ),
});

/** The envelope that the Workflows app takes, as its own example has it. */
export const teamsMessage = z.strictObject({
  type: z.literal('message'),
  attachments: z.tuple([
    z.strictObject({
      contentType: z.literal('application/vnd.microsoft.card.adaptive'),
      contentUrl: z.null(),
      content: z.unknown(),
    }),
  ]),
});

/** @returns what is wrong with a card by the schema of Adaptive Cards */
export async function cardValidator(): Promise<(content: unknown) => unknown> {
  const ajv = new Ajv({ strict: false, validateFormats: false });
  const draft6 = new URL('../../../node_modules/ajv/dist/refs/json-schema-draft-06.json', import.meta.url);
  ajv.addMetaSchema(JSON.parse(await readFile(draft6, 'utf8')));
  // The name that draft 4 had for $id: later ones know it no more.
  const { id: _id, ...schema } = await readJson(
    contractPath('teams', 'adaptive-card-1.5.0.json'),
    z.looseObject({ id: z.string() }),
  );
  const validate = ajv.compile(schema);
  return (content) => (validate(content) ? null : validate.errors);
}
