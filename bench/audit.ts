import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import * as z from 'zod';
import { startListing } from './listing.ts';

const SOURCE = fileURLToPath(new URL('./audit-process.ts', import.meta.url));
const BUNDLE = fileURLToPath(new URL('../dist/bench/audit-process.mjs', import.meta.url));

/** CommonJS packages call `require`, which ES modules do not have. */
const BANNER =
  "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);";

/** As `npm run housekeep` starts it: V8 else lets garbage lie until there are hundreds of megabytes of it. */
const FLAGS = ['--optimize-for-size'];

const DEADLINE_MS = 10 * 60_000;
const MIB = 1024 * 1024;

const measured = z.object({
  images: z.number(),
  milliseconds: z.number(),
  before: z.number(),
  peak: z.number(),
});

/** What a run of housekeeping, with its audit, took in a process of its own. */
export interface AuditCost {
  readonly images: number;
  /** Requests for a page of the listing. */
  readonly listings: number;
  readonly milliseconds: number;
  /** Before and at its highest, in MiB. */
  readonly memory: { readonly before: number; readonly peak: number };
}

/** Types that are stripped when it starts cost memory, which what ships does not. */
export async function bundleAudit(): Promise<void> {
  await build({
    entryPoints: [SOURCE],
    outfile: BUNDLE,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    external: ['sharp'],
    banner: { js: BANNER },
    logLevel: 'warning',
  });
}

/** Audits a listing of so many blobs that was recorded and is replayed by this process. */
export async function timeAudit(connectionString: string, blobCount: number): Promise<AuditCost> {
  const listing = await startListing(connectionString, blobCount);
  const child = fork(BUNDLE, [listing.url], { execArgv: FLAGS, timeout: DEADLINE_MS, killSignal: 'SIGKILL' });
  try {
    const ended = once(child, 'exit').then(([code]) => {
      throw new Error(`the audit ended with ${code} before it told what it took`);
    });
    const [message] = await Promise.race([once(child, 'message'), ended]);
    const { images, milliseconds, before, peak } = measured.parse(message);
    const memory = { before: before / MIB, peak: peak / MIB };
    return { images, listings: listing.listings, milliseconds, memory };
  } finally {
    child.kill('SIGKILL');
    listing.close();
  }
}
