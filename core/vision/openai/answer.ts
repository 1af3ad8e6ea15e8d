import * as z from 'zod';
import { FailedError, RefusedError } from '../../errors.ts';
import { plainText } from '../plain-text.ts';
import type { Analysis, Finding } from '../vision.ts';
import { isRefusal, withoutLoop, withoutMetaPhrases } from './prose.ts';
import type { Field } from './question.ts';

/** A `CreateChatCompletionResponse`, as far as it is used and as loose as the servers that imitate it are. */
const completion = z.object({
  model: z.string().catch(''),
  choices: z
    .array(
      z.object({
        finish_reason: z.string().nullish(),
        message: z.object({ content: z.string().nullish(), refusal: z.string().nullish() }),
      }),
    )
    .min(1),
});

/** More than any answer has: what is beyond is cut off before it is looked at, since each fault in it costs time. */
const MAX_ITEMS = 1_000;

/** Null is what models without structured output say where they find nothing. */
const list = z.preprocess(
  (items) => (Array.isArray(items) ? items.slice(0, MAX_ITEMS) : items),
  z.array(z.string()).nullish(),
);

const values = z.object({
  caption: z.string().nullish(),
  regions: list,
  tags: list,
  objects: list,
  people: z.int().min(0).nullish(),
  text: list,
});

type Values = z.infer<typeof values>;

/** In UTF-16 units. */
const MAX_SENTENCE = 1_000;
const MAX_NAME = 100;
/** More lines of text than a full page has; fewer things than a loop would make up. */
const MAX_LINES = 200;
const MAX_FINDINGS = 50;
/** A crowd is not counted beyond this. */
const MAX_PEOPLE = 100;

type Found = Pick<Analysis, 'model' | 'caption' | 'regions' | 'tags' | 'objects' | 'people' | 'text'>;

/**
 * What a completion says of an image. There is no confidence, since a model that is asked for one makes it up; and no
 * box, since models that point at things do so each in coordinates of its own.
 * @throws RefusedError `content-filtered` when the model or a filter declined
 * @throws FailedError `vision-bad-response` when it is cut off or not what was asked for: half an answer is none
 */
export function readAnswer(body: unknown, fields: readonly Field[], language: string): Found {
  const parsed = completion.safeParse(body);
  if (!parsed.success) throw unusable(parsed.error);
  const { model, choices } = parsed.data;
  return { model: plainText(model, MAX_NAME) || null, ...findings(valuesOf(choices[0], fields), language) };
}

type Choice = z.infer<typeof completion>['choices'][number];

function valuesOf(choice: Choice | undefined, fields: readonly Field[]): Values {
  const content = choice?.message.content ?? '';
  const refusal = choice?.message.refusal || (isRefusal(content) ? content : '');
  if (choice?.finish_reason === 'content_filter' || refusal !== '') {
    throw new RefusedError('content-filtered', {
      cause: new Error(refusal.slice(0, 500) || 'content_filter'),
    });
  }
  if (choice?.finish_reason === 'length') {
    throw new FailedError('vision-bad-response', { detail: 'It was cut off at its longest allowed length.' });
  }
  const given = z.record(z.string(), z.unknown()).safeParse(jsonIn(content));
  if (!given.success) throw unusable(given.error);
  const lacking = fields.filter(({ name }) => given.data[name] === undefined).map(({ name }) => name);
  if (lacking.length > 0)
    throw new FailedError('vision-bad-response', { cause: new Error(`without ${lacking}`) });
  const parsed = values.safeParse(Object.fromEntries(fields.map(({ name }) => [name, given.data[name]])));
  if (!parsed.success) throw unusable(parsed.error);
  return parsed.data;
}

/** Models without structured output put their JSON into a fence of Markdown, or behind their thoughts. */
function jsonIn(content: string): unknown {
  const answer = content.trimStart().startsWith('{') ? content : content.replace(/^[\s\S]*<\/think>/, '');
  try {
    return JSON.parse(answer.slice(answer.indexOf('{'), answer.lastIndexOf('}') + 1));
  } catch (error) {
    throw new FailedError('vision-bad-response', { cause: error });
  }
}

function findings(found: Values, language: string): Omit<Found, 'model'> {
  const caption = prose(found.caption ?? '');
  if (isRefusal(caption)) throw new RefusedError('content-filtered', { cause: new Error(caption) });
  return {
    caption: caption === '' ? null : { text: caption, confidence: null, language },
    regions: each(found.regions, MAX_FINDINGS, prose),
    tags: each(found.tags, MAX_FINDINGS, label),
    objects: each(found.objects, MAX_FINDINGS, label),
    people: Array.from({ length: Math.min(found.people ?? 0, MAX_PEOPLE) }, () => finding('person')),
    // As it stands in the image: what sounds like a refusal or a loop here was written by somebody else.
    text: each(found.text, MAX_LINES, (line) => plainText(line, MAX_SENTENCE)),
  };
}

function prose(text: string): string {
  return withoutLoop(withoutMetaPhrases(plainText(text, MAX_SENTENCE)));
}

function label(text: string): string {
  return withoutLoop(plainText(text, MAX_NAME));
}

/** Each once: a model that begins to loop within a list says the same entries again and again. */
function each(
  texts: readonly string[] | null | undefined,
  limit: number,
  clean: (text: string) => string,
): Finding[] {
  const byKey = new Map<string, Finding>();
  for (const text of texts ?? []) {
    const cleaned = clean(text);
    const key = cleaned.toLowerCase();
    if (cleaned !== '' && !byKey.has(key)) byKey.set(key, finding(cleaned));
    if (byKey.size === limit) break;
  }
  return [...byKey.values()];
}

function finding(text: string): Finding {
  return { text, confidence: null, box: null };
}

function unusable(error: z.ZodError): FailedError {
  // A hostile answer has as many faults as it has values; the first few tell enough.
  const faults = error.issues.slice(0, 3).map(({ path, message }) => `${path.join('.')}: ${message}`);
  return new FailedError('vision-bad-response', { cause: new Error(faults.join('; ')) });
}
