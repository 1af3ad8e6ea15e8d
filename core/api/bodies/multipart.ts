import { MIMEType } from 'node:util';
import { RefusedError } from '../../errors.ts';

/** A form for one image has a few fields; the headers of each say its name, perhaps a file's, and a type. */
const MAX_PARTS = 20;
const MAX_HEADERS = 4 * 1024;

/** RFC 7578, section 4.7: nobody should write it, since a form is sent byte by byte anyway. */
const ENCODED = /^content-transfer-encoding:(?![ \t]*(?:7bit|8bit|binary))/im;

export interface FormPart {
  readonly headers: Buffer;
  readonly content: Buffer;
}

/**
 * The one file of the field `image`. Only the headers of the parts go through the platform's parser: it copies an image
 * four times, and what it makes of a hundred thousand parts keeps the program busy for a second.
 * @param type the request's Content-Type
 * @throws RefusedError `invalid-request`, `unsupported-media-type`
 */
export async function imageField(body: Uint8Array, type: string): Promise<Uint8Array> {
  const boundary = boundaryOf(type);
  const files: Buffer[] = [];
  for (const { headers, content } of multipartParts(body, type)) {
    const form = await formOf(headers, boundary, type);
    const field = form.get('image');
    if (typeof field === 'string') throw notOneFile();
    if (field && ENCODED.test(headers.toString('latin1'))) throw encoded();
    if (field) files.push(content);
  }
  const [file] = files;
  if (files.length !== 1 || !file) throw notOneFile();
  return file;
}

function boundaryOf(type: string): string {
  try {
    const boundary = new MIMEType(type).params.get('boundary');
    // RFC 2046 section 5.1.1.
    if (boundary && boundary.length <= 70) return boundary;
  } catch {
    // No media type at all has no boundary, either.
  }
  throw unreadable();
}

/**
 * The parts of a multipart body, as views into it. A part begins behind a line with the boundary, and the last one ends
 * with one that closes; what stands before and behind these is nobody's (RFC 2046, section 5.1.1).
 * @param type the request's Content-Type
 * @throws RefusedError `invalid-request`
 */
export function* multipartParts(bytes: Uint8Array, type: string): Generator<FormPart> {
  const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const opening = `--${boundaryOf(type)}`;
  const delimiter = `\r\n${opening}`;
  let at = isAt(body, 0, opening) ? opening.length : find(body, delimiter, 0) + delimiter.length;
  for (let count = 0; !isAt(body, at, '--'); count++) {
    const start = lineEnd(body, at);
    const blank = body.subarray(start, start + MAX_HEADERS).indexOf('\r\n\r\n');
    const content = start + blank + '\r\n\r\n'.length;
    const end = find(body, delimiter, start);
    if (blank < 0 || end < content || count === MAX_PARTS) throw unreadable();
    yield { headers: body.subarray(start, content), content: body.subarray(content, end) };
    at = end + delimiter.length;
  }
}

function find(body: Buffer, text: string, from: number): number {
  const found = body.indexOf(text, from);
  if (found < 0) throw unreadable();
  return found;
}

/** Where the line that the boundary stands in ends: nothing but spaces and tabs may follow it there. */
function lineEnd(body: Buffer, from: number): number {
  let at = from;
  while (isAt(body, at, ' ') || isAt(body, at, '\t')) at++;
  if (!isAt(body, at, '\r\n')) throw unreadable();
  return at + '\r\n'.length;
}

function isAt(body: Buffer, at: number, text: string): boolean {
  return body.toString('latin1', at, at + text.length) === text;
}

/** A form with this part alone, and nothing in it. */
async function formOf(headers: Buffer, boundary: string, type: string): Promise<FormData> {
  const empty = Buffer.concat([
    Buffer.from(`--${boundary}\r\n`),
    headers,
    Buffer.from(`\r\n--${boundary}--\r\n`),
  ]);
  try {
    return await new Response(empty, { headers: { 'content-type': type } }).formData();
  } catch (cause) {
    throw unreadable(cause);
  }
}

function unreadable(cause?: unknown): RefusedError {
  return new RefusedError('invalid-request', { detail: 'The multipart body cannot be read.', cause });
}

function encoded(): RefusedError {
  return new RefusedError('unsupported-media-type', {
    detail: 'Send the file of the multipart body as it is, without Content-Transfer-Encoding.',
  });
}

function notOneFile(): RefusedError {
  return new RefusedError('invalid-request', {
    detail: 'The multipart body must have one file in the field image.',
  });
}
