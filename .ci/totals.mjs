/** Prints the totals of all runs of jest whose results lie in a folder; nothing where no test ran. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.argv[2] ?? '';
const totals = { passed: 0, failed: 0, skipped: 0 };
for (const file of readdirSync(folder)) {
  const results = JSON.parse(readFileSync(join(folder, file), 'utf8'));
  totals.passed += results.numPassedTests;
  // A file that cannot be loaded has no tests to count.
  totals.failed += results.numFailedTests + results.numRuntimeErrorTestSuites;
  totals.skipped += results.numPendingTests + results.numTodoTests;
}
const { passed, failed, skipped } = totals;
if (passed + failed > 0) {
  const counts = [`${passed} passed`, `${failed} failed`];
  console.log([...counts, ...(skipped > 0 ? [`${skipped} skipped`] : [])].join(', '));
}
