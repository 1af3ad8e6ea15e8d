import { isRecord, type JsonRecord, textOf } from '../../json.ts';
import { type Graph, type GraphNode, type Input, isLink, MAX_NODES } from './graph.ts';

/** What the editor saves, where the graph that ran is missing: PNG text `workflow`, version 0.4. */

/**
 * The names of the values that a node holds, in their order. Newer editors write them down; for older files the nodes
 * that prompts pass through are listed here. An editor's own control is called "-".
 */
const WIDGETS: Readonly<Record<string, readonly string[]>> = {
  CLIPTextEncode: ['text'],
  CLIPTextEncodeSDXL: [
    'width',
    'height',
    'crop_w',
    'crop_h',
    'target_width',
    'target_height',
    'text_g',
    'text_l',
  ],
  CLIPTextEncodeSDXLRefiner: ['ascore', 'width', 'height', 'text'],
  CLIPTextEncodeFlux: ['clip_l', 't5xxl', 'guidance'],
  CLIPTextEncodeSD3: ['clip_l', 'clip_g', 't5xxl', 'empty_padding'],
  KSampler: ['seed', '-', 'steps', 'cfg', 'sampler_name', 'scheduler', 'denoise'],
  KSamplerAdvanced: ['add_noise', 'noise_seed', '-', 'steps', 'cfg', 'sampler_name', 'scheduler'],
  RandomNoise: ['noise_seed', '-'],
  BasicScheduler: ['scheduler', 'steps', 'denoise'],
  KSamplerSelect: ['sampler_name'],
  CheckpointLoaderSimple: ['ckpt_name'],
  UNETLoader: ['unet_name'],
  LoraLoader: ['lora_name', 'strength_model', 'strength_clip'],
  EmptyLatentImage: ['width', 'height', 'batch_size'],
  PrimitiveNode: ['value'],
  PrimitiveString: ['value'],
  PrimitiveStringMultiline: ['value'],
  StringConcatenate: ['string_a', 'string_b', 'delimiter'],
};

/** Modes of a node: it does not run, or it hands on what it is given. */
const MUTED = 2;
const BYPASSED = 4;

/** The saved nodes as the graph that would run. Null where there are none. */
export function readWorkflow(record: JsonRecord | null): Graph | null {
  const saved = Array.isArray(record?.nodes) ? record.nodes.slice(0, MAX_NODES).filter(isRecord) : [];
  if (record === null || saved.length === 0) return null;
  const links = readLinks(record.links);
  const nodes = saved.flatMap((node): GraphNode[] => {
    const id = String(node.id);
    const type = textOf(node, 'type');
    if (type === null || node.mode === MUTED) return [];
    if (node.mode === BYPASSED) return [{ id, type: 'Reroute', inputs: onlyLinks(inputsOf(node, links)) }];
    return [{ id, type, inputs: new Map([...valuesOf(node, type), ...inputsOf(node, links)]) }];
  });
  return new Map(nodes.map((node) => [node.id, node]));
}

type Links = ReadonlyMap<unknown, Input>;

/** `[id, from node, from output, to node, to input, type]`, or an object with names. */
function readLinks(links: unknown): Links {
  return new Map(
    (Array.isArray(links) ? links : []).flatMap((link: unknown): [unknown, Input][] => {
      const [id, node, slot]: unknown[] = isRecord(link)
        ? [link.id, link.origin_id, link.origin_slot]
        : Array.isArray(link)
          ? link
          : [];
      return id === undefined ? [] : [[id, { node: String(node), slot: Number(slot) || 0 }]];
    }),
  );
}

function inputsOf(node: JsonRecord, links: Links): [string, Input][] {
  const inputs = Array.isArray(node.inputs) ? node.inputs.filter(isRecord) : [];
  return inputs.flatMap((input): [string, Input][] => {
    const link = links.get(input.link);
    return link === undefined ? [] : [[textOf(input, 'name') ?? '', link]];
  });
}

function onlyLinks(inputs: readonly (readonly [string, Input])[]): Map<string, Input> {
  return new Map(inputs.filter(([, input]) => isLink(input)));
}

function valuesOf(node: JsonRecord, type: string): [string, Input][] {
  const values: unknown = node.widgets_values;
  const pairs: readonly (readonly [string, unknown])[] = Array.isArray(values)
    ? namesOf(node, type).map((name, index) => [name, values[index]] as const)
    : Object.entries(isRecord(values) ? values : {});
  return pairs.flatMap(([name, value]): [string, Input][] =>
    name !== '-' && (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      ? [[name, value]]
      : [],
  );
}

/** A seed is followed by the editor's control of it. */
function namesOf(node: JsonRecord, type: string): readonly string[] {
  if (Object.hasOwn(WIDGETS, type)) return WIDGETS[type] ?? [];
  const inputs = Array.isArray(node.inputs) ? node.inputs.filter(isRecord) : [];
  const named = inputs.filter((input) => isRecord(input.widget)).map((input) => textOf(input, 'name') ?? '-');
  return named.length > 0
    ? named.flatMap((name) => (/^(?:noise_)?seed$/.test(name) ? [name, '-'] : [name]))
    : ['value'];
}
