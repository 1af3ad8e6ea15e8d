import { keepReleasePr } from './release-request.ts';

/** Keeps the pull request open that brings dev to main. */

const { GITHUB_API_URL, GITHUB_REPOSITORY, GITHUB_TOKEN } = process.env;
if (!GITHUB_API_URL || !GITHUB_REPOSITORY || !GITHUB_TOKEN) {
  throw new Error('GITHUB_API_URL, GITHUB_REPOSITORY and GITHUB_TOKEN are needed');
}
const repository = `${GITHUB_API_URL}/repos/${GITHUB_REPOSITORY}`;
console.log(await keepReleasePr({ repository, token: GITHUB_TOKEN }));
