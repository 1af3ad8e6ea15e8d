import * as z from 'zod';
import type { Az } from './az.ts';

/** As the workflow names each of its deployments, so that the newest one is always found. */
const DEPLOYMENT = 'prompt-generator';

const OUTPUTS = z.record(
  z.string().regex(/^[A-Z][A-Z_]*$/),
  z
    .object({ value: z.string().regex(/^[^\r\n]*$/, 'has more than one line') })
    .transform(({ value }) => value),
);

/**
 * @param resourceGroup its resource id
 * @returns the outputs of bicep/main.bicep, by name
 * @throws Error where nothing was deployed there, or the outputs are of another form
 */
export async function deploymentOutputs(
  resourceGroup: string,
  az: Az,
): Promise<Readonly<Record<string, string>>> {
  const url = `${resourceGroup}/providers/Microsoft.Resources/deployments/${DEPLOYMENT}?api-version=2024-03-01`;
  const query = ['--query', 'properties.outputs', '--output', 'json'];
  return OUTPUTS.parse(JSON.parse(await az(['rest', '--method', 'get', '--url', url, ...query])));
}
