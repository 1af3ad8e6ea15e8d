import { isRecord, type JsonRecord, textOf } from '../../json.ts';

/** What ran to make an image: nodes by id, each with its inputs by name. */
export type Graph = ReadonlyMap<string, GraphNode>;

export interface GraphNode {
  readonly id: string;
  readonly type: string;
  readonly inputs: ReadonlyMap<string, Input>;
}

/** A value that was typed in, or where it came from. */
export type Input = string | number | boolean | Link;

export interface Link {
  readonly node: string;
  /** Which of the node's outputs. */
  readonly slot: number;
}

export function isLink(input: Input | undefined): input is Link {
  return typeof input === 'object';
}

export const MAX_NODES = 20_000;

/** Of one node: some stack fifty models with four values each. */
const MAX_INPUTS = 256;

/** The graph as ComfyUI runs it: PNG text `prompt`. Null where it holds no node. */
export function readGraph(record: JsonRecord | null): Graph | null {
  const nodes = Object.entries(record ?? {})
    .slice(0, MAX_NODES)
    .flatMap(([id, node]): GraphNode[] => {
      if (!isRecord(node)) return [];
      const type = textOf(node, 'class_type');
      return type === null ? [] : [{ id, type, inputs: readInputs(node.inputs) }];
    });
  return nodes.length === 0 ? null : new Map(nodes.map((node) => [node.id, node]));
}

function readInputs(inputs: unknown): GraphNode['inputs'] {
  return new Map(
    Object.entries(isRecord(inputs) ? inputs : {})
      .slice(0, MAX_INPUTS)
      .flatMap(([name, value]): [string, Input][] => {
        const input = toInput(value);
        return input === null ? [] : [[name, input]];
      }),
  );
}

/** A link is the node's id and the number of its output. */
function toInput(value: unknown): Input | null {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (!Array.isArray(value) || value.length !== 2) return null;
  const [node, slot]: unknown[] = value;
  const id = typeof node === 'number' ? String(node) : node;
  return typeof id === 'string' && typeof slot === 'number' ? { node: id, slot } : null;
}

/** The links of a node, in the order of its inputs. */
export function linksOf(node: GraphNode): Link[] {
  return [...node.inputs.values()].filter(isLink);
}
