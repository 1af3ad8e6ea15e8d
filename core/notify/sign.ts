import { createHmac } from 'node:crypto';

/**
 * The headers by which a receiver knows that an event is ours, as https://www.standardwebhooks.com has them, so that its
 * libraries can verify them.
 */

const PREFIX = 'whsec_';

/** Of the key in bytes: a shorter one can be guessed from a single event. */
const MIN_KEY = 16;

/**
 * @param secret `whsec_` and the key in base64, as the standard has it; of any other text its UTF-8 is the key
 * @returns null for what is too short, or no base64 where it should be
 */
export function signingKey(secret: string): Buffer | null {
  const key = secret.startsWith(PREFIX) ? fromBase64(secret.slice(PREFIX.length)) : Buffer.from(secret);
  return key !== null && key.length >= MIN_KEY ? key : null;
}

function fromBase64(text: string): Buffer | null {
  return /^[A-Za-z0-9+/]+={0,2}$/.test(text) ? Buffer.from(text, 'base64') : null;
}

/** @param at milliseconds since the epoch, of this attempt: receivers refuse what was signed long ago */
export function signedHeaders(
  key: Buffer,
  { id, at, body }: { readonly id: string; readonly at: number; readonly body: string },
): Readonly<Record<string, string>> {
  const timestamp = Math.floor(at / 1_000);
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return {
    'webhook-id': id,
    'webhook-timestamp': `${timestamp}`,
    'webhook-signature': `v1,${signature}`,
  };
}
