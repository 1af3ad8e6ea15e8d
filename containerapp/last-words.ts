import { redactedText } from '../core/redact.ts';
import { reasonOf } from './reason.ts';

/**
 * From the moment on that this module is imported, what nothing caught ends the process with 1 and one line. Node itself
 * would print the line of the source that threw, and in the built program such a line is a whole file.
 */
process.on('uncaughtException', (error) => {
  process.exitCode = 1;
  process.stderr.write(`${lastWords(error)}\n`, () => process.exit());
});

function lastWords(error: unknown): string {
  const reason = redactedText(reasonOf(error) || String(error));
  const isDebug = ['debug', 'trace'].includes(process.env.LOG_LEVEL ?? '');
  if (!isDebug) return `${reason} (LOG_LEVEL=debug shows where.)`;
  return [reason, ...stacks(error)].join('\n');
}

function stacks(error: unknown): string[] {
  return error instanceof Error ? [redactedText(error.stack ?? ''), ...stacks(error.cause)] : [];
}
