/**
 * The expressions of Logic Apps and Power Automate, as far as our flows use them:
 * https://learn.microsoft.com/azure/logic-apps/expression-functions-reference
 */

/** What an expression can ask for. */
export interface Scope {
  readonly trigger: unknown;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Of the actions that have run. */
  readonly outputs: ReadonlyMap<string, unknown>;
}

type Value = unknown;
type Call = (args: readonly Value[], scope: Scope) => Value;

const text = (value: Value): string => {
  if (typeof value !== 'string') throw new Error(`no string: ${JSON.stringify(value)}`);
  return value;
};

const ran = (name: Value, { outputs }: Scope): Value => {
  if (!outputs.has(text(name))) throw new Error(`${text(name)} has not run`);
  return outputs.get(text(name));
};

const FUNCTIONS: Readonly<Record<string, Call>> = {
  triggerbody: (_args, { trigger }) => trigger,
  body: ([name], scope) => ran(name, scope),
  outputs: ([name], scope) => ran(name, scope),
  parameters: ([name], { parameters }) => {
    if (!(text(name) in parameters)) throw new Error(`no parameter ${text(name)}`);
    return parameters[text(name)];
  },
  coalesce: (args) => args.find((value) => value !== null && value !== undefined) ?? null,
  string: ([value]) => (typeof value === 'string' ? value : JSON.stringify(value ?? null)),
  take: ([value, count]) => text(value).slice(0, Number(count)),
  replace: ([value, from, to]) => text(value).replaceAll(text(from), text(to)),
  endswith: ([value, end]) => text(value).toLowerCase().endsWith(text(end).toLowerCase()),
  encodeuricomponent: ([value]) => encodeURIComponent(text(value)),
};

/** Of a value in a definition: every text in it is evaluated. */
export function evaluateAll(value: Value, scope: Scope): Value {
  if (typeof value === 'string') return evaluateText(value, scope);
  if (Array.isArray(value)) return value.map((each) => evaluateAll(each, scope));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, evaluateAll(each, scope)]));
}

function evaluateText(source: string, scope: Scope): Value {
  if (/^@(?![@{])/.test(source)) {
    const parser = new Parser(source, 1, scope);
    const value = parser.expression();
    parser.end();
    return value;
  }
  let result = '';
  for (let at = 0; at < source.length; ) {
    if (source.startsWith('@{', at)) {
      const parser = new Parser(source, at + 2, scope);
      result += written(parser.expression());
      parser.expect('}');
      at = parser.at;
    } else {
      result += source[at++];
    }
  }
  return result;
}

function written(value: Value): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

class Parser {
  at: number;
  readonly #source: string;
  readonly #scope: Scope;

  constructor(source: string, at: number, scope: Scope) {
    this.#source = source;
    this.at = at;
    this.#scope = scope;
  }

  expression(): Value {
    let value = this.#primary();
    for (;;) {
      const isForgiving = this.#take(/\?(?=\[)/y) !== null;
      if (this.#take(/\[/y) === null) return value;
      const key = text(this.expression());
      this.expect(']');
      value = member(value, key, isForgiving);
    }
  }

  expect(sign: string): void {
    if (!this.#source.startsWith(sign, this.at)) throw new Error(`${sign} is missing at ${this.#rest()}`);
    this.at += sign.length;
  }

  end(): void {
    if (this.at !== this.#source.length) throw new Error(`too much: ${this.#rest()}`);
  }

  #primary(): Value {
    const quoted = this.#take(/'(?:[^']|'')*'/y);
    if (quoted !== null) return quoted.slice(1, -1).replaceAll("''", "'");
    const number = this.#take(/-?\d+(?:\.\d+)?/y);
    if (number !== null) return Number(number);
    const name = this.#take(/[A-Za-z]+(?=\()/y);
    // They are the same in any case.
    const call = FUNCTIONS[name?.toLowerCase() ?? ''];
    if (!call) throw new Error(`unknown: ${name ?? this.#rest()}`);
    return call(this.#arguments(), this.#scope);
  }

  #arguments(): Value[] {
    this.expect('(');
    const values: Value[] = [];
    while (this.#take(/\s*\)/y) === null) {
      if (values.length > 0) this.expect(',');
      this.#take(/\s*/y);
      values.push(this.expression());
    }
    return values;
  }

  #take(pattern: RegExp): string | null {
    pattern.lastIndex = this.at;
    const [found] = pattern.exec(this.#source) ?? [];
    this.at += found?.length ?? 0;
    return found ?? null;
  }

  #rest(): string {
    return this.#source.slice(this.at, this.at + 40);
  }
}

/** Without the question mark, asking for a member of nothing is an error. */
function member(value: Value, key: string, isForgiving: boolean): Value {
  if (typeof value === 'object' && value !== null && Object.hasOwn(value, key))
    return Reflect.get(value, key);
  if (isForgiving) return null;
  throw new Error(`no ${key}`);
}
