import { appendFile } from 'node:fs/promises';
import { az } from './az.ts';
import { importImages } from './registry.ts';

/**
 * Copies the release's images (RELEASED_IMAGES, each `<repository>@<digest>`, the API's first) into the registry REGISTRY of the
 * environment, unchanged: the digest there is the digest that was tested. SOURCE_USER and SOURCE_TOKEN read a private source.
 * What the first is called there is the output `api-image` of a step.
 */

const { REGISTRY, RELEASED_IMAGES, SOURCE_USER, SOURCE_TOKEN, GITHUB_OUTPUT } = process.env;
if (!REGISTRY || !RELEASED_IMAGES) throw new Error('REGISTRY and RELEASED_IMAGES are needed');
const source = SOURCE_USER && SOURCE_TOKEN ? { user: SOURCE_USER, token: SOURCE_TOKEN } : null;
const server = await az(['acr', 'show', '--name', REGISTRY, '--query', 'loginServer', '--output', 'tsv']);
const names = await importImages({ registry: REGISTRY, images: RELEASED_IMAGES.split(' '), source, az });
if (GITHUB_OUTPUT) await appendFile(GITHUB_OUTPUT, `api-image=${server}/${names[0]}\n`);
for (const name of names) console.log(`${server}/${name}`);
