import { afterEach, describe, expect, test } from '@jest/globals';
import { context, metrics, propagation, trace } from '@opentelemetry/api';
import { logs } from '@opentelemetry/api-logs';
import { NO_TELEMETRY, startTelemetry } from '../../../core/telemetry/start.ts';

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
    expect(await startTelemetry({ ...env })).toBe(NO_TELEMETRY);
  });

  test('to a connection string that is none, and the program is told why', async () => {
    const telemetry = await startTelemetry({ APPLICATIONINSIGHTS_CONNECTION_STRING: 'nonsense' });
    expect(telemetry).toMatchObject({ isOn: false, sinks: [], fault: expect.any(Error) });
    expect(await telemetry.stop()).toBe(true);
  });
});
