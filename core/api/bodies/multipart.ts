import { MIMEType } from 'node:util';
import { RefusedError } from '../../errors.ts';

/** A form for one image has a few fields; the headers of each say its name, perhaps a file's, and a type. */
const MAX_PARTS = 20;
const MAX_HEADERS = 4 * 1024;

interface Part {
  readonly headers: Buffer;
  readonly content: Buffer;
}

/**
 * The one file of the field `image`. Only the headers of the parts go through the platform's parser: it copies an image
 * four times, and what it makes of a hundred thousand parts keeps the program busy for a second.
 * @param type the request's Content-Type
 * @throws RefusedError `invalid-request`
 */
export async function imageField(body: Uint8Array, type: string): Promise<Uint8Array> {
  const boundary = boundaryOf(type);
  const files: Buffer[] = [];
  for (const { headers, content } of partsOf(
    Buffer.from(body.buffer, body.byteOffset, body.byteLength),
    boundary,
  )) {
    const form = await formOf(headers, boundary, type);
    const field = form.get('image');
    if (typeof field === 'string') throw notOneFile();
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

/** RFC 2046: every part begins behind a line with the boundary, and the last one ends with one that closes. */
function* partsOf(body: Buffer, boundary: string): Generator<Part> {
  const opening = `--${boundary}`;
  let at = body.indexOf(opening);
  // What stands before the first line is nobody's.
  if (at !== 0 && body.toString('latin1', 0, at) !== '\r\n') throw unreadable();
  at += opening.length;
  for (let count = 0; !isAt(body, at, '--'); count++) {
    const start = at + '\r\n'.length;
    const end = body.indexOf(`\r\n${opening}`, start);
    const blank = body.subarray(start, start + MAX_HEADERS).indexOf('\r\n\r\n');
    const content = start + blank + '\r\n\r\n'.length;
    if (!isAt(body, at, '\r\n') || blank < 0 || end < content || count === MAX_PARTS) throw unreadable();
    yield { headers: body.subarray(start, content), content: body.subarray(content, end) };
    at = end + `\r\n${opening}`.length;
  }
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

function notOneFile(): RefusedError {
  return new RefusedError('invalid-request', {
    detail: 'The multipart body must have one file in the field image.',
  });
}
