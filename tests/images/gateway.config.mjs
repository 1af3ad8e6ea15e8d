import { spawnSync } from 'node:child_process';
import config from '../../jest.config.mjs';

const PATH = `${process.env.PATH}:/usr/sbin`;
const isHere = spawnSync('nginx', ['-v'], { env: { PATH } }).status === 0;
if (!isHere && process.env.CI === 'true') throw new Error('The API suite through the gateway needs nginx.');
if (!isHere) console.log('The API suite through the gateway is skipped: there is no nginx.');

// The hosts of the suite get one more.
process.env.WITH_GATEWAY = '1';

/**
 * The API suite, asked through the gateway. Two of its paths are the gateway's own page here; how long a body may take as a
 * whole nginx does not count (tests/images/gateway-refusals.test.ts has what it does); readers who stall read from it; and it
 * says itself how the client came.
 */
export default {
  ...config,
  rootDir: '../..',
  testMatch: isHere ? ['<rootDir>/tests/core/api/**/*.test.ts'] : [],
  passWithNoTests: true,
  testNamePattern:
    '^(?!H25|readers|.*(has nothing at /$|/ answers 404|leads there as the client came)).*the gateway',
};
