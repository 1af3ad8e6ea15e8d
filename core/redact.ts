/**
 * What may leave the program in a line of its log. What is logged is chosen where it is logged; this is for what comes
 * along unseen: in the message of an SDK's error, in an address, in an object that has more than one thought.
 */

/** Names of values that nobody shall read: what opens something, and where someone was. */
const HIDDEN_KEYS =
  /key$|keys$|secret|passw|token|auth(?!ors?$)|credential|cookie|signature|connection_?string|gps|latitude|longitude|coordinates/i;

const REDACTED = '[redacted]';

/** Longer texts are of no more use to anyone. */
const MAX_TEXT = 8_192;
const MAX_ITEMS = 100;
const MAX_DEPTH = 6;

/** Each with what stands in its place. */
const HIDDEN_TEXTS: readonly (readonly [RegExp, string])[] = [
  // A user and a password in an address.
  [/(\w:\/\/)[^\s/@]+@/g, '$1'],
  // A query, with or without its address: it may be a signature, or what someone asked for.
  [/\?[\w%.~[\]-]+=[^\s"'`<>)]*/g, ''],
  [/(https?:\/\/[^\s?"'`<>]+)\?[^\s"'`<>)]*/g, '$1'],
  // Parts of connection strings and of signatures; Azure's own words for them.
  [
    /\b(AccountKey|SharedAccessSignature|SharedAccessKey|InstrumentationKey|sig)=[^;&\s"']+/gi,
    `$1=${REDACTED}`,
  ],
  [/\b(Bearer|Basic|SharedKey) [\w.~+/:=-]{6,}/gi, `$1 ${REDACTED}`],
  // As storage repeats it where it does not fit.
  [/(\bMAC signature\b[^']{0,60}')[^']*/gi, `$1${REDACTED}`],
  // JSON Web Tokens, wherever they come from.
  [/\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g, REDACTED],
  // As the providers of models write their keys.
  [/\bsk-[\w-]{8,}/g, REDACTED],
  [
    /\b(api[-_ ]?key|subscription[-_ ]?key|access[-_ ]?token|password)(["']?\s*[:=]\s*["']?)[^\s"',;&]+/gi,
    `$1$2${REDACTED}`,
  ],
];

/** A copy of what is to be logged, without what nobody shall read. */
export function redacted(fields: object): Readonly<Record<string, unknown>> {
  return redactedEntries(fields, 0);
}

export function redactedText(text: string): string {
  const shown = text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
  return HIDDEN_TEXTS.reduce((so, [hidden, instead]) => so.replace(hidden, instead), shown);
}

function redactedEntries(value: object, depth: number): Record<string, unknown> {
  const entries = Object.entries(value).slice(0, MAX_ITEMS);
  return Object.fromEntries(
    entries.map(([key, entry]) => [key, isSecret(key, entry) ? REDACTED : redactedValue(entry, depth + 1)]),
  );
}

/** Counts and flags tell nothing, however they are called; only a place is told by numbers. */
function isSecret(key: string, value: unknown): boolean {
  if (value === null || value === undefined || typeof value === 'boolean') return false;
  return HIDDEN_KEYS.test(key);
}

function redactedValue(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return redactedText(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Error) return redactedError(value, depth);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (value instanceof URL) return redactedText(value.href);
  if (ArrayBuffer.isView(value)) return `${value.byteLength} bytes`;
  if (depth > MAX_DEPTH) return '…';
  if (Array.isArray(value)) {
    return value.slice(0, MAX_ITEMS).map((item) => redactedValue(item, depth + 1));
  }
  return redactedEntries(value, depth);
}

/**
 * Of an error its class, code, message and stack, and the same of its causes. Nothing else that hangs on it: the errors
 * of the Azure SDKs carry the whole request, with its keys and signatures.
 */
function redactedError(error: Error, depth: number): object {
  const { name, message, stack, cause } = error;
  const code = 'code' in error ? { code: redactedValue(error.code, MAX_DEPTH) } : {};
  return {
    type: name,
    ...code,
    message: redactedText(message),
    stack: redactedText(stack ?? ''),
    ...(cause && depth < MAX_DEPTH ? { cause: toldCause(cause, depth + 1) } : {}),
  };
}

/** What is thrown and is no error may be anything. */
function toldCause(cause: unknown, depth: number): object {
  return cause instanceof Error ? redactedError(cause, depth) : { message: typeof cause };
}
