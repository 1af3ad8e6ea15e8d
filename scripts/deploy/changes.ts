import { execFile } from 'node:child_process';
import { appendFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/**
 * Tells whether anything but documents changed between the commit BASE and the one that is checked out, as the output `code` of a
 * step. Where that cannot be told (a new branch has no base, nor has what was started by hand) it did.
 */

const DOCUMENTS = [':!docs', ':!*.md', ':!LICENSE'];

const { BASE, GITHUB_OUTPUT } = process.env;
const code = BASE ? await changed(BASE) : true;
if (GITHUB_OUTPUT) await appendFile(GITHUB_OUTPUT, `code=${code}\n`);
console.log(code ? 'more than documents changed' : 'nothing but documents changed');

async function changed(base: string): Promise<boolean> {
  try {
    // The merge base: what came to the target branch meanwhile is none of this change.
    const diff = ['diff', '--quiet', '--merge-base', base, 'HEAD', '--', '.', ...DOCUMENTS];
    await promisify(execFile)('git', diff);
    return false;
  } catch {
    return true;
  }
}
