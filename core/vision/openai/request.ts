import type { ChatCompletionCreateParamsNonStreaming } from 'openai/resources/chat/completions';
import { answerSchema, type Field, instructions } from './question.ts';

/** How strictly an answer's form can be asked for, strictest first. */
export const FORMATS = ['json_schema', 'json_object', 'text'] as const;
type Format = (typeof FORMATS)[number];

export interface Question {
  readonly endpoint: URL;
  readonly model: string;
  readonly fields: readonly Field[];
  readonly language: string;
  /** Upright and without metadata. */
  readonly jpeg: Uint8Array;
}

/**
 * In tokens, those of a reasoning model's thoughts included. A page of dense text takes some 2,000; an answer that takes
 * twice as many goes in circles, and each of them is paid for.
 */
const MAX_TOKENS = 4_096;

/** The body of a request to `chat/completions`. @throws RefusedError `invalid-request` for what is no language */
export function chatRequest(
  { endpoint, model, fields, language, jpeg }: Question,
  format: Format,
): ChatCompletionCreateParamsNonStreaming {
  const url = `data:image/jpeg;base64,${Buffer.from(jpeg).toString('base64')}`;
  return {
    model,
    messages: [
      { role: 'system', content: instructions(fields, language) },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Describe this image.' },
          // "low" sees 512 pixels and reads no small text; "auto" may choose it, and then answers differ from day to day.
          { type: 'image_url', image_url: { url, detail: 'high' } },
        ],
      },
    ],
    max_completion_tokens: MAX_TOKENS,
    // The name that Ollama and LM Studio know; OpenAI's reasoning models refuse it.
    ...(endpoint.protocol === 'http:' && { max_tokens: MAX_TOKENS }),
    ...responseFormat(fields, format),
  };
}

function responseFormat(
  fields: readonly Field[],
  format: Format,
): Pick<ChatCompletionCreateParamsNonStreaming, 'response_format'> {
  switch (format) {
    case 'json_schema': {
      const json_schema = { name: 'image', strict: true, schema: answerSchema(fields) };
      return { response_format: { type: format, json_schema } };
    }
    case 'json_object':
      return { response_format: { type: format } };
    case 'text':
      return {};
  }
}
