import type { IncomingMessage } from 'node:http';

/** One request of storage, as far as tests tell requests apart. */
export interface StorageStep {
  /** What is done to what, such as `PUT prompt`, `HEAD image`, `GET analysis` or `ack`. */
  readonly label: string;
  /** Of the blob; empty for a queue's messages. */
  readonly name: string;
  /** Of the image that a prompt or an error says it is made from. */
  readonly sourceEtag: string | null;
}

const QUEUE_STEPS: Readonly<Record<string, string>> = {
  GET: 'receive',
  POST: 'send',
  PUT: 'hide',
  DELETE: 'ack',
};

/** Names the request by its method and what it is about: only its address and the mark of a claim are looked at. */
export function storageStep({ method = '', url = '/', headers }: IncomingMessage): StorageStep {
  const { pathname, searchParams } = new URL(url, 'http://localhost');
  const [, , container = '', ...rest] = pathname.split('/').map(decodeURIComponent);
  const name = rest.join('/');
  if (/^messages(\/|$)/.test(name)) {
    const step = QUEUE_STEPS[method] ?? method;
    return { label: container.endsWith('-poison') ? `${step} poison` : step, name: '', sourceEtag: null };
  }
  if (searchParams.has('restype')) return { label: `${method} container`, name: container, sourceEtag: null };
  const sourceEtag = headers['x-ms-meta-sourceetag'];
  return {
    label: `${method} ${kindOf(name, headers['x-ms-meta-state'])}`,
    name,
    sourceEtag: typeof sourceEtag === 'string' ? sourceEtag : null,
  };
}

function kindOf(name: string, state: unknown): string {
  if (name.endsWith('.prompt.error.json')) return 'error';
  if (name.endsWith('.prompt.json')) return 'prompt';
  if (name.startsWith('analysis/')) return state === 'claim' ? 'claim' : 'analysis';
  return 'image';
}
