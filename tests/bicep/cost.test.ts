import { describe, expect, test } from '@jest/globals';
import { SETTINGS } from '../../core/settings.ts';
import { VISION_FEATURES, type VisionFeature } from '../../core/vision/vision.ts';
import { bicep, declared, expression, source } from './read-bicep.ts';

/** The sums of docs/cost.md, computed again from its own prices and from what Bicep deploys. */

const rows = source('docs/cost.md')
  .split('\n')
  .filter((line) => line.startsWith('| '))
  .map((line) => line.slice(2, -2).split(' | '));

function row(first: string): readonly string[] {
  const found = rows.find(([cell]) => cell === first);
  if (!found) throw new Error(`there is no row ${first}`);
  return found;
}

const number = (text: string | undefined) => Number((text ?? '').replaceAll(',', ''));
const price = (key: string) => number(row(key)[1]);
const free = (key: string) => number(row(key)[3]);
/** Rounded as on paper: what lies behind is only how computers count. */
const cents = (value: number) => (Math.round(value * 100 + 1e-6) / 100).toFixed(2);

const MONTH = 30 * 24 * 3_600;
const GB = number(expression('main.bicep', 'instanceMemory')) / 1_024;
const CPU = 0.5;
const SECONDS = 3;

const isFeature = (text: string): text is VisionFeature => VISION_FEATURES.some((known) => known === text);

describe('docs/cost.md', () => {
  test('has a price of every feature that can be asked for', () => {
    expect(VISION_FEATURES.map((feature) => price(feature)).every((each) => each > 0)).toBe(true);
  });

  const combinations = rows.flatMap(([asked = '', cost = '', ...rest]) => {
    const features = asked.split(', ');
    return rest.length === 0 && features.every(isFeature) ? [[asked, cost, features] as const] : [];
  });

  test.each(combinations)('1,000 images with %s cost %s', (_asked, cost, features) => {
    expect(cost).toBe(cents(features.reduce((sum, feature) => sum + price(feature), 0)));
  });

  test('the default is among them', () => {
    const features = SETTINGS.VISION_FEATURES.schema.parse(undefined);
    expect(combinations.map(([asked]) => asked)).toContain(features.join(', '));
    expect(source('docs/cost.md')).toContain(`${(5_000 / features.length).toLocaleString('en')} images`);
  });

  test('computing 1,000 images is what the prices say', () => {
    const gbSeconds = 1_000 * SECONDS * GB;
    const [, takes, cost, images] = row('Functions, 2 GB');
    expect(takes).toBe(`${gbSeconds.toLocaleString('en')} GB-seconds`);
    expect(cost).toBe(cents(gbSeconds * price('flexSeconds')));
    expect(images).toBe(`${Math.floor(free('flexSeconds') / SECONDS / GB).toLocaleString('en')} images`);
    const apps = row('Container Apps, 0.5 vCPU and 1 GiB');
    const seconds = 1_000 * SECONDS;
    expect(apps[1]).toBe(
      `${(seconds * CPU).toLocaleString('en')} vCPU-seconds, ${seconds.toLocaleString('en')} GiB-seconds`,
    );
    expect(apps[2]).toBe(cents(seconds * (CPU * price('appsCpu') + price('appsMemory'))));
    const inGrant = Math.min(free('appsCpu') / CPU, free('appsMemory')) / SECONDS;
    expect(apps[3]).toBe(`${Math.floor(inGrant).toLocaleString('en')} images`);
  });

  test('the containers have what is paid for', () => {
    for (const name of ['api', 'worker', 'housekeeping']) {
      expect(bicep(`modules/${name}.bicep`)).toContain(`resources: { cpu: json('${CPU}'), memory: '1Gi' }`);
    }
  });

  test('the fixed parts are what the prices say', () => {
    expect(row('an instance of Functions that waits (2 GB)')[2]).toBe(
      cents(MONTH * GB * price('flexWaiting')),
    );
    expect(row('a replica of the API that waits (0.5 vCPU, 1 GiB), at the full price')[2]).toBe(
      cents(MONTH * (CPU * price('appsCpu') + price('appsMemory'))),
    );
    expect(row('the registry')[2]).toBe(cents(price('registry')));
  });

  test('the alerts are as many as are deployed', () => {
    const onLogs = JSON.parse(source('bicep/monitoring/alerts.json')).length;
    const metrics = declared('resource').find(({ of }) => of === 'Microsoft.Insights/metricAlerts');
    const onMetrics = /for metric in \[([^\]]*)\]/.exec(metrics?.body ?? '')?.[1]?.split(',').length ?? 0;
    expect([onLogs, onMetrics]).toEqual([8, 2]);
    expect(row('eight alerts on logs, two on metrics')[2]).toBe(
      cents(onLogs * price('logAlert') + onMetrics * price('metricAlert')),
    );
  });

  test('a month with nothing to do is what the parts say', () => {
    const runs = 720 * 10;
    expect(runs * GB).toBeLessThan(free('flexSeconds'));
    const [, onFunctions, onApps] = row('housekeeping, hourly: 720 runs of 10 seconds');
    expect(onFunctions).toContain((runs * GB).toLocaleString('en'));
    expect(onApps).toContain((runs * CPU).toLocaleString('en'));
    const alerts = number(row('eight alerts on logs, two on metrics')[2]);
    expect(row('together, with alerts').slice(1)).toEqual([cents(alerts), cents(alerts + price('registry'))]);
    expect(row('together, without').slice(1)).toEqual([cents(0), cents(price('registry'))]);
  });
});
