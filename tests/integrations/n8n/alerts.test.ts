import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import * as z from 'zod';
import { contractPath, describeWithContracts } from '../../contracts.ts';
import { readJson } from '../read-json.ts';
import { type Receiver, startReceiver } from '../receiver.ts';
import { cardValidator, MAX_TEAMS_BYTES } from './limits.ts';
import { withKey } from './signed.ts';
import { tell } from './told.ts';

let receiver: Receiver;
beforeAll(async () => {
  receiver = await startReceiver();
});
afterAll(() => receiver.close());

const common = z.looseObject({
  data: z.looseObject({ essentials: z.record(z.string(), z.unknown()), alertContext: z.unknown() }),
});

describeWithContracts('an alert of Azure Monitor in the common schema', () => {
  let faultsOf: (content: unknown) => unknown;
  beforeAll(async () => {
    faultsOf = await cardValidator();
  });

  const files = process.env.CONTRACTS_DIR ? readdirSync(contractPath('azure-monitor')) : ['-'];

  test.each(files)('%s is told with what fired, how bad it is, and whether it is over', async (file) => {
    const alert = await readJson(contractPath('azure-monitor', file), common);
    const { monitorCondition, firedDateTime, resolvedDateTime, severity, alertRule } = alert.data.essentials;
    const { run, card, content, teams, mail } = await tell(receiver, withKey(alert));
    expect(run).toMatchObject({ status: 202, error: null });
    expect(faultsOf(content)).toBeNull();
    expect(Buffer.byteLength(teams)).toBeLessThan(MAX_TEAMS_BYTES);
    expect(card[0]).toMatch(monitorCondition === 'Resolved' ? /^Resolved: / : /^Alert: /);
    if (typeof alertRule === 'string') expect(card[0]).toContain(alertRule);
    if (typeof severity === 'string') expect(card).toContainEqual(expect.stringContaining(severity.slice(3)));
    expect(mail.text).toContain(`Fired: ${String(firedDateTime).replace(/\.(?=\d)/, '.')}`);
    if (resolvedDateTime) expect(mail.text).toContain('Resolved: 20');
    expect([...card, mail.text].join('\n')).not.toMatch(/undefined|null|NaN|\[object/);
  });

  test.each([
    ['metric-static.fired.json', 'Measured: Transactions 100 (GreaterThan 0)'],
    ['log-v2.fired.json', 'Measured: Count 3 (GreaterThan 0)'],
    ['budget-actual.fired.json', 'Measured: $11,111.00 of $50.00'],
    ['resource-health.fired.json', 'What happened: Rebooted by user, UserInitiated'],
    ['activity-log-administrative.fired.json', 'Succeeded, user@'],
  ])('%s says %s', async (file, line) => {
    const { mail } = await tell(
      receiver,
      withKey(await readJson(contractPath('azure-monitor', file), common)),
    );
    expect(mail.text.replaceAll('\u2060', '')).toContain(line);
  });

  test('one that fired and the same when it is over are two pieces of news', async () => {
    const ids = await Promise.all(
      ['log-v2.fired.json', 'log-v2.resolved.derived.json'].map(async (file) => {
        const { run } = await tell(
          receiver,
          withKey(await readJson(contractPath('azure-monitor', file), common)),
        );
        return run.ids[0];
      }),
    );
    expect(new Set(ids).size).toBe(2);
  });
});
