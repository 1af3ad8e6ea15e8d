import config from '../../../jest.config.mjs';

/** The suites that build images: one after the other, since they share them. */
export default {
  ...config,
  rootDir: '../../..',
  testMatch: ['<rootDir>/tests/images/built/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  maxWorkers: 1,
};
