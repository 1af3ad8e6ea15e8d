import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { runLocally } from '../../containerapp/local/local.ts';
import { foundModelLine } from '../../containerapp/local/words.ts';
import { parseConfig } from '../../core/config.ts';
import { freePort, startAzurite } from '../azurite.ts';
import { AMPLE_MS } from '../until.ts';

let azurite: Awaited<ReturnType<typeof startAzurite>>;
let server: Server;
let port: number;
let asked = 0;
beforeAll(async () => {
  azurite = await startAzurite();
  server = createServer((_request, response) => {
    asked++;
    response.end('{"models": [{"name": "llava:13b"}]}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  port = address.port;
});
afterAll(async () => {
  server.close();
  server.closeAllConnections();
  await azurite.close();
});

/** Local mode in this process, until it says this; everything that it said. */
async function run(until: RegExp, settings: Record<string, string> = {}): Promise<string> {
  const env = { STORAGE: azurite.connectionString, PORT: `${await freePort()}`, ...settings };
  const stop = new AbortController();
  const said: string[] = [];
  await runLocally(
    env,
    AbortSignal.any([stop.signal, AbortSignal.timeout(AMPLE_MS)]),
    (line) => {
      said.push(line);
      if (until.test(line)) stop.abort();
    },
    [{ name: 'Ollama', port, path: '/api/tags' }],
  );
  return said.join('\n');
}

describe('What local mode says of captions', () => {
  test('names the model server that runs on this machine, with settings that are settings', async () => {
    const said = await run(/^Found/);
    const settings = `VISION_PROVIDER=openai VISION_ENDPOINT=http://127.0.0.1:${port}/v1 VISION_MODEL=llava:13b`;
    expect(said).toContain(`Found on this machine, not used: Ollama. For captions by it: ${settings}\n`);
    expect(said.indexOf('Found')).toBeGreaterThan(said.indexOf('Ctrl-C stops it.'));
    const env = Object.fromEntries(settings.split(' ').map((setting) => setting.split(/=(.*)/s)));
    expect(parseConfig({ ...env, STORAGE: azurite.connectionString }).vision).toMatchObject({
      ...{ provider: 'openai', endpoint: `http://127.0.0.1:${port}/v1`, model: 'llava:13b' },
    });
    expect(asked).toBe(1);
  });

  test('names none, and asks none, where a provider was chosen', async () => {
    const before = asked;
    const settings = {
      VISION_PROVIDER: 'azure-vision',
      VISION_ENDPOINT: 'http://127.0.0.1:9',
      VISION_KEY: 'k',
    };
    const said = await run(/Ctrl-C stops it/, settings);
    expect(said).not.toContain('captions');
    expect(asked).toBe(before);
  });

  test('has its doubts about a model that may not take images', () => {
    const model = {
      server: 'vLLM',
      endpoint: 'http://127.0.0.1:8000/v1',
      model: 'mistral',
      seesImages: false,
    };
    expect(foundModelLine(model)).toMatch(
      /VISION_MODEL=mistral \(or another model of it that takes images\)$/,
    );
  });
});
