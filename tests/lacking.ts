import { describe, test } from '@jest/globals';

/**
 * Tests that need what not every machine has.
 * @param lack what is missing, such as `needs nginx`; null where nothing is
 * @returns `describe`, as far as it can run: where something is missing the tests are skipped and say so in their name, and on a
 *   build server, which installs all there is, they fail
 */
export function describeUnless(lack: string | null): (name: string, tests: () => void) => void {
  if (lack === null) return describe;
  if (process.env.CI !== 'true') return (name, tests) => describe.skip(`${name} (skipped: ${lack})`, tests);
  return (name) => {
    test(name, () => {
      throw new Error(`This machine ${lack}.`);
    });
  };
}
