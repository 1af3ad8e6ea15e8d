import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { variablesOf } from '../../workflows/workflows.ts';
import { runScript } from './child.ts';
import { standIn } from './stand-in.ts';

const COMMIT = '0123456789abcdef0123456789abcdef01234567';
const IMAGE = { repository: 'ghcr.io/o/prompts', digest: `sha256:${'ab'.repeat(32)}` };
const RELEASE = {
  version: '1.2.3',
  commit: COMMIT,
  functionsSha256: 'cd'.repeat(32),
  images: { api: IMAGE, gateway: IMAGE },
};
const RUN = {
  path: '.github/workflows/release.yml',
  head_sha: COMMIT,
  head_branch: 'main',
};

let folder: string;
let server: Server;
let address: string;
let run: object;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'verify-'));
  await writeFile(join(folder, 'release.json'), JSON.stringify(RELEASE));
  run = RUN;
  server = createServer((request, response) => {
    const isRun = request.url === '/repos/o/r/actions/runs/4711';
    response.writeHead(isRun ? 200 : 404).end(JSON.stringify(isRun ? run : {}));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const at = server.address();
  if (at === null || typeof at === 'string') throw new Error('no port');
  address = `http://127.0.0.1:${at.port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true, force: true });
});

async function verify(id = '4711', gh = '') {
  const known = { 'inputs.run-id': id, 'github.token': 'token' };
  const env = {
    ...variablesOf('deploy-to', 'node scripts/deploy/verify-release.ts', known),
    PATH: await standIn(folder, 'gh', '', gh),
    GITHUB_API_URL: address,
    GITHUB_REPOSITORY: 'o/r',
  };
  return runScript('verify-release.ts', env, { cwd: folder });
}

const asked = () => readFile(join(folder, 'gh.asked'), 'utf8');

describe('a release', () => {
  test.each([
    ['main', 'refs/heads/main'],
    ['v1.2.3', 'refs/tags/v1.2.3'],
  ])('of %s is held against who signed it, from which ref and commit', async (head_branch, ref) => {
    run = { ...RUN, head_branch };
    expect(await verify()).toEqual({ code: 0, output: `release.json is of ${ref} at ${COMMIT}\n` });
    expect(await asked()).toBe(
      `attestation verify release.json --repo o/r --signer-workflow o/r/.github/workflows/release.yml --source-ref ${ref} --source-digest ${COMMIT} --deny-self-hosted-runners\n`,
    );
  });

  test.each([
    ['of another workflow', { path: '.github/workflows/evil.yml' }, 'evil.yml'],
    ['of another branch', { head_branch: 'feature' }, 'only main and tags'],
    ['of another commit', { head_sha: COMMIT.replace('0', 'f') }, 'release.json names'],
  ])('%s is refused', async (_what, wrong, says) => {
    run = { ...RUN, ...wrong };
    expect(await verify()).toEqual({ code: 1, output: expect.stringContaining(says) });
    await expect(asked()).rejects.toThrow('ENOENT');
  });

  test.each(['1', '../../other', ''])('of the run %j, which is none, is refused', async (id) => {
    expect((await verify(id)).code).toBe(1);
  });

  test('without its attestation is refused', async () => {
    expect(await verify('4711', 'exit 1')).toEqual({
      code: 1,
      output: expect.stringContaining('gh attestation verify'),
    });
  });
});
