import { writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/**
 * A program that prints one answer, and writes a line of what it was asked into the file `<name>.asked` beside it.
 * @param end what it does then, for the shell
 * @returns the PATH on which it is found first
 */
export async function standIn(folder: string, name: string, answer: string, end = 'exit 0'): Promise<string> {
  await writeFile(join(folder, `${name}.answer`), answer);
  const script = `#!/bin/sh\necho "$*" >> '${folder}/${name}.asked'\ncat '${folder}/${name}.answer'\n${end}\n`;
  await writeFile(join(folder, name), script, { mode: 0o755 });
  return `${folder}${delimiter}${process.env.PATH}`;
}
