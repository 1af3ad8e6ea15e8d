import { type Behaviour as AnyBehaviour, JSON_HEADERS, respond } from './behaviour.ts';
import type { ChatRequest } from './chat-request.ts';
import { HARBOUR } from './vision-scene.ts';

export type ChatBehaviour = AnyBehaviour<ChatRequest>;

/** What the fake model sees: the same harbour as the fake vision service, in the words of a chat model. */
const CHAT_HARBOUR: Readonly<Record<string, unknown>> = {
  caption: HARBOUR.caption[0],
  regions: HARBOUR.regions.slice(1).map(([text]) => text),
  tags: HARBOUR.tags.map(([name]) => name),
  objects: HARBOUR.objects.map(([name]) => name),
  people: HARBOUR.people.filter(([confidence]) => confidence > 0.5).length,
  text: HARBOUR.lines.map(([text]) => text),
};

/** Answers with the fields that the schema asks for; with all of them where there is no schema. */
export function chat(scene: Readonly<Record<string, unknown>> = {}): ChatBehaviour {
  return (request, response) => {
    const content = JSON.stringify(contentFor(request, { ...CHAT_HARBOUR, ...scene }));
    response.writeHead(200, JSON_HEADERS).end(JSON.stringify(completion({ content })));
  };
}

/** Says exactly this. */
export function say(content: string, finishReason = 'stop'): AnyBehaviour<unknown> {
  return respond(200, completion({ content }, finishReason));
}

/** The body of a good answer, for what may happen to it on its way. */
export function goodBody(request: ChatRequest): string {
  return JSON.stringify(completion({ content: JSON.stringify(contentFor(request, CHAT_HARBOUR)) }));
}

export function completion(
  message: { readonly content: string | null; readonly refusal?: string },
  finishReason = 'stop',
): object {
  return {
    id: 'chatcmpl-fake',
    object: 'chat.completion',
    created: 1_741_570_283,
    model: 'gpt-fake-2025-01-01',
    choices: [
      {
        index: 0,
        message: { role: 'assistant', refusal: null, ...message },
        logprobs: null,
        finish_reason: finishReason,
      },
    ],
    usage: { prompt_tokens: 1_117, completion_tokens: 46, total_tokens: 1_163 },
  };
}

/** Whatever else the scene holds is answered, too: models add what nobody asked for. */
function contentFor({ fields }: ChatRequest, scene: Readonly<Record<string, unknown>>): object {
  const unasked = Object.keys(CHAT_HARBOUR).filter((name) => fields !== null && !fields.includes(name));
  return Object.fromEntries(Object.entries(scene).filter(([name]) => !unasked.includes(name)));
}
