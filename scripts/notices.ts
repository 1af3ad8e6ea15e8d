import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import * as z from 'zod';

const LICENSE = new URL('../LICENSE', import.meta.url);

/** For packages that ship none; the LGPL adds to the GPL, so that one needs both. */
const LGPL = ['LGPL-3.0', 'GPL-3.0'].map((name) => new URL(`licences/${name}.txt`, import.meta.url));

/** Files of a package that must go along with it, and folders of such. */
const LEGAL_FILE = /^(licen[cs]es?|copying|copyright|notice|third-?party)/i;

const manifest = z.object({
  name: z.string(),
  version: z.string(),
  license: z.string(),
  author: z.union([z.string(), z.object({ name: z.string() }).transform(({ name }) => name)]).optional(),
});
type Manifest = z.infer<typeof manifest>;

/** Folders of the packages of which something went into a bundle, as esbuild names them. */
export function bundledPackages({ outputs }: Metafile): readonly string[] {
  const files = Object.values(outputs).flatMap(({ inputs }) => Object.keys(inputs));
  const folders = files.map((file) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file)?.[0]);
  return [...new Set(folders)].filter((folder) => folder !== undefined);
}

/**
 * What the licences of these packages ask to be handed on with them: each text once, below those that it is of.
 * @param folders of the packages
 * @throws Error when there is no text for one of them
 */
export async function noticesOf(folders: readonly string[]): Promise<string> {
  const packagesByText = new Map<string, Set<string>>();
  for (const folder of folders) {
    const described = manifest.parse(JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')));
    const { name, version, license } = described;
    // Some licences ask for the way to the source.
    const heading = `${name} ${version} (${license}), https://www.npmjs.com/package/${name}/v/${version}`;
    const own = await textsIn(folder, LEGAL_FILE);
    const text = (own.length > 0 ? own : await standardTexts(described, folder)).join('\n\n');
    packagesByText.set(text, (packagesByText.get(text) ?? new Set()).add(heading));
  }
  const sections = [...packagesByText].map(
    ([text, packages]) => `${[...packages].sort().join('\n')}\n\n${text}`,
  );
  return `${sections.sort().join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}

async function textsIn(folder: string, wanted: RegExp): Promise<readonly string[]> {
  const entries = (await readdir(folder, { withFileTypes: true })).filter(({ name }) => wanted.test(name));
  const texts = entries.map(async (entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? textsIn(path, /^/) : [trimmed(await readFile(path, 'utf8'))];
  });
  return (await Promise.all(texts)).flat();
}

async function standardTexts(
  { name, license, author }: Manifest,
  folder: string,
): Promise<readonly string[]> {
  if (license === 'MIT' && author !== undefined) {
    const ours = await readFile(LICENSE, 'utf8');
    return [trimmed(ours.replace(/^Copyright .*$/m, `Copyright (c) ${author}`))];
  }
  if (license !== 'LGPL-3.0-or-later') throw new Error(`${name} has no text of its licence, ${license}`);
  // It says there which libraries are in it, and under what.
  const files = [join(folder, 'README.md'), ...LGPL];
  return Promise.all(files.map(async (file) => trimmed(await readFile(file, 'utf8'))));
}

function trimmed(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(/^\n+|\s+$/g, '');
}
