import { readFile, writeFile } from 'node:fs/promises';
import { settingsTable } from '../core/settings.ts';

const FILE = new URL('../README.md', import.meta.url);
const PLACE = /(?<=<!-- npm run docs writes this table -->\n).*(?=\n<!-- end of the table -->)/s;

const readme = await readFile(FILE, 'utf8');
if (!PLACE.test(readme)) throw new Error('README.md has no place for the table of settings');
await writeFile(
  FILE,
  readme.replace(PLACE, () => settingsTable()),
);
