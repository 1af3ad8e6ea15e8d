/** @type {import('jest').Config} */
export default {
  testMatch: ['<rootDir>/tests/**/*.test.ts'],
  // They take minutes: `node scripts/run.mjs images` runs them.
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/tests/images/built/'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2024' }, module: { type: 'es6' } },
    ],
  },
  globalSetup: '<rootDir>/tests/run-folder.mjs',
  // More than all that one test waits for, so that the wait which fails says what did not come.
  testTimeout: 300_000,
  maxWorkers: 2,
};
