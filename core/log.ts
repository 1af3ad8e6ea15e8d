import { destination, pino } from 'pino';

/** What core needs of a logger. */
export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** JSON lines on standard output; an error goes into the field `err`. */
export function createLog(level: string): Log {
  return pino({ level, base: null, serializers: { err: told } }, destination({ sync: true }));
}

/**
 * What a log may say of an error: its class, code, message and stack, and the same of its causes. Nothing else that
 * hangs on it: the errors of the Azure SDKs carry the whole request, with its keys and signatures.
 */
function told(error: unknown): object {
  if (!(error instanceof Error)) return { message: typeof error };
  const { name, message, stack, cause } = error;
  const code = 'code' in error ? { code: error.code } : {};
  return {
    type: name,
    ...code,
    message: withoutQueries(message),
    stack: withoutQueries(stack ?? ''),
    ...(cause ? { cause: told(cause) } : {}),
  };
}

/** Queries of addresses can be signatures. */
function withoutQueries(text: string): string {
  return text.replace(/(https?:\/\/[^\s?]+)\?\S+/g, '$1');
}
