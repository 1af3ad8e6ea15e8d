import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { RELEASE, versionOf } from './release.ts';

/**
 * Writes release.json beside functions.zip, digest-api and digest-gateway, in the folder that it is run in; the rest comes from
 * variables that GitHub sets, and IMAGE_REPOSITORY.
 */

const { GITHUB_REF = '', GITHUB_SHA = '', IMAGE_REPOSITORY = '' } = process.env;
// GitHub keeps the case of an owner's name; registries have small letters only.
const repository = IMAGE_REPOSITORY.toLowerCase();
const functionsZip = await readFile('functions.zip');
const release = RELEASE.parse({
  version: versionOf(GITHUB_REF, GITHUB_SHA),
  commit: GITHUB_SHA,
  functionsSha256: createHash('sha256').update(functionsZip).digest('hex'),
  images: {
    api: { repository, digest: await readFile('digest-api', 'utf8') },
    gateway: { repository: `${repository}-gateway`, digest: await readFile('digest-gateway', 'utf8') },
  },
});
await writeFile('release.json', `${JSON.stringify(release, null, 2)}\n`);
console.log(`release ${release.version}`);
