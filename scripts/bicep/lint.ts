import { fileURLToPath } from 'node:url';
import { findLinter, lint } from './linter.ts';

/** The Bicep step of `npm run check`. */

const linter = findLinter(process.env);
if (linter === null) {
  console.log('bicep: not checked, since neither bicep nor az is installed');
} else {
  const found = lint(linter, fileURLToPath(new URL('../../bicep', import.meta.url)));
  console.log(found ?? `bicep: nothing found by ${linter.name}`);
  process.exitCode = found === null ? 0 : 1;
}
