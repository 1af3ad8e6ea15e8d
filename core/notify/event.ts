import * as z from 'zod';

/**
 * What a webhook is sent. It is flat, and every field is always there, so that tools without code (Power Automate, n8n)
 * can take each value by its name. `schemas/webhook.v1.json` is generated from here; within version 1 fields may be added.
 */

const WEBHOOK_TYPES = ['prompt.created', 'prompt.failed', 'batch.finished'] as const;

const count = z.int().min(0).nullable();

export const webhookEvent = z
  .object({
    id: z
      .string()
      .describe('The same in every attempt, and in the header webhook-id: drop what was seen before.'),
    type: z.enum(WEBHOOK_TYPES),
    version: z.literal(1),
    time: z.iso.datetime().describe('When it happened.'),
    container: z
      .string()
      .nullable()
      .describe('Of the image; this and all below is null where it is of no use.'),
    name: z.string().nullable().describe('Of the image, with its folders.'),
    url: z.string().nullable().describe('Address of the image, without a signature.'),
    etag: z.string().nullable().describe('Of the image that it is about, without quotes.'),
    promptUrl: z.string().nullable().describe('Address of the prompt JSON.'),
    promptEtag: z.string().nullable(),
    prompt: z.string().nullable(),
    negativePrompt: z.string().nullable(),
    altText: z.string().nullable(),
    caption: z.string().nullable(),
    origin: z.string().nullable().describe('generated or recovered.'),
    degraded: z.boolean().nullable(),
    provider: z.string().nullable(),
    format: z.string().nullable(),
    width: count.describe('Pixels of the upright image.'),
    height: count,
    errorUrl: z.string().nullable().describe('Address of the error JSON.'),
    code: z.string().nullable().describe('Of the error; of a batch, why it failed.'),
    title: z.string().nullable(),
    detail: z.string().nullable(),
    retryable: z.boolean().nullable().describe('It may succeed later, without another image.'),
    attempts: count,
    nextTryAt: z.iso.datetime().nullable().describe('It is tried again by itself; null where it is not.'),
    batchId: z.string().nullable(),
    batchStatus: z.string().nullable().describe('completed, cancelled or failed.'),
    batchPrefix: z.string().nullable(),
    listed: count.describe('Images of the batch.'),
    described: count,
    reused: count.describe('Of those: the analysis was known, nothing was paid.'),
    unchanged: count,
    refused: count,
    failed: count,
    visionCalls: count.describe('Calls that were paid for.'),
  })
  .meta({ title: 'Webhook event', description: 'What became of an image, or of a batch.' });

export type WebhookEvent = z.infer<typeof webhookEvent>;

/** JSON Schema (2020-12) of the events, open to added fields, as their receivers must be. */
export function webhookSchema(): object {
  return z.toJSONSchema(webhookEvent, { io: 'input', target: 'draft-2020-12', reused: 'inline' });
}
