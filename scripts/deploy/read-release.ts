import { createHash } from 'node:crypto';
import { appendFile, readFile } from 'node:fs/promises';
import { readRelease } from './release.ts';

/**
 * Checks release.json and that functions.zip is the one that it names, and hands on what the next steps need: as outputs of a
 * step of GitHub's, or on the terminal.
 */

const release = await readRelease('release.json');
const sha256 = createHash('sha256')
  .update(await readFile('functions.zip'))
  .digest('hex');
if (sha256 !== release.functionsSha256) {
  throw new Error(`functions.zip is ${sha256}, but release.json names ${release.functionsSha256}`);
}
const { api, gateway } = release.images;
const outputs = {
  version: release.version,
  commit: release.commit,
  'api-image': `${api.repository}@${api.digest}`,
  'gateway-image': `${gateway.repository}@${gateway.digest}`,
};
const lines = Object.entries(outputs).map(([name, value]) => `${name}=${value}\n`);
if (process.env.GITHUB_OUTPUT) await appendFile(process.env.GITHUB_OUTPUT, lines.join(''));
console.log(lines.join(''));
