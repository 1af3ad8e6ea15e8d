/** Loaded before the process that renders: what that is told keeps it in a loop for ever. It says so, by a file. */
import { writeFileSync } from 'node:fs';

const [file] = process.execArgv.flatMap((flag) => flag.match(/^--title=(.+)$/)?.[1] ?? []);
process.once('message', () => {
  if (file !== undefined) writeFileSync(file, `${process.pid}`);
  for (;;);
});
