import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { context, propagation, trace } from '@opentelemetry/api';
import { createLog, type LogLine } from '../../core/log.ts';
import { inSpan } from '../../core/telemetry/spans.ts';
import { startMemorySdk } from '../telemetry/memory-sdk.ts';

function kept(level = 'info') {
  const lines: LogLine[] = [];
  return { lines, log: createLog(level, [(line) => lines.push(line)]) };
}

test('A line goes to all who are there for it, with its level and without secrets', () => {
  const first: LogLine[] = [];
  const second: LogLine[] = [];
  const log = createLog('info', [(line) => first.push(line), (line) => second.push(line)]);
  log.warn({ address: 'https://a.example/x?sig=SECRET' }, 'told');
  expect(first).toEqual([{ level: 'warn', fields: { address: 'https://a.example/x' }, message: 'told' }]);
  expect(second).toEqual(first);
});

test.each([
  ['trace', 3],
  ['info', 3],
  ['warn', 2],
  ['error', 1],
  ['fatal', 0],
  ['silent', 0],
])('At the level %s there are %i of an info, a warning and an error', (level, count) => {
  const { lines, log } = kept(level);
  log.info({}, 'a');
  log.warn({}, 'b');
  log.error({}, 'c');
  expect(lines).toHaveLength(count);
});

test('Outside of every span a line has no ids', () => {
  const { lines, log } = kept();
  log.info({}, 'alone');
  expect(lines[0]?.fields).toEqual({});
});

describe('Within a span', () => {
  let sdk: ReturnType<typeof startMemorySdk>;
  beforeEach(() => {
    sdk = startMemorySdk();
  });
  afterEach(async () => {
    await sdk.stop();
    for (const api of [trace, context, propagation]) api.disable();
  });

  test('a line has the ids of its trace and of its span, which no field can be', async () => {
    const { lines, log } = kept();
    await inSpan('image.read', () => log.info({ name: 'a.jpg', trace_id: 'mine' }, 'read'));
    const [span] = sdk.spans();
    expect(lines[0]?.fields).toEqual({
      ...{ name: 'a.jpg', span_id: span?.id },
      trace_id: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
  });
});
