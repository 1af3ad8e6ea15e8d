import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { FailedError } from '../../../core/errors.ts';
import { webhookEvent } from '../../../core/notify/event.ts';
import { batchEvent } from '../../../core/notify/make-event.ts';
import { Outbox } from '../../../core/notify/outbox.ts';
import { ATTEMPT_MS } from '../../../core/notify/post.ts';
import { MAX_ATTEMPTS, Webhook } from '../../../core/notify/webhook.ts';
import { OutgoingTelemetry } from '../../../core/telemetry/outgoing.ts';
import { freePort } from '../../azurite.ts';
import { hang, hangHalfWay, resetBeforeHeaders, respond } from '../../faults/behaviour.ts';
import { startWebhookServer, type WebhookServer } from '../../faults/webhook-server.ts';
import { SimulatedClock } from '../../simulated-clock.ts';
import { until } from '../../until.ts';
import { recordTelemetry } from '../recorded-telemetry.ts';
import { finishedBatch } from './finished-batch.ts';
import { toldLog } from './told-log.ts';

let server: WebhookServer;
let telemetry: ReturnType<typeof recordTelemetry>;
let clock: SimulatedClock;
let log: ReturnType<typeof toldLog>;
let outbox: Outbox;
beforeEach(async () => {
  server = await startWebhookServer();
  telemetry = recordTelemetry();
  clock = new SimulatedClock({ chance: 0.5 });
  log = toldLog();
  outbox = new Outbox({ clock });
});
afterEach(async () => {
  telemetry.stop();
  await server.close();
});

const event = (id = 'b1') => batchEvent(finishedBatch(id), 'images', clock.now());

interface Options {
  readonly url?: string;
  readonly secret?: () => Promise<string | null>;
}

function send({ url = server.url, secret = async () => server.secret }: Options = {}) {
  const webhook = new Webhook({ url, secret, outbox, clock, log, telemetry: new OutgoingTelemetry() });
  webhook.send(event());
}

/** Waits until the attempt is over. @returns milliseconds until the next one; null where there is none */
async function rest(): Promise<number | null> {
  await until(
    'the end of the attempt',
    () => outbox.waiting === 0 || ![ATTEMPT_MS, Infinity].includes(clock.untilNext()),
  );
  return outbox.waiting === 0 ? null : clock.untilNext();
}

/** Lets every attempt come, and gives how long it was until each. */
async function waits(): Promise<number[]> {
  const all: number[] = [];
  for (let next = await rest(); next !== null; next = await rest()) {
    all.push(next);
    clock.advance(next);
  }
  return all;
}

const outcomes = () => telemetry.counts.map(({ attributes }) => attributes['webhook.outcome']);

test('an event is posted once, as JSON, signed', async () => {
  send();
  expect(await rest()).toBeNull();
  expect(server.calls).toBe(1);
  const [received] = server.requests;
  expect(webhookEvent.parse(JSON.parse(received?.body ?? ''))).toEqual(event());
  expect(received).toMatchObject({ id: event().id, timestamp: clock.now() / 1_000 });
  expect(received?.headers).toMatchObject({ 'content-type': 'application/json' });
  expect([outcomes(), log.errors]).toEqual([['delivered'], []]);
});

describe('A receiver that does not work', () => {
  test('is tried five times over some minutes, with the same id and a new signature each time', async () => {
    server.script(...Array(MAX_ATTEMPTS).fill(respond(503, 'later')));
    send();
    expect(await waits()).toEqual([5_000, 15_000, 45_000, 135_000]);
    expect(server.calls).toBe(MAX_ATTEMPTS);
    expect(new Set(server.requests.map(({ id }) => id)).size).toBe(1);
    const [first = 0, ...later] = server.requests.map(({ timestamp }) => timestamp);
    expect(later.map((timestamp) => timestamp - first)).toEqual([5, 20, 65, 200]);
    expect(outcomes()).toEqual(['failed']);
    expect(log.errors).toEqual([
      expect.objectContaining({ status: 503, attempt: 5, batch: 'b1', type: 'batch.finished' }),
    ]);
  });

  test.each([
    ['says 500 once', respond(500, 'oops')],
    ['says 408', respond(408, 'slow')],
    ['says 425', respond(425, 'early')],
    ['breaks the connection', resetBeforeHeaders()],
  ])('that %s gets the event with the next attempt', async (_name, behaviour) => {
    server.script(behaviour);
    send();
    expect(await waits()).toEqual([5_000]);
    expect([server.calls, outcomes(), log.errors]).toEqual([2, ['delivered'], []]);
  });

  test('that hangs has ten seconds', async () => {
    server.script(hang());
    const arrival = server.arrival();
    send();
    await arrival;
    clock.advance(ATTEMPT_MS - 1);
    expect(outbox.waiting).toBe(1);
    clock.advance(1);
    expect(await waits()).toEqual([5_000]);
    expect([server.calls, outcomes()]).toEqual([2, ['delivered']]);
  });

  test('need not end its answer: that it accepts is enough', async () => {
    server.script(hangHalfWay(() => 'much to say'));
    send();
    expect(await rest()).toBeNull();
    expect(outcomes()).toEqual(['delivered']);
  });

  test('that listens nowhere is told by its code, and neither its path nor its query', async () => {
    send({ url: `http://127.0.0.1:${await freePort()}/hidden-path?sig=hidden-query` });
    await waits();
    expect(log.errors).toEqual([expect.objectContaining({ reason: 'ECONNREFUSED', attempt: 5 })]);
    expect(JSON.stringify(log.errors)).not.toMatch(/hidden|whsec/);
  });
});

describe('Retry-After', () => {
  test.each([
    ['60', 60_000],
    ['1', 5_000],
    ['86400', 300_000],
    ['soon', 5_000],
  ])('%s is a wait of %d ms', async (value, wait) => {
    server.script(respond(429, 'slowly', { 'retry-after': value }));
    send();
    expect(await waits()).toEqual([wait]);
    expect(outcomes()).toEqual(['delivered']);
  });
});

test.each([400, 401, 404, 410, 413, 301, 302, 307, 308])('%d is final', async (status) => {
  const elsewhere = await startWebhookServer();
  server.script(respond(status, 'no', { location: elsewhere.url }));
  send();
  expect(await waits()).toEqual([]);
  expect([server.calls, elsewhere.calls, outcomes()]).toEqual([1, 0, ['refused']]);
  expect(log.errors).toEqual([expect.objectContaining({ status, attempt: 1 })]);
  await elsewhere.close();
});

describe('Without its secret an event is not posted', () => {
  test.each<[string, () => Promise<string | null>, string]>([
    ['there is none', async () => null, 'no-secret'],
    ['it is no secret', async () => 'whsec_!', 'no-secret'],
    [
      'the vault does not answer',
      () => Promise.reject(new FailedError('secrets-unavailable')),
      'secrets-unavailable',
    ],
  ])('where %s', async (_name, secret, reason) => {
    send({ secret });
    expect(await waits()).toHaveLength(4);
    expect(server.calls).toBe(0);
    expect(log.errors).toEqual([expect.objectContaining({ reason })]);
  });

  test('until the vault gives it', async () => {
    const secrets = [null, server.secret];
    send({ secret: async () => secrets.shift() ?? null });
    expect(await waits()).toEqual([5_000]);
    expect(outcomes()).toEqual(['delivered']);
  });
});
