import { afterEach, expect, test } from '@jest/globals';
import { context, diag, metrics, propagation, trace } from '@opentelemetry/api';
import { createLog, type LogLine } from '../../../core/log.ts';
import { faultTeller, listenToSdk } from '../../../core/telemetry/faults.ts';
import { inSpan } from '../../../core/telemetry/spans.ts';
import { SPANS } from '../../../core/telemetry.ts';
import { SimulatedClock } from '../../simulated-clock.ts';
import { startMemorySdk } from '../../telemetry/memory-sdk.ts';

afterEach(() => diag.disable());

function teller() {
  const lines: LogLine[] = [];
  const clock = new SimulatedClock();
  const tell = faultTeller(createLog('info', [(line) => lines.push(line)]), clock);
  return { clock, tell, faults: () => lines.map(({ fields }) => fields.fault), lines };
}

test('The same fault is told once in ten minutes, whatever numbers are in it', () => {
  const { clock, tell, faults, lines } = teller();
  for (let port = 1; port < 100; port++) tell(`connect ECONNREFUSED 127.0.0.1:${port}`);
  tell('another');
  expect(faults()).toEqual(['connect ECONNREFUSED 127.0.0.1:1', 'another']);
  expect(lines[0]).toMatchObject({ level: 'warn', message: 'telemetry may be lost' });
  clock.advance(9 * 60_000);
  tell('another');
  clock.advance(60_000);
  tell('another');
  expect(faults()).toHaveLength(3);
});

test('However many faults there are, ten are told, and none is long', () => {
  const { tell, faults } = teller();
  for (let count = 1; count < 100; count++) tell('x'.repeat(count * 100));
  expect(faults()).toHaveLength(10);
  expect(Math.max(...faults().map((fault) => String(fault).length))).toBe(500);
});

test('What the SDK says in errors and warnings is told, and no more', () => {
  const { tell, faults } = teller();
  listenToSdk(tell);
  diag.info('an info');
  diag.debug('a detail');
  diag.error('Accessing resource attributes before async attributes settled');
  diag.warn('a warning');
  diag.error('an error:', new Error('its message'));
  expect(faults()).toEqual(['a warning', 'an error: its message']);
});

test('Of an error that the SDK has made JSON of there is its message and its code, and nothing it was answered', () => {
  const { tell, faults } = teller();
  listenToSdk(tell);
  diag.error(JSON.stringify({ stack: 'a stack', message: 'Unauthorized', code: '401', data: 'SECRET' }));
  diag.error('{"of": "no error"}');
  expect(faults()).toEqual(['Unauthorized 401', '{"of": "no error"}']);
});

test('A fault belongs to no trace, whatever was being done', async () => {
  const sdk = startMemorySdk();
  try {
    const { tell, lines } = teller();
    await inSpan(SPANS.read, () => tell('a fault'));
    expect(lines.map(({ fields }) => fields)).toEqual([{ fault: 'a fault' }]);
  } finally {
    await sdk.stop();
    for (const api of [trace, context, propagation, metrics]) api.disable();
  }
});

test('No secret of an address is told', () => {
  const { tell, faults } = teller();
  tell('Could not parse https://me:SECRET@collector.example/v1?key=SECRET');
  expect(faults().join()).not.toContain('SECRET');
});
