import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pLimit from 'p-limit';
import { startAzurite } from '../azurite.ts';
import { photo } from '../fixtures/images/photo.ts';
import { crash, type Meanwhile, type Moment } from './crash.ts';
import { send, workOnce } from './deliveries.ts';

/** A process is killed, with SIGKILL, at every step of describing an image; what it leaves is left to others. */

let azurite: Awaited<ReturnType<typeof startAzurite>>;
let jpeg: Buffer;
beforeAll(async () => {
  azurite = await startAzurite();
  jpeg = await photo({ width: 64, height: 64 });
});
afterAll(() => azurite.close());

/** Two at a time they take half a minute; storage may stall, and a message then comes back late. */
const DEADLINE_MS = 600_000;

/** From the receipt of a message to its end. */
const STEPS = [
  'HEAD prompt',
  'GET image',
  'PUT claim',
  'PUT analysis',
  'PUT prompt',
  'DELETE error',
  'HEAD image',
  'ack',
];
const MOMENTS: readonly Moment[] = [
  { when: 'after', step: 'receive' },
  ...STEPS.flatMap((step) => [{ when: 'before', step } as const, { when: 'after', step } as const]),
  { when: 'before', step: 'Vision' },
];

/** Between asking and having written down what is answered, it is unknown whether it was paid for. */
const PAID_AGAIN = new Set(['before Vision', 'before PUT analysis']);

const named = ({ when, step }: Moment) => `${when} ${step}`;

/** The end of every moment, two at a time. */
async function ends(moments: readonly Moment[], meanwhile?: Meanwhile) {
  const limit = pLimit(2);
  const results = await Promise.all(
    moments.map((moment) =>
      limit(
        async () => [named(moment), await crash(azurite.connectionString, jpeg, moment, meanwhile)] as const,
      ),
    ),
  );
  return Object.fromEntries(results);
}

const GOOD = { prompt: 'of the image', error: null, written: 1, poisoned: 0 } as const;

function good(moments: readonly Moment[]) {
  const paid = (name: string) => (PAID_AGAIN.has(name) ? 2 : 1);
  return Object.fromEntries(moments.map(named).map((name) => [name, { ...GOOD, paid: paid(name) }]));
}

test(
  'P1: whenever a process dies, its image has one prompt in the end, and is paid for twice only in step 5',
  async () => {
    expect(await ends(MOMENTS)).toEqual(good(MOMENTS));
  },
  DEADLINE_MS,
);

test(
  'P1: the same holds while another process works on a duplicate of its event',
  async () => {
    const duplicate: Meanwhile = async (site, other) => {
      await send(site, 'inbox/image.jpg');
      await workOnce(other);
    };
    const moments = MOMENTS.filter(({ when }) => when === 'before');
    expect(await ends(moments, duplicate)).toEqual(good(moments));
  },
  DEADLINE_MS,
);

test(
  'P1: an image that is overwritten while its process dies has the prompt of what it shows now',
  async () => {
    const overwrite: Meanwhile = async (site) => {
      const etag = await site.drop('inbox/image.jpg', Buffer.concat([jpeg, Buffer.from('newer')]));
      await send(site, 'inbox/image.jpg', etag);
    };
    const moments = MOMENTS.filter(
      ({ when, step }) => when === 'before' && /^(PUT (claim|analysis|prompt)|HEAD image)$/.test(step),
    );
    for (const [moment, end] of Object.entries(await ends(moments, overwrite))) {
      const { paid, written, ...rest } = end;
      expect({ moment, ...rest }).toEqual({ moment, prompt: 'of the image', error: null, poisoned: 0 });
      expect({ moment, paid: paid <= 2 }).toEqual({ moment, paid: true });
      expect({ moment, written: written <= 2 }).toEqual({ moment, written: true });
    }
  },
  DEADLINE_MS,
);
