import * as z from 'zod';
import { promptDocument, target } from '../../prompt/document.ts';
import { reference } from '../bodies/body.ts';
import type { Operation } from '../operation.ts';
import { flag, imageName } from '../request.ts';

function isLanguage(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    // A RangeError is how it says no.
    return false;
  }
}

/** RFC 5646, section 2.1.1: case says nothing in a tag, and services compare letter by letter. */
function inUsualCase(tag: string): string {
  return tag
    .toLowerCase()
    .replace(/-[a-z]{2}(?![^-])/g, (region) => region.toUpperCase())
    .replace(/-[a-z]{4}(?![^-])/g, (script) => script.slice(0, 2).toUpperCase() + script.slice(2));
}

export const describeQuery = {
  target: z
    .union([target.transform((one) => [one]), z.array(target)])
    .transform((all) => [...new Set(all)])
    .meta({ override: { anyOf: undefined, type: 'array', items: { type: 'string', enum: target.options } } })
    .optional()
    .describe('Which prompts are made; all that are set up where none is named.'),
  store: flag
    .optional()
    .describe('Whether the image and its prompt are stored; a stored image always keeps its prompt.'),
  force: flag.default(false).describe('Make the prompt of a stored image anew, even an edited one.'),
  name: imageName.optional().describe('Under which the image is stored; with store=true only.'),
  language: z
    .string()
    .regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'is not a language tag')
    .refine(isLanguage, 'is not a language tag')
    .transform(inUsualCase)
    .optional()
    .describe('Of the tags (BCP 47).'),
};

/** A prompt document of ours, or what a person wrote in its place. */
export const storedPrompt = z.union([promptDocument, z.looseObject({})]);

export const DESCRIBE_IMAGE = {
  id: 'describeImage',
  method: 'POST',
  path: '/api/prompts',
  summary: 'Describe an image',
  description:
    'Of an image that is sent, one at an address (`url`), or one that is stored (`blob`). An image is judged by its bytes, whatever type it is sent with.',
  query: describeQuery,
  body: { schema: reference, example: { blob: 'holiday/cat.jpg' } },
  otherBodies: {
    'image/*': null,
    'application/octet-stream': null,
    'multipart/form-data': z.object({ image: z.file() }),
  },
  answer: { status: 200, types: ['application/json'], schema: storedPrompt },
  otherAnswers: [
    {
      status: 201,
      types: ['application/json'],
      description: 'The image and its prompt are newly stored.',
      headers: { Location: 'Path of the prompt.' },
      schema: storedPrompt,
    },
  ],
  errors: [
    ...(['empty-body', 'invalid-json', 'invalid-name', 'invalid-url', 'not-found', 'name-taken'] as const),
    ...(['source-not-allowed', 'source-error', 'source-incomplete', 'source-unreachable'] as const),
    ...([
      'source-unavailable',
      'source-timeout',
      'body-too-large',
      'image-too-large',
      'unsupported-image',
    ] as const),
    ...(['empty-image', 'image-truncated', 'image-corrupt', 'image-too-many-pixels'] as const),
    ...(['image-too-small', 'image-aspect-ratio', 'blob-archived', 'busy', 'storage-unavailable'] as const),
    ...(['vision-rejected', 'content-filtered', 'vision-unavailable', 'vision-bad-response'] as const),
    ...(['vision-auth', 'vision-throttled', 'vision-timeout', 'vision-busy'] as const),
    ...(['vision-limit-spent', 'vision-circuit-open'] as const),
    'prompt-not-composable',
    ...(['paused', 'image-claimed', 'image-changing', 'image-copying'] as const),
  ],
} as const satisfies Operation;
