import { expect, test } from '@jest/globals';
import { FailedError } from '../../../../core/errors.ts';
import { errorName } from '../../../../core/store/names.ts';
import { photo } from '../../../fixtures/images/photo.ts';
import { House } from '../swept.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

test('an image that failed comes back after 15 minutes, 1, 6 and 24 hours, then daily for 7 days, once each, then never', async () => {
  const house = new House();
  await house.drop('cat.jpg');
  let attempts = 0;
  const settings = {
    ...(await house.settings()),
    look: async () => {
      attempts++;
      throw new FailedError('vision-unavailable');
    },
  };
  // The attempts of its own event.
  await house.events.send(
    Buffer.from('{"container":"images","name":"cat.jpg","tries":4}').toString('base64'),
  );
  await house.work(settings);
  const start = house.clock.elapsed();
  const moments: number[] = [];
  for (let quarter = 1; quarter <= 4 * 24 * 12; quarter++) {
    house.clock.advance(15 * MINUTE);
    const before = attempts;
    const { retried, queued } = await house.sweep();
    expect(queued).toBe(0);
    await house.work(settings);
    expect(attempts - before).toBe(retried);
    if (retried > 0) moments.push(house.clock.elapsed() - start);
  }
  const pauses = moments.map((moment, index) => moment - (moments[index - 1] ?? 0));
  expect(pauses).toEqual([15 * MINUTE, HOUR, 6 * HOUR, DAY, ...Array<number>(7).fill(DAY)]);
  expect((await house.blobs.head(errorName('cat.jpg')))?.metadata).toMatchObject({
    ...{ attempts: '16', retryable: 'true' },
  });
});

test('an image that succeeds at last has its prompt, and no error any more', async () => {
  const house = new House();
  await house.drop('cat.jpg', await photo({ width: 160, height: 120, seed: 1 }));
  const settings = await house.settings();
  const failing = {
    ...settings,
    look: async () => {
      throw new FailedError('vision-unavailable');
    },
  };
  await house.events.send(
    Buffer.from('{"container":"images","name":"cat.jpg","tries":4}').toString('base64'),
  );
  await house.work(failing);
  house.clock.advance(15 * MINUTE + 1_000);
  expect(await house.sweep()).toMatchObject({ retried: 1 });
  expect(await house.work(settings)).toMatchObject([{ status: 'done' }]);
  expect(await house.blobs.head(errorName('cat.jpg'))).toBeNull();
  house.clock.advance(30 * DAY);
  expect(await house.sweep()).toMatchObject({ retried: 0, queued: 0 });
});

test('a further attempt that two sweeps queued is made once', async () => {
  const house = new House();
  await house.drop('cat.jpg');
  let attempts = 0;
  const settings = {
    ...(await house.settings()),
    look: async () => {
      attempts++;
      throw new FailedError('vision-bad-response');
    },
  };
  await house.events.send(
    Buffer.from('{"container":"images","name":"cat.jpg","tries":4}').toString('base64'),
  );
  await house.work(settings);
  house.clock.advance(15 * MINUTE + 1_000);
  expect([await house.sweep(), await house.sweep()]).toMatchObject([{ retried: 1 }, { retried: 1 }]);
  await house.work(settings);
  expect(attempts).toBe(2);
  expect((await house.blobs.head(errorName('cat.jpg')))?.metadata).toMatchObject({ attempts: '6' });
});
