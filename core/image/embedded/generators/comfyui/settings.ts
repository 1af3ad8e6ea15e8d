import { type Graph, type GraphNode, type Input, isLink } from './graph.ts';

const SAMPLER_SETTINGS: Readonly<Record<string, string>> = {
  seed: 'seed',
  noise_seed: 'seed',
  steps: 'steps',
  cfg: 'cfg',
  sampler_name: 'sampler_name',
  scheduler: 'scheduler',
  denoise: 'denoise',
  guidance: 'guidance',
};

/** A sampler may be put together from these. */
const SAMPLER_PARTS = ['noise', 'guider', 'sampler', 'sigmas'];

/** Inputs of nodes that hold one value or hand it on. */
const HELD_VALUES = ['value', 'seed', 'noise_seed', 'int', 'float', 'number', ''];

const MODEL_NAMES = ['ckpt_name', 'unet_name', 'model_name'];

/** LoRAs and patches between a sampler and its model, or steps from a latent image to its size. */
const MAX_STEPS = 32;

/** The settings of a sampler, the model it used, and the size it began with. */
export function readSettings(graph: Graph, sampler: GraphNode): [string, Input][] {
  const parts = SAMPLER_PARTS.map((name) => follow(graph, sampler, name));
  const nodes = [sampler, ...parts.filter((node) => node !== undefined)];
  const guider = follow(graph, sampler, 'guider') ?? sampler;
  return [
    ...nodes.flatMap((node) => samplerSettings(graph, node)),
    ...modelSettings(graph, guider),
    ...sizeSettings(graph, sampler),
  ];
}

function follow(graph: Graph, node: GraphNode, name: string): GraphNode | undefined {
  const input = node.inputs.get(name);
  return isLink(input) ? graph.get(input.node) : undefined;
}

function samplerSettings(graph: Graph, node: GraphNode): [string, Input][] {
  return [...node.inputs].flatMap(([name, input]): [string, Input][] => {
    const setting = Object.hasOwn(SAMPLER_SETTINGS, name) ? SAMPLER_SETTINGS[name] : undefined;
    const value = setting === undefined ? undefined : held(graph, input);
    return setting === undefined || value === undefined ? [] : [[setting, value]];
  });
}

/** A value that was typed into this node, or into one that it is linked to. */
function held(graph: Graph, input: Input): Input | undefined {
  let value: Input | undefined = input;
  for (let step = 0; isLink(value) && step < MAX_STEPS; step++) {
    const inputs: GraphNode['inputs'] | undefined = graph.get(value.node)?.inputs;
    const name: string | undefined = HELD_VALUES.find((each) => inputs?.has(each));
    value = name === undefined ? undefined : inputs?.get(name);
  }
  return isLink(value) ? undefined : value;
}

function modelSettings(graph: Graph, from: GraphNode): [string, Input][] {
  const loras: string[] = [];
  let node = follow(graph, from, 'model');
  for (let step = 0; node !== undefined && step < MAX_STEPS; step++) {
    const { inputs } = node;
    const lora = inputs.get('lora_name');
    if (typeof lora === 'string') loras.unshift(`${lora}:${inputs.get('strength_model') ?? 1}`);
    const name = MODEL_NAMES.map((each) => inputs.get(each)).find((value) => typeof value === 'string');
    if (name !== undefined) return [['model', name], ...lorasSetting(loras)];
    node = follow(graph, node, 'model');
  }
  return lorasSetting(loras);
}

function lorasSetting(loras: readonly string[]): [string, Input][] {
  return loras.length === 0 ? [] : [['loras', loras.join(', ')]];
}

function sizeSettings(graph: Graph, sampler: GraphNode): [string, Input][] {
  let node = follow(graph, sampler, 'latent_image');
  for (let step = 0; node !== undefined && step < MAX_STEPS; step++) {
    const [width, height] = [node.inputs.get('width'), node.inputs.get('height')];
    if (typeof width === 'number' && typeof height === 'number')
      return [
        ['width', width],
        ['height', height],
      ];
    node = ['samples', 'latent', 'latent_image']
      .map((name) => node && follow(graph, node, name))
      .find((each) => each !== undefined);
  }
  return [];
}
