import { type ChatBehaviour, chat } from './chat-behaviour.ts';
import { type ChatRequest, checkChatRequest } from './chat-request.ts';
import { type ScriptedServer, startScriptedServer } from './scripted-server.ts';

export interface ChatServer extends ScriptedServer<ChatRequest> {
  /** What a client is configured with: a base URL and a model. */
  readonly endpoint: string;
  readonly model: string;
}

interface ChatServerOptions {
  /** Null for a server that knows no keys. */
  readonly key?: string | null;
  readonly model?: string;
  /** The forms of answers that it knows; a client that asks for another is told so. */
  readonly formats?: readonly ('json_schema' | 'json_object')[];
  /** What is done with a request that has no script. */
  readonly behaviour?: ChatBehaviour;
}

/** Starts a server that speaks OpenAI's chat completions on a free port of this machine. Whoever starts it closes it. */
export async function startChatServer({
  key = null,
  model = 'gpt-fake',
  formats = ['json_schema', 'json_object'],
  behaviour = chat(),
}: ChatServerOptions = {}): Promise<ChatServer> {
  const server = await startScriptedServer<ChatRequest>({
    check: (message, body) => checkChatRequest(message, body, { key, model, formats }),
    behaviour,
  });
  return Object.assign(server, { endpoint: `${server.origin}/openai/v1`, model });
}
