/** JSON as generators write it. */

export type JsonRecord = Readonly<Record<string, unknown>>;

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A string that may lack its end, a number, or a word that only Python writes. Each is matched in one pass. */
const TOKEN = /"(?:[^"\\]+|\\.)*(?:"|\\?$)|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\bNaN\b|-?\bInfinity\b/gs;

/**
 * The object that a text holds, or null. Python's `NaN` and `Infinity` become null. An integer that a double cannot hold,
 * as many seeds, becomes a string of its digits.
 */
export function parseRecord(text: string): JsonRecord | null {
  if (!/^\s*\{/.test(text)) return null;
  try {
    const exact = /\d{16}|NaN|Infinity/.test(text) ? text.replace(TOKEN, exactToken) : text;
    const parsed: unknown = JSON.parse(exact);
    return isRecord(parsed) ? parsed : null;
  } catch {
    return null;
  }
}

function exactToken(token: string): string {
  if (token.startsWith('"')) return token;
  if (/[NI]/.test(token)) return 'null';
  return /^-?\d{16,}$/.test(token) && !Number.isSafeInteger(Number(token)) ? `"${token}"` : token;
}

/** The text under the first of these names that has one. */
export function textOf(record: JsonRecord | null, ...names: readonly string[]): string | null {
  for (const name of names) {
    const value = record && Object.hasOwn(record, name) ? record[name] : undefined;
    if (typeof value === 'string') return value;
  }
  return null;
}

/** The object under a name. */
export function recordOf(record: JsonRecord | null, name: string): JsonRecord | null {
  const value = record && Object.hasOwn(record, name) ? record[name] : undefined;
  return isRecord(value) ? value : null;
}

/** Everything but these names. */
export function without(record: JsonRecord, ...names: readonly string[]): [string, unknown][] {
  return Object.entries(record).filter(([name]) => !names.includes(name));
}
