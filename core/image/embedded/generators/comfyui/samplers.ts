import { type Graph, type GraphNode, isLink, linksOf } from './graph.ts';

/** More than any image goes through. */
const MAX_SAMPLERS = 16;

/**
 * The samplers that worked on the saved image, the first of them first. Where nothing says what was saved, all of the
 * graph's.
 */
export function findSamplers(graph: Graph): GraphNode[] {
  const saved = [...graph.values()].filter(isOutput);
  const reached = saved.length > 0 ? ordered(graph, saved) : [];
  const samplers = reached.filter(isSampler);
  const all = samplers.length > 0 ? samplers : ordered(graph, [...graph.values()]).filter(isSampler);
  return all.slice(0, MAX_SAMPLERS);
}

/** Samplers have a source of noise of their own; nodes that only hand on conditioning have none. */
function isSampler({ type, inputs }: GraphNode): boolean {
  const guided = inputs.has('positive') || inputs.has('guider');
  return (
    guided &&
    ['seed', 'noise_seed', 'noise', 'steps', 'sigmas'].some((name) => inputs.has(name)) &&
    !/loader/i.test(type)
  );
}

function isOutput({ type, inputs }: GraphNode): boolean {
  return /save|preview|output/i.test(type) && ['images', 'image'].some((name) => isLink(inputs.get(name)));
}

/** These nodes and all that lead to them, each behind what it depends on. Circles are cut anywhere. */
function ordered(graph: Graph, ends: readonly GraphNode[]): GraphNode[] {
  const done = new Set<GraphNode>();
  const seen = new Set<GraphNode>();
  const stack = ends.toReversed();
  // Without recursion: a graph may be one line of ten thousand nodes.
  for (let node = stack.at(-1); node !== undefined; node = stack.at(-1)) {
    if (seen.has(node)) {
      stack.pop();
      done.add(node);
      continue;
    }
    seen.add(node);
    for (const link of linksOf(node).toReversed()) {
      const source = graph.get(link.node);
      if (source && !seen.has(source)) stack.push(source);
    }
  }
  return [...done];
}
