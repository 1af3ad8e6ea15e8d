import { type QueueClient, QueueServiceClient, RestError } from '@azure/storage-queue';
import type { StorageSettings } from '../config.ts';
import { FailedError } from '../errors.ts';
import { ambientIdentity } from '../identity.ts';
import { RETRY } from '../store/azure-blobs.ts';
import type { Queue, QueueMessage, SendOptions } from './queue.ts';

/** An operation that takes this long in all is better tried again by whoever asked for it. */
const DEADLINE_MS = 30_000;

/** Storage hides a message for at most seven days, which is counted to the second. */
const MAX_HIDDEN_SECONDS = 6 * 24 * 60 * 60;

const NEVER = -1;

export function connectQueues(settings: StorageSettings): QueueServiceClient {
  const options = { retryOptions: RETRY };
  if ('connectionString' in settings) {
    return QueueServiceClient.fromConnectionString(settings.connectionString, options);
  }
  return new QueueServiceClient(settings.queueServiceUri, ambientIdentity(settings.clientId), options);
}

export class AzureQueue implements Queue {
  readonly name: string;
  readonly #client: QueueClient;

  constructor(client: QueueClient) {
    this.name = client.name;
    this.#client = client;
  }

  /** Creates the queue where it is missing. */
  async create(): Promise<void> {
    await run((abortSignal) => this.#client.createIfNotExists({ abortSignal }));
  }

  async send(text: string, { delay = 0, signal }: SendOptions = {}): Promise<void> {
    await this.#existing(signal, (abortSignal) =>
      this.#client.sendMessage(text, {
        messageTimeToLive: NEVER,
        visibilityTimeout: seconds(delay),
        abortSignal,
      }),
    );
  }

  async receive({
    max,
    hidden,
    signal,
  }: {
    readonly max: number;
    readonly hidden: number;
    readonly signal?: AbortSignal | undefined;
  }): Promise<readonly QueueMessage[]> {
    const { receivedMessageItems } = await this.#existing(signal, (abortSignal) =>
      this.#client.receiveMessages({
        numberOfMessages: max,
        visibilityTimeout: seconds(hidden),
        abortSignal,
      }),
    );
    return receivedMessageItems.map(({ messageId, messageText, dequeueCount, popReceipt }) => ({
      id: messageId,
      text: messageText,
      dequeueCount,
      receipt: popReceipt,
    }));
  }

  async hide(message: QueueMessage, hidden: number): Promise<QueueMessage | null> {
    const { id, text, receipt } = message;
    const answer = await unlessLost((abortSignal) =>
      this.#client.updateMessage(id, receipt, text, seconds(hidden), { abortSignal }),
    );
    return answer && { ...message, receipt: answer.popReceipt ?? receipt };
  }

  async remove({ id, receipt }: QueueMessage): Promise<boolean> {
    return (
      (await unlessLost((abortSignal) => this.#client.deleteMessage(id, receipt, { abortSignal }))) !== null
    );
  }

  async peek(max: number): Promise<readonly QueueMessage[]> {
    const answer = await unlessMissing(undefined, (abortSignal) =>
      this.#client.peekMessages({ numberOfMessages: max, abortSignal }),
    );
    return (answer?.peekedMessageItems ?? []).map(({ messageId, messageText, dequeueCount }) => ({
      id: messageId,
      text: messageText,
      dequeueCount,
      receipt: '',
    }));
  }

  async length(signal?: AbortSignal): Promise<number> {
    const answer = await unlessMissing(signal, (abortSignal) => this.#client.getProperties({ abortSignal }));
    return answer?.approximateMessagesCount ?? 0;
  }

  /** A queue that is missing is made where something is put or taken: nothing of an image may depend on who started first. */
  async #existing<T>(
    signal: AbortSignal | undefined,
    operation: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    return run(async (abortSignal) => {
      try {
        return await operation(abortSignal);
      } catch (error) {
        if (!isMissing(error)) throw error;
        await this.#client.createIfNotExists({ abortSignal });
        return operation(abortSignal);
      }
    }, signal);
  }
}

function seconds(ms: number): number {
  return Math.min(Math.max(Math.ceil(ms / 1_000), 0), MAX_HIDDEN_SECONDS);
}

/** Null where the queue is missing: who only looks makes none. */
async function unlessMissing<T>(
  signal: AbortSignal | undefined,
  operation: (signal: AbortSignal) => Promise<T>,
): Promise<T | null> {
  return run(async (abortSignal) => {
    try {
      return await operation(abortSignal);
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  }, signal);
}

function isMissing(error: unknown): boolean {
  return error instanceof RestError && error.code === 'QueueNotFound';
}

/** Null where the message is gone, or its receipt has been replaced by another's. */
async function unlessLost<T>(operation: (signal: AbortSignal) => Promise<T>): Promise<T | null> {
  return run(async (signal) => {
    try {
      return await operation(signal);
    } catch (error) {
      const isLost = error instanceof RestError && LOST.has(error.code ?? '');
      if (isLost) return null;
      throw error;
    }
  });
}

const LOST = new Set(['MessageNotFound', 'PopReceiptMismatch', 'QueueNotFound']);

async function run<T>(operation: (signal: AbortSignal) => Promise<T>, signal?: AbortSignal): Promise<T> {
  const timeout = AbortSignal.timeout(DEADLINE_MS);
  try {
    return await operation(signal ? AbortSignal.any([signal, timeout]) : timeout);
  } catch (cause) {
    throw new FailedError('storage-unavailable', { cause });
  }
}
