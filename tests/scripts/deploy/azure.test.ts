import { describe, expect, test } from '@jest/globals';
import { waitForBlobKey } from '../../../scripts/deploy/blob-key.ts';
import { budgetStart } from '../../../scripts/deploy/budget-start.ts';
import { deployedRun, recordRun } from '../../../scripts/deploy/deployed-run.ts';
import { deploymentOutputs } from '../../../scripts/deploy/deployment-outputs.ts';
import { importImages } from '../../../scripts/deploy/registry.ts';
import { SimulatedClock } from '../../simulated-clock.ts';

/** A CLI that answers as it is told, one answer after the other, and keeps what it was asked. */
function cli(...answers: (string | Error)[]) {
  const asked: string[] = [];
  const az = async (args: readonly string[]) => {
    asked.push(args.join(' '));
    const answer = answers.shift() ?? '';
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return { az, asked };
}

describe('waiting for the key of the blob extension', () => {
  const wait = (az: ReturnType<typeof cli>['az']) => {
    const clock = new SimulatedClock();
    const { signal } = new AbortController();
    const app = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Web/sites/a';
    return clock.runUntilSettled(waitForBlobKey({ app, az, clock, deadlineMs: 30_000, signal }));
  };

  const without = '{"masterKey": "m", "systemKeys": {"durabletask_extension": "d"}}';

  test('goes on while the host starts, and ends when the key is there', async () => {
    const { az, asked } = cli(
      new Error('503'),
      '{"systemKeys": null}',
      '{"systemKeys": {"blobs_extension": "b"}}',
    );
    expect(await wait(az)).toBe(true);
    expect(asked).toHaveLength(3);
    expect(asked[0]).toContain('/sites/a/host/default/listKeys');
  });

  test('ends without the key at the deadline', async () => {
    expect(await wait(cli(without, '', without, without).az)).toBe(false);
  });

  test('asks in words that no shell takes for its own', async () => {
    const { az, asked } = cli('{"systemKeys": {"blobs_extension": "b"}}');
    await wait(az);
    expect(asked[0]).not.toMatch(/[|&<>^"'`()%!]/);
  });

  test('says what fails where it fails until the deadline', async () => {
    const forbidden = new Error('AuthorizationFailed');
    await expect(wait(cli(...Array.from({ length: 9 }, () => forbidden)).az)).rejects.toBe(forbidden);
  });
});

describe('importing images', () => {
  const digest = `sha256:${'12'.repeat(32)}`;

  test('asks for each by its digest, and gives no password for a public source', async () => {
    const { az, asked } = cli();
    const images = [`ghcr.io/o/prompts@${digest}`, `ghcr.io/o/prompts-gateway@${digest}`];
    expect(await importImages({ registry: 'acr', images, source: null, az })).toEqual([
      `prompts@${digest}`,
      `prompts-gateway@${digest}`,
    ]);
    expect(asked).toEqual([
      `acr import --name acr --source ghcr.io/o/prompts@${digest} --image prompts:121212121212 --force`,
      `acr import --name acr --source ghcr.io/o/prompts-gateway@${digest} --image prompts-gateway:121212121212 --force`,
    ]);
  });

  test.each(['ghcr.io/o/prompts:latest', 'prompts', `ghcr.io/o/prompts@${digest}0 --password x`])(
    'refuses %s, which no digest names',
    async (image) => {
      const { az, asked } = cli();
      await expect(importImages({ registry: 'acr', images: [image], source: null, az })).rejects.toThrow(
        'digest',
      );
      expect(asked).toEqual([]);
    },
  );
});

describe('the run that is deployed', () => {
  test('is what the tag says, or none', async () => {
    expect(await deployedRun('/group', cli('4711').az)).toBe('4711');
    expect(await deployedRun('/group', cli('').az)).toBeNull();
    expect(await deployedRun('/group', cli('$(evil)').az)).toBeNull();
    expect(await deployedRun('/group', cli(new Error('(ResourceGroupNotFound) no')).az)).toBeNull();
  });

  test('is not guessed where Azure refuses to tell', async () => {
    const refusal = new Error('AuthorizationFailed');
    await expect(deployedRun('/group', cli(refusal).az)).rejects.toBe(refusal);
  });

  test('is kept beside the other tags', async () => {
    const { az, asked } = cli();
    await recordRun('/group', '4711', az);
    expect(asked).toEqual([
      'tag update --resource-id /group --operation Merge --tags prompt-generator-run=4711',
    ]);
    await expect(recordRun('/group', 'x=1', az)).rejects.toThrow();
  });
});

describe('what a deployment says of itself', () => {
  test('is read by name', async () => {
    const { az, asked } = cli('{"REGISTRY": {"type": "String", "value": "acr"}, "API_URL": {"value": ""}}');
    expect(await deploymentOutputs('/subscriptions/s/resourceGroups/g', az)).toEqual({
      REGISTRY: 'acr',
      API_URL: '',
    });
    expect(asked[0]).toContain(
      '/resourceGroups/g/providers/Microsoft.Resources/deployments/prompt-generator?',
    );
  });

  test.each(['null', '{"A": {"value": "one\\ntwo=three"}}', '{"a b": {"value": "x"}}'])(
    'is refused as %s',
    async (said) => {
      await expect(deploymentOutputs('/group', cli(said).az)).rejects.toThrow();
    },
  );
});

describe('the budget', () => {
  const now = new Date('2027-02-03T04:05:06Z');
  const budget = (name: string) =>
    JSON.stringify({ value: [{ name, properties: { timePeriod: { startDate: '2026-12-01T00:00:00Z' } } }] });

  test('that is there keeps its beginning', async () => {
    const { az, asked } = cli(budget('monthly'));
    expect(await budgetStart('/group', az, now)).toBe('2026-12-01');
    expect(asked[0]).toContain('/group/providers/Microsoft.Consumption/budgets?');
  });

  test.each([budget('another'), '{"value": []}', ''])(
    'begins this month where there is only %j',
    async (said) => {
      expect(await budgetStart('/group', cli(said).az, now)).toBe('2027-02-01');
    },
  );

  test('is not guessed where Azure refuses to tell', async () => {
    const refusal = new Error('AuthorizationFailed');
    await expect(budgetStart('/group', cli(refusal).az, now)).rejects.toBe(refusal);
  });
});
