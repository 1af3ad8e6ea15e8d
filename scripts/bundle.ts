import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build, type Plugin } from 'esbuild';
import { npmCi } from './install.mjs';
import { type Lockfile, lockedWith } from './lockfile.ts';
import { bundledPackages, noticesOf } from './notices.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** sharp loads a native library by its own path; the Functions worker puts its own package in when it is asked for. */
const EXTERNAL = ['sharp', '@azure/functions-core'];

/** CommonJS packages call `require`, which ES modules do not have. */
const BANNER =
  "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);";

/** Nor do they have what such packages look for their own files by. */
const DIRNAME = { __dirname: 'import.meta.dirname', __filename: 'import.meta.filename' };

/** Started as a process of its own, by its path. */
const QR_PROCESS = 'core/qr/qr-process.ts';

/**
 * SDKs, of which one is loaded where somebody listens. They have nothing in common with the program but a global: what they
 * shared with it would be cut out of it into more files, which every start would read.
 */
const SDKS = ['azure-monitor', 'otlp'] as const;

const SDKS_APART: Plugin = {
  name: 'sdks apart',
  setup({ onResolve }) {
    // main.mjs and its parts alone ask for them.
    onResolve({ filter: new RegExp(`^\\./(${SDKS.join('|')})\\.ts$`) }, ({ path, kind }) =>
      kind === 'dynamic-import'
        ? { path: path.replace(/^\./, './sdks').replace(/ts$/, 'mjs'), external: true }
        : null,
    );
  },
};

/** What the page of the API's documentation loads, and under which licence. */
const SWAGGER_UI_PACKAGE = 'node_modules/swagger-ui-dist';
const SWAGGER_UI = ['swagger-ui-bundle.js', 'swagger-ui.css', 'LICENSE', 'NOTICE'];

/** Where Functions and the container run. */
const PLATFORM = ['--os=linux', '--cpu=x64', '--libc=glibc'];

const OPTIONS = {
  absWorkingDir: ROOT,
  outExtension: { '.js': '.mjs' },
  chunkNames: 'chunks/[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node22',
  external: EXTERNAL,
  banner: { js: BANNER },
  define: DIRNAME,
  // Names stay: stack traces are read in logs, where no source map is.
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'external',
  metafile: true,
  logLevel: 'warning',
} satisfies BuildOptions;

export interface BundleOptions {
  /** The TypeScript file that becomes main.mjs, from the root of the repository. */
  readonly entry: string;
  /** What main.mjs imports only while it runs, by the name it gets beside main.mjs. */
  readonly parts?: Readonly<Record<string, string>>;
  /** Folder that is emptied and filled. */
  readonly outdir: string;
  /** Files copied along as they are. */
  readonly files: readonly string[];
}

/**
 * Makes a folder that runs on Linux on x64 with nothing but Node, whatever machine made it: main.mjs and its parts,
 * qr-process.mjs, chunks for what is loaded on demand, sdks, swagger-ui, package.json, sharp in node_modules, and
 * THIRD-PARTY-NOTICES.
 */
export async function bundle({ entry, parts, outdir, files }: BundleOptions): Promise<void> {
  await rm(outdir, { recursive: true, force: true });
  await mkdir(outdir, { recursive: true });
  const program = await build({
    ...OPTIONS,
    entryPoints: { main: entry, ...parts, 'qr-process': QR_PROCESS },
    outdir,
    plugins: [SDKS_APART],
  });
  const sdks = await build({
    ...OPTIONS,
    entryPoints: SDKS.map((sdk) => `core/telemetry/${sdk}.ts`),
    outdir: join(outdir, 'sdks'),
  });
  for (const file of files) await copyFile(join(ROOT, file), join(outdir, file));
  await copySwaggerUi(join(outdir, 'swagger-ui'));
  const installed = await installSharp(outdir);
  const bundled = [program, sdks].flatMap(({ metafile }) => bundledPackages(metafile));
  const folders = [...bundled, SWAGGER_UI_PACKAGE].map((folder) => join(ROOT, folder));
  await writeFile(join(outdir, 'THIRD-PARTY-NOTICES'), await noticesOf([...folders, ...installed]));
}

async function copySwaggerUi(folder: string): Promise<void> {
  await mkdir(folder);
  for (const file of SWAGGER_UI) {
    await copyFile(join(ROOT, SWAGGER_UI_PACKAGE, file), join(folder, file));
  }
}

/** @returns the folders of sharp and of what it needs */
async function installSharp(outdir: string): Promise<readonly string[]> {
  const root: Lockfile = JSON.parse(await readFile(join(ROOT, 'package-lock.json'), 'utf8'));
  const sharp = root.packages['node_modules/sharp']?.version;
  if (sharp === undefined) throw new Error('package-lock.json has no sharp');
  const manifest = { private: true, type: 'module', main: 'main.mjs', dependencies: { sharp } };
  await writeJson(join(outdir, 'package.json'), manifest);
  await writeJson(join(outdir, 'package-lock.json'), lockedWith(root, manifest));
  await npmCi(outdir, process.execPath, ['--omit=dev', ...PLATFORM]);
  const found = await readFile(join(outdir, 'node_modules', '.package-lock.json'), 'utf8');
  const { packages }: Lockfile = JSON.parse(found);
  return Object.keys(packages).map((folder) => join(outdir, folder));
}

async function writeJson(file: string, value: object): Promise<void> {
  await writeFile(file, `${JSON.stringify(value, null, 2)}\n`);
}
