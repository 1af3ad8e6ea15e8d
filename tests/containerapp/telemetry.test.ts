import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { APPLICATION_INSIGHTS, OTLP_COLLECTOR, startListener } from '../telemetry/listener.ts';
import { startCommand } from './command.ts';

/** Nothing is there, and nothing is needed of it. */
const SETTINGS = { STORAGE: 'UseDevelopmentStorage=true', AUTH: 'none', PORT: '0' };

const refusing = (statusCode: number, message: string) => () => ({
  itemsAccepted: 0,
  errors: [{ index: 0, statusCode, message }],
});

test.each([
  [
    'An Application Insights that knows no such key',
    { ...APPLICATION_INSIGHTS, status: 400, answer: refusing(400, 'Invalid instrumentation key') },
    'Application Insights answers 400',
  ],
  [
    'An Application Insights that wants a part of it later',
    { ...APPLICATION_INSIGHTS, status: 206, answer: refusing(500, 'Later') },
    'Application Insights answers 206',
  ],
  ['A collector that takes nothing', { ...OTLP_COLLECTOR, status: 401 }, 'Unauthorized 401'],
])(
  '%s is told of in the log, and nothing is kept on the disk',
  async (_who, way, said) => {
    const folder = await mkdtemp(join(tmpdir(), 'kept-'));
    const listener = await startListener(way);
    try {
      const settings = { ...SETTINGS, ...listener.settings, TMPDIR: folder };
      const server = startCommand(['serve'], { settings });
      await server.says(/"address"/);
      server.kill('SIGTERM');
      expect(await server.ended).toBe(0);
      expect(server.output()).toMatch(new RegExp(`"level":40.*${said}.*"msg":"telemetry may be lost"`));
      expect(await readdir(folder)).toEqual([]);
    } finally {
      await listener.close();
      await rm(folder, { recursive: true });
    }
  },
  90_000,
);

test('An Application Insights that has moved is followed, and nothing is said of that', async () => {
  const listener = await startListener({ ...APPLICATION_INSIGHTS, isMoved: true });
  try {
    const server = startCommand(['serve'], { settings: { ...SETTINGS, ...listener.settings } });
    await server.says(/"address"/);
    server.kill('SIGTERM');
    expect(await server.ended).toBe(0);
    expect(listener.texts).not.toEqual([]);
    expect(server.output()).not.toContain('telemetry may be lost');
  } finally {
    await listener.close();
  }
});

test('A collector that hangs does not keep the program from its end, which says what is lost', async () => {
  const asked: string[] = [];
  const collector = createServer(({ url = '' }) => asked.push(url));
  collector.listen(0, '127.0.0.1');
  await once(collector, 'listening');
  const address = collector.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  try {
    const settings = {
      ...{ ...SETTINGS, OTEL_EXPORTER_OTLP_TIMEOUT: '600000' },
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${address.port}`,
    };
    const server = startCommand(['serve'], { settings });
    await server.says(/"address"/);
    server.kill('SIGTERM');
    // 1 would say that it was ended by force, later.
    expect(await server.ended).toBe(0);
    expect(asked).toContain('/v1/logs');
    expect(server.output()).toContain('the last telemetry could not be sent in time');
  } finally {
    collector.closeAllConnections();
    collector.close();
    await once(collector, 'close');
  }
});
