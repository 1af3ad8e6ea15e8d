import { once } from 'node:events';
import { createServer } from 'node:http';
import { expect, test } from '@jest/globals';
import { startCommand } from './command.ts';

test('A collector that hangs does not keep the program from its end', async () => {
  const asked: string[] = [];
  const collector = createServer(({ url = '' }) => asked.push(url));
  collector.listen(0, '127.0.0.1');
  await once(collector, 'listening');
  const address = collector.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  try {
    const settings = {
      // Nothing is there, and nothing is needed of it.
      STORAGE: 'UseDevelopmentStorage=true',
      ...{ AUTH: 'none', PORT: '0', OTEL_EXPORTER_OTLP_TIMEOUT: '600000' },
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${address.port}`,
    };
    const server = startCommand(['serve'], { settings });
    await server.says(/"address"/);
    server.kill('SIGTERM');
    // 1 would say that it was ended by force, later.
    expect(await server.ended).toBe(0);
    expect(asked).toContain('/v1/logs');
  } finally {
    collector.closeAllConnections();
    collector.close();
    await once(collector, 'close');
  }
}, 90_000);
