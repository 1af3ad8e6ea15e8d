import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Before any test: a folder for what all test files of one run share. It is gone when jest ends. */
export default async function makeRunFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'test-run-'));
  process.env.TEST_RUN_FOLDER = folder;
  process.on('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
}
