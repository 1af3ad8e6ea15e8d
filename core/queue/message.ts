import * as z from 'zod';
import type { ImageEvent } from '../describe/outcome.ts';
import { TARGETS, target } from '../prompt/document.ts';
import { MAX_BLOB_NAME } from '../store/names.ts';

/**
 * What lies in the queue: our own image events, and what Event Grid sends there, in either of its schemas. Which
 * encoding Event Grid uses is told differently by its own documents, so both are read; ours are base64, which the
 * Functions host expects.
 */

/** Why a message is set aside. */
export type Malformation = 'encoding' | 'schema' | 'other-container';

export type ReadMessage =
  /** `contentType` is null where the event names none. */
  | { readonly event: ImageEvent; readonly contentType: string | null }
  /** A step of this batch is due. */
  | { readonly batch: string }
  | { readonly malformed: Malformation };

/** https://learn.microsoft.com/rest/api/storageservices/put-message */
const MAX_MESSAGE_BYTES = 64 * 1024;

/** An ETag of storage has about twenty characters; whatever is read here must fit into a message again. */
const MAX_ETAG = 256;

/** What storage tells of a blob by which the image, or what belongs beside it, may have changed. */
const BLOB_EVENTS = [
  'Microsoft.Storage.BlobCreated',
  'Microsoft.Storage.BlobDeleted',
  'Microsoft.Storage.BlobTierChanged',
  'Microsoft.Storage.BlobRenamed',
] as const;

/** Writers of other languages have null for what is not there. */
const orUndefined = (value: string | null | undefined) => value ?? undefined;

const blobName = z.string().min(1).max(MAX_BLOB_NAME);

const imageEvent = z.object({
  container: z.string(),
  name: blobName,
  etag: z.string().max(MAX_ETAG).nullish().transform(orUndefined),
  tries: z.int().min(0).max(1_000).optional(),
  errorEtag: z.string().max(MAX_ETAG).nullish().transform(orUndefined),
  force: z.boolean().optional(),
  language: z
    .string()
    .regex(/^[A-Za-z0-9-]{2,35}$/)
    .optional(),
  targets: z.array(target).min(1).max(TARGETS.length).optional(),
  stale: z.boolean().optional(),
});

const batchStep = z.strictObject({ batch: z.string().regex(/^[0-9a-f]{32}$/) });

const blobData = z.object({
  eTag: z.string().max(MAX_ETAG).nullish(),
  contentType: z.string().nullish(),
  url: z.string().optional(),
  /** Of a renamed blob, which has no `url`. */
  destinationUrl: z.string().optional(),
});

/** https://learn.microsoft.com/azure/event-grid/event-schema-blob-storage */
const storageEvent = z.union([
  z.object({ eventType: z.enum(BLOB_EVENTS), subject: z.string(), data: blobData }),
  z
    .object({
      specversion: z.literal('1.0'),
      type: z.enum(BLOB_EVENTS),
      subject: z.string(),
      data: blobData,
    })
    .transform(({ type, ...event }) => ({ eventType: type, ...event })),
]);

/** A container's name has no slash; a blob's may have anything in it. */
const SUBJECT = /^\/blobServices\/default\/containers\/([^/]+)\/blobs\/(.+)$/s;

export function encodeEvent(event: ImageEvent): string {
  return encodeText(event);
}

/** @param id of a batch, of which a step is due */
export function encodeStep(id: string): string {
  return encodeText({ batch: id });
}

/**
 * A message's text, or the value that a host made of it, as base64. A text that would become too long for a message by
 * that stays as it was: it has lain in a queue before.
 * @throws RangeError for a value that is nested too deeply to be written as JSON
 */
export function encodeText(body: unknown): string {
  if (typeof body === 'string' && isBase64(body)) return body;
  const encoded = Buffer.from(toBytes(body)).toString('base64');
  return typeof body === 'string' && encoded.length > MAX_MESSAGE_BYTES ? body : encoded;
}

/**
 * @param body a message's text, base64 or plain; or its bytes, or the value that a host made of it
 * @param container of the images
 */
export function readMessage(body: unknown, container: string): ReadMessage {
  const value = isEncoded(body) ? parse(body) : { parsed: body };
  if (value === null) return { malformed: 'encoding' };
  const { data: step } = batchStep.safeParse(value.parsed);
  if (step) return step;
  const read = readOwn(value.parsed) ?? readStorageEvent(value.parsed);
  if (read === null) return { malformed: 'schema' };
  return read.event.container === container ? read : { malformed: 'other-container' };
}

type Read = Extract<ReadMessage, { readonly event: ImageEvent }>;

/** Whoever queued it judged by the content type already, where the name has no extension. */
function readOwn(value: unknown): Read | null {
  const { data: event } = imageEvent.safeParse(value);
  return event ? { event, contentType: 'image/*' } : null;
}

/** In the queue they come one by one, but webhooks get them as arrays, and so do those who hand them on. */
function readStorageEvent(value: unknown): Read | null {
  const single = Array.isArray(value) && value.length === 1 ? value[0] : value;
  const { data: read } = storageEvent.safeParse(single);
  if (read === undefined) return null;
  const { eventType, subject, data } = read;
  const [, container, name] = SUBJECT.exec(subject) ?? [];
  if (container === undefined || !blobName.safeParse(name).success || name === undefined) return null;
  const url = data.url ?? data.destinationUrl;
  if (url !== undefined && !isOf(url, name)) return null;
  // Only of a blob that was just written is the ETag that of its content.
  const etag = eventType === 'Microsoft.Storage.BlobCreated' ? data.eTag?.replaceAll('"', '') : undefined;
  return {
    event: { container, name, ...(etag ? { etag } : {}) },
    contentType: data.contentType ?? null,
  };
}

/** The address may have the name raw or percent-encoded, and in the service's own sample it has another container. */
function isOf(url: string, name: string): boolean {
  if (url.endsWith(`/${name}`)) return true;
  try {
    return decodeURIComponent(url).endsWith(`/${name}`);
  } catch {
    // Its percent signs encode nothing.
    return false;
  }
}

function isEncoded(body: unknown): body is string | Uint8Array {
  return typeof body === 'string' || body instanceof Uint8Array;
}

/** Null for what is no JSON, neither as it is nor in base64. */
function parse(body: string | Uint8Array): { readonly parsed: unknown } | null {
  try {
    const text = (typeof body === 'string' ? body : decode(body)).trim();
    // A line's end by CR LF comes as it stands in the service's XML.
    if (/^[{[]/.test(text)) return { parsed: JSON.parse(text.replaceAll(/&#x0?d;/gi, '\r')) };
    const encoded = text.replace(/\s/g, '');
    return isBase64(encoded) ? { parsed: JSON.parse(decode(Buffer.from(encoded, 'base64'))) } : null;
  } catch {
    // Invalid UTF-8, or no JSON.
    return null;
  }
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
}

function isBase64(text: string): boolean {
  return /^[A-Za-z0-9+/]+={0,2}$/.test(text);
}

function toBytes(body: unknown): string | Uint8Array {
  // A value that JSON has no text for, such as undefined, came from no message.
  return isEncoded(body) ? body : (JSON.stringify(body) ?? '');
}
