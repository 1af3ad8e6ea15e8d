import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { context, metrics, propagation, trace } from '@opentelemetry/api';
import { logs } from '@opentelemetry/api-logs';
import { NO_TELEMETRY, startTelemetry } from '../../../core/telemetry/start.ts';

/** Someone listens, and nothing is told. */
const SILENT = {
  ...{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9', OTEL_TRACES_EXPORTER: 'none' },
  ...{ OTEL_METRICS_EXPORTER: 'none', OTEL_LOGS_EXPORTER: 'none' },
};

let told: unknown[];
const warn = (...line: unknown[]) => told.push(line);
beforeEach(() => {
  told = [];
});
afterEach(() => {
  for (const api of [trace, metrics, context, propagation, logs]) api.disable();
});

describe('Nothing is told', () => {
  test.each([
    ['where nobody listens', {}],
    [
      'where the address is empty',
      { OTEL_EXPORTER_OTLP_ENDPOINT: ' ', APPLICATIONINSIGHTS_CONNECTION_STRING: '' },
    ],
    [
      'where it is switched off',
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9', OTEL_SDK_DISABLED: 'true' },
    ],
  ])('%s', async (_where, env) => {
    expect(await startTelemetry({ ...env }, { warn })).toBe(NO_TELEMETRY);
    expect(told).toEqual([]);
  });

  test('to a connection string that is none, and the log says why', async () => {
    const env = { APPLICATIONINSIGHTS_CONNECTION_STRING: 'nonsense' };
    expect(await startTelemetry(env, { warn })).toBe(NO_TELEMETRY);
    expect(told).toEqual([[{ err: expect.any(Error) }, 'telemetry could not be started']]);
  });
});

describe('The service is called', () => {
  const started = async (given: Record<string, string>) => {
    // Nothing is asked of it.
    const env: NodeJS.ProcessEnv = { ...SILENT, ...given };
    await (await startTelemetry(env, { warn })).stop();
    return env.OTEL_SERVICE_NAME;
  };

  test.each([
    ['as whoever set it up says', { OTEL_SERVICE_NAME: 'mine', CONTAINER_APP_NAME: 'app' }, 'mine'],
    ['as the container app is', { CONTAINER_APP_NAME: 'app' }, 'app'],
    ['as the function app is', { WEBSITE_SITE_NAME: 'site', CONTAINER_APP_NAME: '' }, 'site'],
    ['by its own name elsewhere', {}, 'prompt-generator'],
    ['by its own name where its name is empty', { OTEL_SERVICE_NAME: ' ' }, 'prompt-generator'],
    [
      'by its own name where only other attributes are set',
      { OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment=x,my.service.name=y,service.name=' },
      'prompt-generator',
    ],
    [
      'as the attributes of the resource say',
      { OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment=x, service.name=mine', OTEL_SERVICE_NAME: '' },
      undefined,
    ],
  ])('%s', async (_how, given, name) => {
    expect(await started(given)).toBe(name);
  });
});
