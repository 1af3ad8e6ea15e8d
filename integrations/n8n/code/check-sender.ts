import type * as NodeCrypto from 'node:crypto';

interface Received {
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
}

interface Senders {
  /** The same as WEBHOOK_SECRET of Prompt Generator. */
  readonly secret: string;
  /** What Azure Monitor and GitHub, which sign nothing, have in the address. */
  readonly key: string;
  readonly crypto: Pick<typeof NodeCrypto, 'createHmac' | 'timingSafeEqual'>;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

interface Checked {
  /** The answer: 202, 400 or 401. */
  readonly status: number;
  /** `prompt.created`, `prompt.failed`, `batch.finished`, `alert`, `deployment`, or what a newer program says. */
  readonly kind: string;
  /** The same whenever the same is told again. */
  readonly id: string;
  readonly event: unknown;
}

/** An older signature may have been caught on its way, https://www.standardwebhooks.com says. */
const TOLERANCE_S = 5 * 60;

/** Lets in what Prompt Generator signed, and alerts and deployments from whoever knows the key. Without a secret, nobody. */
export function checkSender({ headers = {}, query = {}, body }: Received, senders: Senders): Checked {
  const event = record(body);
  const refused = (status: number) => ({ status, kind: '', id: '', event: null });
  if (headers['webhook-signature'] !== undefined) {
    if (!isSigned(headers, body, senders)) return refused(401);
    return { status: 202, kind: `${event.type}`, id: `${event.id}`, event };
  }
  if (!isSame(`${query.key ?? ''}`, senders.key, senders.crypto)) return refused(401);
  if (event.schemaId === 'azureMonitorCommonAlertSchema') {
    const about = record(record(event.data).essentials);
    const { alertId, monitorCondition, firedDateTime, resolvedDateTime } = about;
    const id = [alertId, monitorCondition, firedDateTime, resolvedDateTime].join(' ');
    return { status: 202, kind: 'alert', id, event };
  }
  if (/^(deployment|workflow)\./.test(`${event.type}`)) {
    // One run tells of several: of each environment, and of going back.
    const { type, url, environment, version, time } = event;
    return { status: 202, kind: 'deployment', id: [type, url, environment, version, time].join(' '), event };
  }
  return refused(400);
}

function isSigned(
  headers: Readonly<Record<string, unknown>>,
  body: unknown,
  { secret, crypto, now }: Senders,
): boolean {
  if (secret === '') return false;
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures } = headers;
  const age = Math.abs(now / 1_000 - Number(timestamp));
  if (!(age <= TOLERANCE_S)) return false;
  const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : Buffer.from(secret);
  // It was JSON without spaces and with no keys that are numbers: written again, it is the same to the byte.
  const signed = `${id}.${timestamp}.${JSON.stringify(body)}`;
  const expected = `v1,${crypto.createHmac('sha256', key).update(signed).digest('base64')}`;
  return `${signatures}`.split(' ').some((signature) => isSame(signature, expected, crypto));
}

/** Takes as long for a guess that is nearly right as for any other. Nothing is the same as an empty text. */
function isSame(
  given: string,
  expected: string,
  { createHmac, timingSafeEqual }: Senders['crypto'],
): boolean {
  const digest = (text: string) => createHmac('sha256', 'compare').update(text).digest();
  return expected !== '' && timingSafeEqual(digest(given), digest(expected));
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
