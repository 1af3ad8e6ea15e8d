import { beforeEach, describe, expect, test } from '@jest/globals';
import { Analyses } from '../../../../core/store/analyses.ts';
import { NOTHING_FOUND } from '../../../../core/vision/vision.ts';
import { House } from '../swept.ts';

const DAY_MS = 24 * 60 * 60_000;

let house: House;
let paid: number;
beforeEach(() => {
  house = new House();
  paid = 0;
});

const signal = new AbortController().signal;

/** As the program itself pays and keeps what it got. */
async function pay(provider: 'azure-vision' | 'openai' = 'azure-vision'): Promise<void> {
  const sha256 = `${paid++}`.padStart(64, '0');
  const features = ['caption', 'tags', 'read'] as const;
  const key = { sha256, provider, model: null, features, language: 'en' };
  const held = await new Analyses(house.state, house.clock).claim(key, signal);
  if (held.status !== 'claimed') throw new Error('nobody else pays');
  const analysis = { ...NOTHING_FOUND, provider, degraded: false, reason: null };
  await held.claim.finish({ analysis });
}

async function vision(env: Readonly<Record<string, string>> = {}) {
  await house.housekeep(env);
  const catalog = await house.catalog();
  if (catalog === null) throw new Error('there is no catalog');
  return catalog.vision;
}

describe('paid calls', () => {
  test('are counted by UTC day and month, at the price of the features that were asked for', async () => {
    await pay();
    await pay();
    house.clock.advance(DAY_MS);
    await pay();
    expect(await vision()).toMatchObject({
      today: { date: '2026-01-02', calls: 1, cost: 0.004 },
      month: { month: '2026-01', calls: 3, cost: 0.012 },
      days: [
        { date: '2026-01-01', calls: 2, cost: 0.008 },
        { date: '2026-01-02', calls: 1, cost: 0.004 },
      ],
      prices: { currency: 'USD' },
    });
  });

  test('of a provider whose price nobody knows have no cost', async () => {
    await pay('openai');
    await pay();
    expect((await vision()).today).toEqual({ date: '2026-01-01', calls: 2, cost: null });
  });

  test('are nobody’s refusals and claims', async () => {
    const options = { contentType: 'application/json', condition: 'new' } as const;
    for (const state of ['claim', 'refusal'])
      await house.state.write(`analysis/${state}/1.json`, Buffer.from('{}'), {
        ...options,
        metadata: { state },
      });
    expect((await vision()).today).toEqual({ date: '2026-01-01', calls: 0, cost: 0 });
  });

  test('of before this program told the features count as those of the settings', async () => {
    await house.state.write('analysis/aa/1.json', Buffer.from('{}'), {
      ...{ contentType: 'application/json', condition: 'new', metadata: { state: 'analysis' } },
    });
    const { settings } = house.household();
    const azure = { ...settings, vision: { provider: 'azure-vision', model: null } } as const;
    await house.housekeep({}, { others: { settings: azure } });
    expect((await house.catalog())?.vision.today).toMatchObject({ calls: 1, cost: 0.0025 });
  });

  test('are remembered when their analyses are not kept any more', async () => {
    await pay();
    house.clock.advance(2 * DAY_MS);
    await pay();
    expect((await vision({ RETENTION_DAYS: '1' })).month.calls).toBe(2);
    expect((await vision({ RETENTION_DAYS: '1' })).month.calls).toBe(2);
    house.clock.advance(31 * DAY_MS);
    const later = await vision({ RETENTION_DAYS: '1' });
    expect([later.month, later.days.length]).toEqual([{ month: '2026-02', calls: 0, cost: 0 }, 3]);
  });

  test('are told for 62 days', async () => {
    for (let day = 0; day < 70; day++) {
      await pay();
      house.clock.advance(DAY_MS);
    }
    expect((await vision({ RETENTION_DAYS: '100' })).days).toHaveLength(62);
  });
});
