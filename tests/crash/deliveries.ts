import type { ImageEvent } from '../../core/describe/outcome.ts';
import { type Handled, handleMessage, type MessageHandler } from '../../core/queue/handle-message.ts';
import { encodeEvent } from '../../core/queue/message.ts';
import type { QueueMessage } from '../../core/queue/queue.ts';
import { AMPLE_MS, until } from '../until.ts';
import type { Member, Site } from './site.ts';
import type { Intercept } from './storage-proxy.ts';

/** What stands for the queue's side of time: messages that come back, and workers that take what is there. */

const HIDDEN_MS = 120_000;

export async function send(site: Site, name: string, etag?: string): Promise<void> {
  const { blobs, events } = site.outside;
  const event: ImageEvent = { container: blobs.container, name, etag };
  await events.send(encodeEvent(event));
}

/** Works on one message. @returns null where none can be received */
export async function workOnce({ program }: Member): Promise<Handled | null> {
  const { events, handler } = program;
  const [message] = await events.receive({ max: 1, hidden: HIDDEN_MS });
  if (message === undefined) return null;
  const { text: body, dequeueCount } = message;
  const signal = AbortSignal.timeout(AMPLE_MS);
  const handled = await handleMessage({ body, dequeueCount }, withoutDelays(handler), signal);
  const comesBack = handled.status === 'handled' && handled.comesBack;
  if (comesBack) await events.hide(message, 0);
  else await events.remove(message);
  return handled;
}

/** Works until the queue is empty. @throws Error where that does not come in time */
export async function workUntilQuiet(member: Member): Promise<void> {
  await until('no message is left', async () => {
    while ((await workOnce(member)) !== null);
    return isQuiet(member);
  });
}

/** Whether no message is left, hidden ones included. */
export async function isQuiet({ program }: Pick<Member, 'program'>): Promise<boolean> {
  return (await program.events.length()) === 0;
}

/** What is put off comes back at once: its time is not waited for. */
function withoutDelays(handler: MessageHandler): MessageHandler {
  const { events } = handler;
  return {
    ...handler,
    events: {
      name: events.name,
      send: (text, { signal } = {}) => events.send(text, { signal }),
      receive: (options) => events.receive(options),
      hide: (message, hidden) => events.hide(message, hidden),
      remove: (message) => events.remove(message),
      peek: (max) => events.peek(max),
      length: () => events.length(),
    },
  };
}

/** Remembers what a program received, so that it can be made to come back without waiting for it. */
export class Receipts {
  readonly #messages: QueueMessage[] = [];

  readonly intercept: Intercept = async (step, pass) => {
    const answer = await pass();
    if (step.label !== 'receive') return answer;
    const body = answer.body.toString();
    const of = (tag: string) => new RegExp(`<${tag}>([^<]*)</${tag}>`).exec(body)?.[1] ?? '';
    const message = {
      id: of('MessageId'),
      text: of('MessageText'),
      dequeueCount: 0,
      receipt: of('PopReceipt'),
    };
    if (message.id !== '') this.#messages.push(message);
    return answer;
  };

  /** The messages that are still in the queue can be received again from now on. */
  async comeBack(site: Site): Promise<void> {
    for (const message of this.#messages) await site.outside.events.hide(message, 0);
  }
}
