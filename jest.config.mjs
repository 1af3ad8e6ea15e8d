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
  // Ample for the test that has to build the hosts first.
  testTimeout: 60_000,
  maxWorkers: 2,
};
