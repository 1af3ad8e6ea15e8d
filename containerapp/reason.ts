import { FailedError } from '../core/errors.ts';
import { printable } from './printable.ts';

/** An error in one line, with what it was caused by: for who runs the program, and nobody else. */
export function reasonOf(error: unknown): string {
  const said: string[] = [];
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const title = cause instanceof FailedError ? `${cause.code}: ${cause.kind.title}` : cause.message;
    const [line = ''] = title.trim().split('\n');
    if (line !== '' && !said.includes(line)) said.push(line);
  }
  return printable(said.join(' ← '));
}
