import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { readRelease } from './release.ts';
import { attestationOf, releaseRun } from './release-run.ts';

/**
 * Ends with 0 where release.json, in the folder that it is run in, is what the run RUN_ID of the workflow `release` made: on main or
 * a tag, of the commit that it names, and attested by that workflow. Nothing of a release may run before. GH_TOKEN asks.
 */

const { GITHUB_API_URL, GITHUB_REPOSITORY, GH_TOKEN, RUN_ID } = process.env;
if (!GITHUB_API_URL || !GITHUB_REPOSITORY || !GH_TOKEN || !RUN_ID) {
  throw new Error('GITHUB_API_URL, GITHUB_REPOSITORY, GH_TOKEN and RUN_ID are needed');
}
const { commit } = await readRelease('release.json');
const github = { repository: `${GITHUB_API_URL}/repos/${GITHUB_REPOSITORY}`, token: GH_TOKEN };
const run = await releaseRun(github, RUN_ID);
if (run.commit !== commit) throw new Error(`the run built ${run.commit}, but release.json names ${commit}`);
const verify = ['attestation', 'verify', 'release.json', ...attestationOf(GITHUB_REPOSITORY, run)];
await promisify(execFile)('gh', verify, { timeout: 120_000 });
console.log(`release.json is of ${run.ref} at ${commit}`);
