import { RefusedError } from '../errors.ts';

export interface BodyPolicy {
  readonly maxBytes: number;
  /**
   * Read an oversized body to its end, keeping nothing, before refusing it. The Functions host needs that: it answers
   * 500 when a body is left half-read.
   */
  readonly drain: boolean;
}

/** Multipart adds boundaries, headers and small fields around the image. */
const MULTIPART_EXTRA = 64 * 1024;
const MAX_JSON_BYTES = 64 * 1024;

/** What a client sent to be described. */
export type SentImage = { readonly bytes: Uint8Array } | { readonly blob: string };

/**
 * Reads the image out of a request: the raw body, the one file of the multipart field `image`, or JSON that names a
 * stored blob. The declared type of an image is not trusted; its bytes are judged later.
 * @throws RefusedError
 */
export async function readImage(request: Request, policy: BodyPolicy): Promise<SentImage> {
  const encoding = request.headers.get('content-encoding') ?? 'identity';
  if (encoding !== 'identity') {
    throw new RefusedError('unsupported-media-type', { detail: 'Send the body without Content-Encoding.' });
  }
  const type = (request.headers.get('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (type === 'application/json')
    return readReference(await readBytes(request, { ...policy, maxBytes: MAX_JSON_BYTES }));
  const multipart = type === 'multipart/form-data';
  const maxBytes = policy.maxBytes + (multipart ? MULTIPART_EXTRA : 0);
  const body = await readBytes(request, { ...policy, maxBytes });
  const bytes = multipart ? await imageField(body, request.headers) : body;
  if (bytes.byteLength === 0) throw new RefusedError('empty-body');
  if (bytes.byteLength > policy.maxBytes) throw tooLarge(policy.maxBytes);
  return { bytes };
}

/** Collects a body, counting while it comes: what a client declares is a hint, not a promise. */
async function readBytes(request: Request, { maxBytes, drain }: BodyPolicy): Promise<Uint8Array> {
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) throw tooLarge(maxBytes);
  if (request.body === null) return new Uint8Array();
  const reader = request.body.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read().catch(interrupted);
    if (done) break;
    length += value.byteLength;
    if (length <= maxBytes) chunks.push(value);
    else if (drain) chunks.length = 0;
    else throw tooLarge(maxBytes);
  }
  if (length > maxBytes) throw tooLarge(maxBytes);
  return Buffer.concat(chunks, length);
}

function readReference(body: Uint8Array): SentImage {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch (cause) {
    throw new RefusedError('invalid-json', { cause });
  }
  if (typeof json === 'object' && json !== null && 'blob' in json && Object.keys(json).length === 1) {
    if (typeof json.blob === 'string') return { blob: json.blob };
  }
  throw new RefusedError('invalid-request', {
    detail: 'The JSON body must be {"blob": "name of a stored image"}.',
  });
}

async function imageField(body: Uint8Array, headers: Headers): Promise<Uint8Array> {
  let files: (File | string)[];
  try {
    // The parser of the platform, fed with a body whose size is known by now.
    const form = await new Response(body, {
      headers: { 'content-type': headers.get('content-type') ?? '' },
    }).formData();
    files = form.getAll('image');
  } catch (cause) {
    throw new RefusedError('invalid-request', { detail: 'The multipart body cannot be read.', cause });
  }
  const [file] = files;
  if (files.length !== 1 || !(file instanceof File)) {
    throw new RefusedError('invalid-request', {
      detail: 'The multipart body must have one file in the field image.',
    });
  }
  return new Uint8Array(await file.arrayBuffer());
}

function tooLarge(maxBytes: number): RefusedError {
  return new RefusedError('image-too-large', { detail: `At most ${maxBytes} bytes are accepted.` });
}

function interrupted(cause: unknown): never {
  throw new RefusedError('invalid-request', { detail: 'The body ended before it was complete.', cause });
}
