import { type Graph, type GraphNode, type Input, isLink } from './graph.ts';

/** What a sampler is to be guided by, in words. */
export interface Words {
  readonly text: string;
  /** What a second text encoder was given, where that is something else. */
  readonly second: string | null;
}

export type Role = 'positive' | 'negative';

/** Steps along links, over a whole graph: circles and bushes end here. */
const MAX_STEPS = 2000;

/** Nodes in a row. */
const MAX_DEPTH = 100;

/** Texts that one node joins. */
const MAX_PARTS = 32;

/** UTF-16 units; a few nodes can double a text twenty times over. */
const MAX_LENGTH = 64 * 1024;

/** Inputs in which text encoders take their text, the one that says most first. */
const ENCODER_TEXTS = [
  'populated_text',
  't5xxl',
  'text_g',
  'clip_g',
  'text',
  'prompt',
  'llama',
  'text_l',
  'clip_l',
];

/** Inputs of nodes that hold a text or hand it on. */
const HELD_TEXTS = [
  'populated_text',
  'text',
  'string',
  'value',
  'prompt',
  'Text',
  'STRING',
  'source',
  'anything',
  '',
];

/** Nodes that hold or show a text and leave it as it is; what others do to it is not known. */
const PLAIN =
  /primitive|literal|multiline|reroute|show|display|preview|^(?:text|string|value|note)|text ?box|^cr (?:text|prompt)/i;

/** Of those, nodes that do change it. */
const CHANGING = /replace|regex|trim|case|format|split|random|wildcard|slice|substring/i;

const JOINING = /concat|join|append|combine|StringFunction/i;

/** Follows the links of one graph to the words at their ends. */
export class WordFinder {
  readonly #graph: Graph;
  /** Texts of nodes that were reached before; null where there is none. */
  readonly #known = new Map<GraphNode, string | null>();
  #steps = 0;
  /** Whether something on the way could not be found or understood. */
  #partial = false;

  constructor(graph: Graph) {
    this.#graph = graph;
  }

  get partial(): boolean {
    return this.#partial;
  }

  /** What an input of conditioning was made of; null where no words are found. */
  conditioning(input: Input | undefined, role: Role, depth = 0): Words | null {
    if (typeof input === 'string') return { text: input, second: null };
    const node = this.#step(input, depth);
    if (!node || !isLink(input)) return null;
    if (/ZeroOut/i.test(node.type)) return { text: '', second: null };
    // A node that hands on both has the positive one first.
    const both = isLink(node.inputs.get('positive')) && isLink(node.inputs.get('negative'));
    const side = both ? (input.slot === 1 ? 'negative' : 'positive') : role;
    if (node.inputs.has(side)) return this.conditioning(node.inputs.get(side), side, depth + 1);
    const encoded = this.#encoded(node, depth);
    if (encoded) return encoded;
    const links = [...node.inputs].filter(([, value]) => isLink(value));
    const named = links.filter(([name]) => /^cond/i.test(name));
    return this.#merge(
      (named.length > 0 ? named.slice(0, MAX_PARTS) : links.slice(0, 1)).map(([, value]) => value),
      role,
      depth,
    );
  }

  /** The words of a text input; null where they cannot be found. */
  string(input: Input | undefined, depth = 0): string | null {
    if (input !== undefined && !isLink(input)) return this.#bounded(String(input));
    const node = this.#step(input, depth);
    if (!node) return null;
    const known = this.#known.get(node);
    if (known === null) this.#partial = true;
    if (known !== undefined) return known;
    // Until it is found: what leads back here leads nowhere.
    this.#known.set(node, null);
    const text = JOINING.test(node.type) ? this.#joined(node, depth) : this.#held(node, depth);
    this.#known.set(node, text);
    return text;
  }

  #held(node: GraphNode, depth: number): string | null {
    const held = HELD_TEXTS.find((name) => node.inputs.has(name));
    const others = [...node.inputs.values()].filter((value) => typeof value === 'string' || isLink(value));
    const source = held === undefined ? (others.length === 1 ? others[0] : undefined) : node.inputs.get(held);
    const plain = PLAIN.test(node.type) && !CHANGING.test(node.type);
    if (!plain || source === undefined) this.#partial = true;
    return source === undefined ? null : this.string(source, depth + 1);
  }

  #step(input: Input | undefined, depth: number): GraphNode | null {
    const node =
      isLink(input) && this.#steps++ < MAX_STEPS && depth < MAX_DEPTH
        ? this.#graph.get(input.node)
        : undefined;
    if (!node) this.#partial = true;
    return node ?? null;
  }

  #encoded(node: GraphNode, depth: number): Words | null {
    const names = ENCODER_TEXTS.filter((name) => node.inputs.has(name));
    if (names.length === 0) return null;
    const texts = names.map((name) => this.string(node.inputs.get(name), depth + 1));
    const said = texts.filter((text) => text !== null);
    if (said.length === 0) return null;
    const text = said.find((one) => one !== '') ?? '';
    return { text, second: said.find((one) => one !== '' && one !== text) ?? null };
  }

  /** Several at once, each for a part of the image or of the way to it: all their words, but not how they were used. */
  #merge(inputs: readonly Input[], role: Role, depth: number): Words | null {
    const all = inputs
      .map((input) => this.conditioning(input, role, depth + 1))
      .filter((words) => words !== null);
    const [first] = all;
    if (!first) {
      this.#partial = true;
      return null;
    }
    const texts = [...new Set(all.map(({ text }) => text))].filter((text) => text !== '');
    if (texts.length <= 1) return { ...first, text: texts[0] ?? '' };
    this.#partial = true;
    return { text: this.#bounded(texts.join('\n')), second: first.second };
  }

  /** Core's `string_a`, and `text_a`, `text1`, `string1` of others, with what stands between them. */
  #joined(node: GraphNode, depth: number): string | null {
    const parts = [...node.inputs].filter(([name]) => /^(?:text|string)_?(?:[a-z]|\d{1,2})$/i.test(name));
    if (parts.length > MAX_PARTS) this.#partial = true;
    const texts = parts
      .toSorted(([one], [other]) => one.localeCompare(other, 'en', { numeric: true }))
      .slice(0, MAX_PARTS)
      .map(([, input]) => this.string(input, depth + 1));
    const known = texts.filter((text) => text !== null);
    if (known.length === 0) {
      this.#partial = true;
      return null;
    }
    const between = ['delimiter', 'separator', 'linebreak_addition'].find((name) => node.inputs.has(name));
    const delimiter =
      between === undefined ? this.#unnamedDelimiter(node) : this.string(node.inputs.get(between), depth + 1);
    const cleaned = /^true$/i.test(String(node.inputs.get('clean_whitespace')));
    const clean = cleaned ? known.map((text) => text.trim()) : known;
    // Core joins everything as it is; the others leave out what is empty, and know a line break by its escape.
    if (node.type === 'StringConcatenate') return this.#bounded(clean.join(delimiter ?? ''));
    // "comma" or "newline" would be the name of a delimiter.
    if (/^[a-z]{3,}$/i.test(delimiter ?? '')) this.#partial = true;
    const joined = clean.filter((text) => text !== '');
    return this.#bounded(joined.join((delimiter ?? '').replaceAll('\\n', '\n')));
  }

  #bounded(text: string): string {
    if (text.length > MAX_LENGTH) this.#partial = true;
    return text.slice(0, MAX_LENGTH);
  }

  #unnamedDelimiter(node: GraphNode): string {
    if (!node.type.startsWith('StringFunction')) return '';
    if (node.inputs.get('action') !== 'append') this.#partial = true;
    return node.inputs.get('tidy_tags') === 'yes' ? ', ' : '';
  }
}
