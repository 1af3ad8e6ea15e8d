import { RefusedError } from '../../errors.ts';

/** Deeper than any document of ours; whatever walks a value by recursion is safe well beyond it. */
const MAX_DEPTH = 64;

/** Strings, brackets and colons: enough to see names and nesting in a text that is JSON. */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\]:]/gs;

/**
 * JSON that every reader reads alike: well-formed UTF-8 without a mark before it, no name twice in an object (some readers take the first value,
 * some the last), no `__proto__`, and no nesting that would exhaust a stack.
 * @throws RefusedError `invalid-json`
 */
export function parseJson(body: Uint8Array): unknown {
  let text: string;
  let value: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
    value = JSON.parse(text);
  } catch (cause) {
    throw new RefusedError('invalid-json', { cause });
  }
  const fault = ambiguity(text);
  if (fault) throw new RefusedError('invalid-json', { detail: `The JSON ${fault}.` });
  return value;
}

function ambiguity(json: string): string | null {
  const open: Set<string>[] = [];
  let text = '""';
  for (const [token] of json.matchAll(TOKEN)) {
    if (token === '{' || token === '[') open.push(new Set());
    else if (token === '}' || token === ']') open.pop();
    else if (token !== ':') text = token;
    else {
      // A colon follows the name that it belongs to, and stands nowhere else.
      const name: string = JSON.parse(text);
      const names = open.at(-1);
      if (name === '__proto__') return 'has the name __proto__';
      if (names?.has(name)) return 'has a name twice in one object';
      names?.add(name);
    }
    if (open.length > MAX_DEPTH) return `is nested more than ${MAX_DEPTH} levels deep`;
  }
  return null;
}
