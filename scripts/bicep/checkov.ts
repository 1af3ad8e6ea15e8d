import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import * as z from 'zod';
import { pythonTool } from '../python-tool.ts';
import { plainBicep } from './plain-bicep.ts';

const VERSION = '3.3.30';

const finding = z.object({
  check_id: z.string(),
  check_name: z.string(),
  file_path: z.string(),
  resource: z.string(),
});
const report = z.object({
  summary: z.object({ passed: z.int(), failed: z.int(), skipped: z.int(), parsing_errors: z.int() }),
  results: z.object({
    failed_checks: z.array(finding),
    skipped_checks: z.array(finding),
    parsing_errors: z.array(z.string()),
  }),
});

/**
 * checkov over the Bicep of a folder. Beside what it finds, these are findings: a file that it cannot read, and a suppression that
 * suppresses nothing.
 * @returns what it found, a line for each, and a line that counts what was checked
 * @throws Error when checkov cannot be had, or tells no result
 */
export async function checkov(
  folder: string,
): Promise<{ readonly findings: string[]; readonly counts: string }> {
  const tool = await pythonTool('checkov', VERSION);
  const copies = await mkdtemp(join(tmpdir(), 'bicep-'));
  try {
    const suppressed = await copyPlain(folder, copies);
    const options = ['--framework', 'bicep', '--output', 'json', '--skip-download', '--soft-fail'];
    const { stdout } = await promisify(execFile)(
      tool.command('checkov'),
      ['--directory', copies, ...options],
      { timeout: 300_000, maxBuffer: 64 * 1024 * 1024 },
    );
    const { summary, results } = report.parse(JSON.parse(stdout));
    const used = new Set(results.skipped_checks.map(({ file_path, check_id }) => `${file_path} ${check_id}`));
    return {
      findings: [
        ...results.failed_checks.map(
          ({ check_id, check_name, file_path, resource }) =>
            `${file_path}: ${check_id} ${check_name} (${resource})`,
        ),
        ...results.parsing_errors.map((file) => `${file.replace(copies, '')}: cannot be read`),
        ...suppressed.filter((each) => !used.has(each)).map((each) => `${each} suppresses nothing`),
      ],
      counts: `checkov: ${summary.passed} passed, ${results.failed_checks.length} failed, ${summary.skipped} suppressed with a reason, ${summary.parsing_errors} files not read`,
    };
  } finally {
    await rm(copies, { recursive: true });
  }
}

/** @returns the suppressions in them, `<file> <rule>` each */
async function copyPlain(from: string, to: string): Promise<string[]> {
  const names = (await readdir(from, { recursive: true })).filter((name) => name.endsWith('.bicep'));
  const suppressed: string[] = [];
  for (const name of names) {
    const source = await readFile(join(from, name), 'utf8');
    const path = `/${name.replaceAll('\\', '/')}`;
    for (const [, rule = ''] of source.matchAll(/checkov:skip=(\w+): \S/g))
      suppressed.push(`${path} ${rule}`);
    await mkdir(dirname(join(to, name)), { recursive: true });
    await writeFile(join(to, name), plainBicep(source));
  }
  return suppressed;
}
