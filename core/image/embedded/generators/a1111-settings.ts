export type Settings = ReadonlyMap<string, string | number>;

/** A line of prose hardly ever has as many pairs; A1111 itself draws the line here. */
const FEWEST = 3;

/** Bounds of the work on a hostile line: pairs, and the length of a value in quotes or brackets. */
const MOST = 256;
const LONGEST = 32 * 1024;

const KEY = /^[\p{L}\p{N}_][\p{L}\p{N}_ /-]{0,63}$/u;

/** Digits alone are a number, but not in these. */
const NEVER_NUMBERS = /hash|version/i;

/**
 * A line of settings: `Steps: 20, Sampler: Euler a, Lora hashes: "a: 1f, b: 2e", Civitai resources: [{…}]`. Null where it
 * is none.
 */
export function readSettings(line: string): Settings | null {
  const settings = new Map<string, string | number>();
  for (let at = 0, pairs = 0; at < line.length && pairs < MOST; pairs++) {
    const colon = line.indexOf(':', at);
    if (colon < 0) break;
    // What stands before a comma belongs to no key.
    const key = line.slice(Math.max(at, line.lastIndexOf(',', colon) + 1), colon).trim();
    const from = colon + 1 + (line[colon + 1] === ' ' ? 1 : 0);
    const end = endOfValue(line, from);
    if (KEY.test(key)) settings.set(key, toValue(key, line.slice(from, end).trim()));
    at = end + 1;
  }
  return settings.size < FEWEST ? null : settings;
}

/** At the next comma that is in no quotes and in no brackets; of quotes or brackets left open, at the first comma. */
function endOfValue(line: string, from: number): number {
  const comma = line.indexOf(',', from);
  const first = comma < 0 ? line.length : comma;
  if (!/["[{]/.test(line.charAt(from))) return first;
  let depth = 0;
  let quoted = false;
  const last = Math.min(line.length, from + LONGEST);
  for (let at = from; at < last; at++) {
    const sign = line.charAt(at);
    if (quoted && sign === '\\') at++;
    else if (sign === '"') quoted = !quoted;
    else if (quoted) continue;
    else if (sign === '[' || sign === '{') depth++;
    else if (sign === ']' || sign === '}') depth--;
    else if (sign === ',' && depth <= 0) return at;
  }
  return quoted || depth > 0 || last < line.length ? first : line.length;
}

function toValue(key: string, text: string): string | number {
  if (text.startsWith('"')) return unquoted(text);
  const number = Number(text);
  return /^-?\d+(?:\.\d+)?$/.test(text) && String(number) === text && !NEVER_NUMBERS.test(key)
    ? number
    : text;
}

/** Values with commas or colons are written as JSON strings. */
function unquoted(text: string): string {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'string' ? value : text;
  } catch {
    return text;
  }
}
