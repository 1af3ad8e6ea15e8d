import { recordOf } from '../../json.ts';
import { type Recovered, toRecovered } from '../../recovered.ts';
import { type Texts, USER_COMMENT } from '../../texts.ts';
import { type Graph, type GraphNode, readGraph } from './graph.ts';
import { findSamplers } from './samplers.ts';
import { readSettings } from './settings.ts';
import { WordFinder, type Words } from './words.ts';
import { readWorkflow } from './workflow.ts';

/** ComfyUI: not a prompt but the graph that made the image, whose samplers lead to the prompts. */
export function readComfyui(texts: Texts): Recovered | null {
  const graphs = [
    () => readGraph(texts.record('prompt')),
    () => readGraph(recordOf(texts.record(USER_COMMENT), 'prompt')),
    // Civitai's own images have the graph there and nothing around it.
    () => readGraph(texts.record(USER_COMMENT)),
    () => readWorkflow(texts.record('workflow')),
  ];
  for (const read of graphs) {
    const graph = read();
    const recovered = graph && recover(graph);
    if (recovered) return recovered;
  }
  return null;
}

interface Guidance {
  readonly sampler: GraphNode;
  readonly positive: Words | null;
  readonly negative: Words | null;
}

/**
 * The prompt is what guides the first sampler on the way to the image, since it decides what is in it. One that refines
 * or enlarges mostly says the same; where it does not, the prompt is only part of what was asked for.
 */
function recover(graph: Graph): Recovered | null {
  const finder = new WordFinder(graph);
  const guided = findSamplers(graph).map((sampler) => guidanceOf(sampler, graph, finder));
  const first = guided.find(({ positive }) => positive !== null && positive.text.trim() !== '');
  // With samplers, a text that none of them leads to may be anything: even what was to be kept out.
  if (!first) return guided.length === 0 ? withoutSampler(graph, finder) : null;
  const { sampler, positive, negative } = first;
  const others = guided.filter((one) => one.positive !== null && one.positive.text !== positive?.text);
  return toRecovered({
    generator: 'ComfyUI',
    prompt: positive?.text ?? '',
    negativePrompt: negative?.text,
    parameters: [
      ...readSettings(graph, sampler),
      ...(positive?.second ? [['second_prompt', positive.second] as const] : []),
      ...(negative?.second ? [['second_negative_prompt', negative.second] as const] : []),
      ...others.slice(0, 3).map((one, index) => [`prompt_${index + 2}`, one.positive?.text] as const),
    ],
    partial: finder.partial || others.length > 0,
  });
}

function guidanceOf(sampler: GraphNode, graph: Graph, finder: WordFinder): Guidance {
  const guider = sampler.inputs.get('guider');
  const guide = (typeof guider === 'object' ? graph.get(guider.node) : undefined) ?? sampler;
  // Guiders with two positive sides name them otherwise.
  const positive = guide.inputs.get('positive') ?? guide.inputs.get('conditioning') ?? guider;
  const negative = guide.inputs.get('negative');
  return {
    sampler,
    positive: positive === undefined ? null : finder.conditioning(positive, 'positive'),
    negative: negative === undefined ? null : finder.conditioning(negative, 'negative'),
  };
}

/** A node that calls a service, or a sampler of an unknown kind: the first prompt there is may be all of it, or not. */
function withoutSampler(graph: Graph, finder: WordFinder): Recovered | null {
  for (const node of graph.values()) {
    const name = ['prompt', 'text', 'positive'].find((input) => node.inputs.has(input));
    if (name === undefined || !/encode|prompt|generat|image|flux/i.test(node.type)) continue;
    const prompt = finder.string(node.inputs.get(name));
    const found = prompt && toRecovered({ generator: 'ComfyUI', prompt, partial: true });
    if (found) return found;
  }
  return null;
}
