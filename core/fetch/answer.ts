import type { IncomingMessage } from 'node:http';
import { pipeline, type Readable, type Transform } from 'node:stream';
import { createBrotliDecompress, createUnzip } from 'node:zlib';
import { CollectedBytes } from '../collected-bytes.ts';
import { FailedError, ProblemError, RefusedError } from '../errors.ts';
import { parseRetryAfter } from '../retry-after.ts';

/**
 * The body of an answer with status 200, decoded. Its type is not looked at: bytes are judged later.
 * @throws RefusedError `source-error`, `image-too-large`, `source-incomplete`; FailedError `source-unavailable`, or what
 * the answer was destroyed with
 */
export async function readAnswer(response: IncomingMessage, maxBytes: number): Promise<Uint8Array> {
  checkStatus(response);
  if (Number(response.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes);
  const body = decoded(response);
  const collected = new CollectedBytes(maxBytes);
  let length = 0;
  try {
    for await (const chunk of body) {
      length += chunk.length;
      if (length > maxBytes) throw tooLarge(maxBytes);
      collected.add(chunk);
    }
  } catch (cause) {
    if (cause instanceof ProblemError) throw cause;
    throw new RefusedError('source-incomplete', { cause });
  }
  return collected.bytes;
}

function checkStatus({ statusCode = 0, headers }: IncomingMessage): void {
  if (statusCode === 200) return;
  const detail = `The source answered ${statusCode}.`;
  const isPassing = statusCode >= 500 || statusCode === 429 || statusCode === 408;
  if (!isPassing) throw new RefusedError('source-error', { detail });
  const wait = parseRetryAfter(headers['retry-after'], Date.now());
  const again = wait === null ? {} : { headers: { 'retry-after': `${Math.ceil(wait / 1_000)}` } };
  throw new FailedError('source-unavailable', { detail, ...again });
}

/** Some servers compress although they were asked not to. */
function decoded(response: IncomingMessage): Readable {
  const encoding = response.headers['content-encoding']?.trim().toLowerCase() || 'identity';
  if (encoding === 'identity') return response;
  const decoder = decoderOf(encoding);
  // Whoever reads the decoder gets the errors of both.
  pipeline(response, decoder, () => {});
  return decoder;
}

function decoderOf(encoding: string): Transform {
  if (encoding === 'br') return createBrotliDecompress();
  if (['gzip', 'x-gzip', 'deflate'].includes(encoding)) return createUnzip();
  throw new RefusedError('source-error', { detail: 'The source sends an encoding that nobody asked for.' });
}

function tooLarge(maxBytes: number): RefusedError {
  return new RefusedError('image-too-large', { detail: `At most ${maxBytes} bytes are accepted.` });
}
