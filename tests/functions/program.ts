import { parseConfig } from '../../core/config.ts';
import { createLog } from '../../core/log.ts';
import { createProgram } from '../../core/program.ts';
import { type ReadMessage, readMessage } from '../../core/queue/message.ts';
import type { Queue } from '../../core/queue/queue.ts';
import { invocationLog } from '../../functions/invocation.ts';

/** What the functions of an app share, with a record of the events that they queue. */
export async function startFunctions(settings: Readonly<Record<string, string>>) {
  const config = parseConfig(settings);
  if (config.storage === null) throw new Error('these settings name no storage');
  const started = await createProgram(config, config.storage, createLog('silent'));
  await Promise.all([started.blobs, started.state, started.events].map((place) => place.create()));
  const { handler } = started;
  const sent: { readonly message: ReadMessage; readonly delay: number }[] = [];
  const events: Queue = recorded(handler.events, (text, delay) => {
    sent.push({ message: readMessage(text, handler.container), delay });
  });
  const api = started.api({ loopback: false, drainBodies: true });
  const log = createLog(config.LOG_LEVEL, [invocationLog()]);
  return { config, sent, program: { ...started, api, log, handler: { ...handler, events } } };
}

function recorded(queue: Queue, record: (text: string, delay: number) => void): Queue {
  return {
    name: queue.name,
    async send(text, options) {
      await queue.send(text, options);
      record(text, options?.delay ?? 0);
    },
    receive: (options) => queue.receive(options),
    hide: (message, hidden) => queue.hide(message, hidden),
    remove: (message) => queue.remove(message),
    peek: (max) => queue.peek(max),
    length: () => queue.length(),
  };
}
