import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** What the tests of bicep/ need to know of its files. Whether they are right Bicep is the linter's business. */

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));
export const FOLDER = `${ROOT}bicep`;

export const source = (path: string) => readFileSync(`${ROOT}${path}`, 'utf8');

/** Without comments, with its strings: an address has two slashes, too. */
export function bicep(name: string): string {
  return source(`bicep/${name}`).replace(
    /('(?:\\.|[^'\\])*')|\/\/[^\n]*|\/\*[\s\S]*?\*\//g,
    (_all, text: string | undefined) => text ?? '',
  );
}

export const FILES = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
  .map((name) => name.replaceAll('\\', '/'))
  .filter((name) => name.endsWith('.bicep'))
  .sort();

/** Every key of an object that is written as settings of programs are. */
export function settingsIn(code: string): string[] {
  const unquoted = code.replace(/'(?:\\.|[^'\\])*'/g, "''");
  return [
    ...unquoted.matchAll(
      /(?<=[\s{,])([A-Z][A-Z0-9]*_?[A-Z0-9_]*(?:__\w+)?|Azure(?:WebJobsStorage|FunctionsJobHost)__\w+)\??:/g,
    ),
  ].map(([, name = '']) => name);
}

/** From the bracket at this place to the one that closes it, both included. */
function bracketed(code: string, from: number): string {
  let depth = 0;
  for (let at = from; at < code.length; at++) {
    const char = code.charAt(at);
    if (char === "'") at = code.indexOf("'", at + 1);
    else if ('{[('.includes(char)) depth++;
    else if ('}])'.includes(char) && --depth === 0) return code.slice(from, at + 1);
  }
  throw new Error('a bracket is not closed');
}

export interface Declared {
  readonly file: string;
  readonly symbol: string;
  /** Its type without the version, or the path of the module. */
  readonly of: string;
  readonly body: string;
}

/** The resources or modules that are declared in all files; those that are only referred to left out. */
export function declared(kind: 'resource' | 'module'): Declared[] {
  return FILES.flatMap((file) => {
    const code = bicep(file);
    const head = new RegExp(`^${kind} (\\w+) '([^'@]+)(?:@[^']+)?'( existing)? = `, 'gm');
    return [...code.matchAll(head)]
      .filter(([, , , existing]) => existing === undefined)
      .map(({ 0: { length }, 1: symbol = '', 2: of = '', index }) => ({
        ...{ file, symbol, of },
        body: bracketed(code, code.slice(index + length).search(/[{[]/) + index + length),
      }));
  });
}

/** The expression of a variable, or the default of a parameter, on its own line or lines. */
export function expression(file: string, name: string): string {
  const code = bicep(file);
  const found = new RegExp(`^(?:var|param) ${name}\\b[^=\\n]*= `, 'm').exec(code);
  if (!found) throw new Error(`${file} has no ${name}`);
  const from = found.index + found[0].length;
  return /^[[{]/.test(code.slice(from)) ? bracketed(code, from) : code.slice(from, code.indexOf('\n', from));
}

/** The texts in an expression. */
export function texts(code: string): string[] {
  return [...code.matchAll(/'((?:\\.|[^'\\])*)'/g)].map(([, text = '']) => text);
}

/** What can be chosen for a parameter. */
export function allowed(file: string, parameter: string): string[] {
  const found = new RegExp(`@allowed\\(\\[([^\\]]*)\\]\\)\\s+(?:@[^\\n]*\\s+)*param ${parameter} `).exec(
    bicep(file),
  );
  return texts(found?.[1] ?? '');
}
