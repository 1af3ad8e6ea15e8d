import { join } from 'node:path';
import { describe, test } from '@jest/globals';

/**
 * Public schemas and payloads that lie outside the project, where CONTRACTS_DIR names their folder. Without it the tests that
 * need them are skipped; each says so in its name.
 */
const folder = process.env.CONTRACTS_DIR;

export const describeWithContracts = folder ? describe : describe.skip;
export const testWithContracts = folder ? test : test.skip;

export function contractPath(...parts: readonly string[]): string {
  return join(folder ?? '', ...parts);
}
