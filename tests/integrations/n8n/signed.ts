import { createHmac } from 'node:crypto';
import type { Payload } from '../payloads.ts';

/** What a Webhook node passes on. */
export interface Received {
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly [more: string]: unknown;
}

const KEY = Buffer.from('a key of more than sixteen bytes');
export const SECRET = `whsec_${KEY.toString('base64')}`;
export const NOTICE_KEY = 'the key in the address';

/** As it is posted by us: signed as https://www.standardwebhooks.com has it. */
export function signed(payload: Payload, { key = KEY, at = Date.now() } = {}): Received {
  const timestamp = `${Math.floor(at / 1_000)}`;
  const text = JSON.stringify(payload);
  const signature = createHmac('sha256', key).update(`${payload.id}.${timestamp}.${text}`).digest('base64');
  const headers = {
    'webhook-id': `${payload.id}`,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${signature}`,
  };
  return { headers, query: {}, body: JSON.parse(text) };
}

/** As Azure Monitor and GitHub post it. */
export function withKey(body: unknown, key = NOTICE_KEY): Received {
  return { headers: {}, query: { key }, body };
}
