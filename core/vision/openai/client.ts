import type { ChatCompletionCreateParamsNonStreaming } from 'openai/resources/chat/completions';
import { FailedError, ProblemError } from '../../errors.ts';
import type { Authorize } from '../authorize.ts';
import { plainText } from '../plain-text.ts';

export interface Answer {
  /** Parsed where it was JSON; it may be anything. */
  readonly body: unknown;
  readonly region: string | null;
}

/** An answer with another status than 200. */
export class Complaint extends Error {
  override readonly name = 'Complaint';
  readonly status: number;
  /** `error.code` of the answer, and what lies deeper in it; empty where there is none. */
  readonly codes: string;
  readonly retryAfter: string | undefined;

  constructor(status: number, codes: string, message: string, retryAfter: string | undefined) {
    super(message.slice(0, 1_000));
    this.status = status;
    this.codes = codes;
    this.retryAfter = retryAfter;
  }
}

/** Sends one request. @throws Complaint, or FailedError where there is no whole answer */
export type Ask = (request: ChatCompletionCreateParamsNonStreaming, signal: AbortSignal) => Promise<Answer>;

/** An answer of 4,096 tokens has some 20 kB. */
const MAX_ANSWER_BYTES = 4 * 1024 * 1024;

/** Loads the SDK, which no other provider needs. It tries once and follows no redirect. */
export async function connect(endpoint: URL, authorize: Authorize): Promise<Ask> {
  const { OpenAI, APIError } = await import('openai');
  const client = new OpenAI({
    baseURL: endpoint.href.replace(/\/+$/, ''),
    maxRetries: 0,
    // Not whoever is signed in by environment variables that another program may need.
    apiKey: 'none',
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    // At "debug" it would log the image.
    logLevel: 'off',
    fetch: fetchWhole,
  });
  return async (request, signal) => {
    const headers = { authorization: null, ...(await authorize(signal)) };
    try {
      const { data, response } = await client.chat.completions
        .create(request, { signal, headers })
        .withResponse();
      return { body: data, region: plainText(response.headers.get('x-ms-region') ?? '', 100) || null };
    } catch (error) {
      if (error instanceof SyntaxError) throw new FailedError('vision-bad-response', { cause: error });
      if (!(error instanceof APIError)) throw error;
      if (error.cause instanceof ProblemError) throw error.cause;
      if (typeof error.status !== 'number') throw error;
      const retryAfter = error.headers?.get('retry-after') ?? undefined;
      throw new Complaint(error.status, codesOf(error.error), error.message, retryAfter);
    }
  };
}

/**
 * The SDK reads an answer to its end however long it is, and takes bytes that are no UTF-8 for question marks.
 * @throws FailedError `vision-unavailable` or `vision-bad-response`
 */
async function fetchWhole(input: string | URL | Request, init?: RequestInit): Promise<Response> {
  try {
    // Keys and images go nowhere but to the address of the settings.
    const { body, status, headers } = await fetch(input, { ...init, redirect: 'manual' });
    return new Response(body ? await read(body, status === 200) : null, { status, headers });
  } catch (error) {
    if (error instanceof ProblemError) throw error;
    const isGarbled = codeOf(error).startsWith('Z_');
    throw new FailedError(isGarbled ? 'vision-bad-response' : 'vision-unavailable', { cause: error });
  }
}

async function read(stream: ReadableStream<Uint8Array>, fatal: boolean): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.byteLength;
    if (size > MAX_ANSWER_BYTES) throw new FailedError('vision-bad-response', { detail: 'It is too long.' });
    chunks.push(chunk);
  }
  const bytes = Buffer.concat(chunks);
  try {
    return new TextDecoder('utf-8', { fatal }).decode(bytes);
  } catch (error) {
    throw new FailedError('vision-bad-response', { cause: error });
  }
}

/** `fetch` says only that it failed; what failed says its cause. */
function codeOf(error: unknown): string {
  return textIn(valueIn(error, 'cause'), 'code');
}

/** Azure's innermost code says more than the one around it. */
function codesOf(error: unknown): string {
  const codes = [textIn(error, 'code'), textIn(valueIn(error, 'innererror'), 'code'), textIn(error, 'type')];
  return codes.filter((code) => code !== '').join(' ');
}

function textIn(object: unknown, key: string): string {
  const value = valueIn(object, key);
  return typeof value === 'string' ? value : '';
}

function valueIn(object: unknown, key: string): unknown {
  return typeof object === 'object' && object !== null ? Reflect.get(object, key) : undefined;
}
