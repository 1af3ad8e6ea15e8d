import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { jpegSize } from './jpeg-size.ts';
import type { Complaint } from './scripted-server.ts';
import { strictSchemaFault } from './strict-schema.ts';

/** A request that the server would accept. */
export interface ChatRequest {
  readonly headers: IncomingMessage['headers'];
  readonly body: z.infer<typeof chatBody>;
  /** What the model is told, and by whom. */
  readonly system: string;
  readonly user: string;
  readonly jpeg: Buffer;
  /** Names of the fields that the schema asks for; null without a schema. */
  readonly fields: readonly string[] | null;
}

export interface ChatRules {
  /** Null for a server that knows no keys and wants none. */
  readonly key: string | null;
  readonly model: string;
  /** Forms of answers that it knows. */
  readonly formats: readonly string[];
}

const imagePart = z.strictObject({
  type: z.literal('image_url'),
  image_url: z.strictObject({ url: z.string(), detail: z.enum(['low', 'high', 'auto']) }),
});

/** Strict: what is not in it may be known to OpenAI, but not to everyone who imitates it. */
const chatBody = z.strictObject({
  model: z.string(),
  messages: z.tuple([
    z.strictObject({ role: z.literal('system'), content: z.string().min(1) }),
    z.strictObject({
      role: z.literal('user'),
      content: z.tuple([z.strictObject({ type: z.literal('text'), text: z.string().min(1) }), imagePart]),
    }),
  ]),
  max_completion_tokens: z.int().min(1).max(16_384),
  max_tokens: z.int().min(1).max(16_384).optional(),
  response_format: z
    .discriminatedUnion('type', [
      z.strictObject({ type: z.literal('json_object') }),
      z.strictObject({
        type: z.literal('json_schema'),
        json_schema: z.strictObject({
          name: z.string().regex(/^[\w-]{1,64}$/),
          strict: z.literal(true),
          schema: z.looseObject({ properties: z.record(z.string(), z.unknown()) }),
        }),
      }),
    ])
    .optional(),
});

const MAX_IMAGE_BYTES = 20 * 1024 * 1024;
const DATA_URL = /^data:image\/jpeg;base64,((?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?)$/;

/**
 * Holds a request to the protocol of `chat/completions`, and to what this project promises within it: one system message,
 * then one message with one JPEG as a data URL, and a schema that strict structured output accepts.
 */
export function checkChatRequest(
  { method, headers, url }: IncomingMessage,
  raw: Buffer,
  { key, model, formats }: ChatRules,
): ChatRequest | Complaint {
  if (!isAllowed(headers, key)) return complaint(401, 'invalid_api_key', 'Incorrect API key provided.');
  if (method !== 'POST' || url !== '/openai/v1/chat/completions') {
    return complaint(404, '404', 'Resource not found');
  }
  if (headers['content-type'] !== 'application/json') {
    return complaint(415, 'unsupported_media_type', 'The content type is not supported.');
  }
  const parsed = chatBody.safeParse(parseJson(raw));
  if (!parsed.success) return invalid(z.prettifyError(parsed.error));
  const body = parsed.data;
  if (body.model !== model) {
    return complaint(404, 'model_not_found', `The model '${body.model}' does not exist.`);
  }
  const [{ content: system }, { content: parts }] = body.messages;
  const [, base64] = DATA_URL.exec(parts[1].image_url.url) ?? [];
  const jpeg = Buffer.from(base64 ?? '', 'base64');
  const size = jpegSize(jpeg);
  if (!size || jpeg.length > MAX_IMAGE_BYTES || Math.max(size.width, size.height) > 16_000) {
    return complaint(400, 'invalid_image', 'The image could not be read.');
  }
  const format = body.response_format;
  if (format && !formats.includes(format.type)) {
    return invalid(`'response_format' of type '${format.type}' is not supported with this model.`);
  }
  if (format?.type === 'json_object' && !/json/i.test(system)) {
    return invalid("'messages' must contain the word 'json' to use 'response_format' of type 'json_object'.");
  }
  if (format?.type !== 'json_schema') {
    return { headers, body, system, user: parts[0].text, jpeg, fields: null };
  }
  const { schema } = format.json_schema;
  const fault = strictSchemaFault(schema);
  if (fault) return invalid(`Invalid schema for response_format 'image': ${fault}.`);
  return { headers, body, system, user: parts[0].text, jpeg, fields: Object.keys(schema.properties) };
}

/** Azure knows a key by its own header, others as a bearer token. */
function isAllowed(headers: IncomingMessage['headers'], key: string | null): boolean {
  const { authorization, 'api-key': apiKey } = headers;
  if (key === null) return authorization === undefined && apiKey === undefined;
  return apiKey === key || authorization === `Bearer ${key}`;
}

function parseJson(raw: Buffer): unknown {
  try {
    return JSON.parse(raw.toString());
  } catch {
    return undefined;
  }
}

function invalid(message: string): Complaint {
  return complaint(400, null, message);
}

function complaint(status: number, code: string | null, message: string): Complaint {
  return { status, body: { error: { code, message, param: null, type: 'invalid_request_error' } } };
}
