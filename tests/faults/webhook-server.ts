import { createHmac } from 'node:crypto';
import type { Behaviour } from './behaviour.ts';
import { type ScriptedServer, startScriptedServer } from './scripted-server.ts';

/** An event as a receiver gets it that has verified its signature. */
interface ReceivedEvent {
  readonly id: string;
  /** Seconds since the epoch. */
  readonly timestamp: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

export interface WebhookServer extends ScriptedServer<ReceivedEvent> {
  /** With a path and a query that nobody but the receiver may see. */
  readonly url: string;
  readonly secret: string;
}

const KEY = Buffer.alloc(32, 42);

const accept: Behaviour<ReceivedEvent> = (_event, response) => response.writeHead(204).end();

/** Starts a receiver that accepts what is signed as https://www.standardwebhooks.com wants it, on a free port. */
export async function startWebhookServer(behaviour = accept): Promise<WebhookServer> {
  const server = await startScriptedServer<ReceivedEvent>({
    behaviour,
    check(message, bytes) {
      const { headers, method, url } = message;
      const body = bytes.toString();
      const id = `${headers['webhook-id']}`;
      const timestamp = `${headers['webhook-timestamp']}`;
      const signed = createHmac('sha256', KEY).update(`${id}.${timestamp}.${body}`).digest('base64');
      if (headers['webhook-signature'] !== `v1,${signed}`) {
        return { status: 401, body: { error: 'not signed by us' } };
      }
      if (method !== 'POST' || url !== '/hidden-path?sig=hidden-query') return { status: 404, body: {} };
      return { id, timestamp: Number(timestamp), body, headers };
    },
  });
  return Object.create(server, {
    url: { value: `${server.origin}/hidden-path?sig=hidden-query` },
    secret: { value: `whsec_${KEY.toString('base64')}` },
  });
}
