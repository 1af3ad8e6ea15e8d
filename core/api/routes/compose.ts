import { Hono } from 'hono';
import * as z from 'zod';
import { RefusedError } from '../../errors.ts';
import { composePrompts } from '../../prompt/compose.ts';
import { promptDocument, target } from '../../prompt/document.ts';
import { isCandidate } from '../../store/names.ts';
import { bodyPolicy, MAX_JSON_BYTES, readJson } from '../bodies/json-body.ts';
import type { Operation } from '../operation.ts';
import type { ApiEnv, ApiOptions } from '../options.ts';
import { readPrompt, requireComposable } from '../prompts/stored-prompt.ts';
import { imageName, parseQuery, usableName } from '../request.ts';

/** Of a document that is sent: more than images have, and composed in a fraction of a second. */
const MAX_FACTS = 500;

const words = z.string().max(4_000).optional();

/** What prompts are composed from; the rest of a document does not matter here. */
const described = promptDocument
  .pick({ facts: true, palette: true, light: true, composition: true })
  .extend({ facts: promptDocument.shape.facts.max(MAX_FACTS) });

const body = z
  .strictObject({
    name: imageName.optional().describe('An image that has its prompt.'),
    document: described.optional().describe('Or a prompt document itself.'),
    targets: z.array(target).min(1),
    prefix: words,
    suffix: words,
    triggerWord: words,
  })
  .refine(({ name, document }) => (name === undefined) !== (document === undefined), {
    error: 'needs either name or document',
  })
  .meta({ override: { oneOf: [{ required: ['name'] }, { required: ['document'] }] } });

const answer = z.object({ prompts: promptDocument.shape.prompts });

export const COMPOSE_PROMPTS = {
  id: 'composePrompts',
  method: 'POST',
  path: '/api/compose',
  summary: 'Compose prompts for other targets',
  description:
    'Makes prompts of the facts in a prompt document: no vision call, nothing is stored, and the same facts give the same prompts.',
  body: { schema: body, example: { name: 'holiday/cat.jpg', targets: ['sdxl'], triggerWord: 'ohwx' } },
  answer: { status: 200, types: ['application/json'], schema: answer },
  errors: [
    ...(['invalid-name', 'invalid-json', 'invalid-request', 'not-found', 'body-too-large'] as const),
    ...(['unsupported-media-type', 'prompt-not-composable', 'storage-unavailable'] as const),
  ],
} as const satisfies Operation;

/** `POST /api/compose`. What the body does not say is as the settings have it. */
export function composeRoutes(options: ApiOptions): Hono<ApiEnv> {
  const { blobs, settings, prefix } = options;
  return new Hono<ApiEnv>().post('/', async (c) => {
    parseQuery(c, {});
    const { raw } = c.req;
    const asked = await readJson(raw, body, bodyPolicy(options, MAX_JSON_BYTES));
    const document = asked.document ?? (await storedDocument(usableName(asked.name ?? ''), raw.signal));
    const { facts, palette, light, composition } = document;
    const prompts = composePrompts(
      { facts, measurements: { palette, light, composition } },
      {
        targets: asked.targets,
        prefix: asked.prefix ?? settings.prefix,
        suffix: asked.suffix ?? settings.suffix,
        triggerWord: asked.triggerWord ?? settings.triggerWord,
        midjourneyVersion: settings.midjourneyVersion,
      },
    );
    return c.json({ prompts });
  });

  async function storedDocument(name: string, signal: AbortSignal): Promise<z.infer<typeof described>> {
    if (!isCandidate(name, 'image/*', prefix)) throw new RefusedError('not-found');
    const stored = await readPrompt(blobs, name, signal);
    if (stored === null) throw new RefusedError('not-found', { detail: 'This image has no prompt yet.' });
    return requireComposable(stored.document);
  }
}
