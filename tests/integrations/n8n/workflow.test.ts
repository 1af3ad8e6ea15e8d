import { afterAll, describe, expect, test } from '@jest/globals';
import { stop } from 'esbuild';
import * as z from 'zod';
import { workflow as generated } from '../../../integrations/n8n/workflow.ts';
import { contractPath, testWithContracts } from '../../contracts.ts';
import { readJson } from '../read-json.ts';
import { exported, readWorkflow, type Workflow } from './exported.ts';

const file = await readWorkflow();
const workflow: Workflow = exported.parse(file);
const names = workflow.nodes.map(({ name }) => name);

/** Outputs that a node has: those of a switch are its rules, and whatever may fail has one for that. */
function outputsOf({ type, parameters, onError }: Workflow['nodes'][number]): number {
  if (type.endsWith('.switch')) return JSON.stringify(parameters).split('"outputKey"').length - 1;
  return type.endsWith('.if') || onError === 'continueErrorOutput' ? 2 : 1;
}

// Its process would outlive the tests.
afterAll(() => stop());

describe('the workflow for n8n', () => {
  test('is the one that its parts make', async () => {
    expect(file).toEqual(JSON.parse(JSON.stringify(await generated())));
  });

  test('names each node once, with an id of its own', () => {
    expect(new Set(names).size).toBe(names.length);
    expect(new Set(workflow.nodes.map(({ id }) => id)).size).toBe(names.length);
    expect(new Set(workflow.nodes.map(({ position }) => position.join())).size).toBe(names.length);
  });

  test('connects nodes that are there, from outputs that they have', () => {
    for (const [from, { main }] of Object.entries(workflow.connections)) {
      const node = workflow.nodes.find(({ name }) => name === from);
      expect(node).toBeDefined();
      if (node) expect({ from, outputs: main.length }).toEqual({ from, outputs: outputsOf(node) });
      for (const { node: to } of main.flat()) expect(names).toContain(to);
    }
  });

  test('reaches every node from its one trigger', () => {
    const triggers = workflow.nodes.filter(({ type }) => type.endsWith('.webhook'));
    expect(triggers).toHaveLength(1);
    const reached = new Set(triggers.map(({ name }) => name));
    for (const from of reached)
      for (const { node } of workflow.connections[from]?.main.flat() ?? []) reached.add(node);
    expect([...reached].sort()).toEqual([...names].sort());
  });

  test('holds no secret, and no address but the names of settings', () => {
    const values = workflow.nodes.flatMap(({ parameters: { jsCode: _code, ...rest } }) =>
      JSON.stringify(rest),
    );
    for (const text of values) expect(text).not.toMatch(/https?:|whsec_|hooks\.slack|logic\.azure/);
    const posts = workflow.nodes.filter(({ type }) => type.endsWith('.httpRequest'));
    expect(posts.map(({ parameters }) => parameters.url)).toEqual([
      '={{ $env.PROMPT_TEAMS_URL }}',
      '={{ $env.PROMPT_SLACK_URL }}',
    ]);
  });

  testWithContracts('has nodes of versions and with parameters that exported workflows have', async () => {
    const theirs = (
      await Promise.all(EXAMPLES.map((each) => readJson(contractPath('n8n', each), example)))
    ).flatMap(({ nodes }) => nodes);
    const compared = workflow.nodes.flatMap((node) => {
      const alike = theirs.filter(({ type }) => type === node.type);
      return alike.length === 0 ? [] : [{ node, alike }];
    });
    expect(new Set(compared.map(({ node }) => node.type)).size).toBe(6);
    for (const { node, alike } of compared) {
      const newest = Math.max(...alike.map(({ typeVersion }) => typeVersion));
      expect([node.type, Math.floor(node.typeVersion)]).toEqual([node.type, Math.floor(newest)]);
      const known = new Set([...alike.flatMap(({ parameters }) => pathsOf(parameters)), ...MORE]);
      expect(pathsOf(node.parameters).filter((path) => !known.has(path))).toEqual([]);
    }
  });
});

const EXAMPLES = [
  'example-webhook-switch-http.workflow.json',
  'example-webhook-switch32-http.workflow.excerpt.json',
];

const example = z.object({
  nodes: z.array(
    z.object({ type: z.string(), typeVersion: z.number(), parameters: z.record(z.string(), z.unknown()) }),
  ),
});

/** What the examples happen not to use. */
const MORE = [
  ...['mode', 'language', 'emailFormat', 'text'],
  ...['options.responseCode', 'options.timeout', 'options.redirect.redirect.followRedirects'],
];

/** Of all values, with the members of lists told by no number. */
function pathsOf(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null) return [path];
  if (Array.isArray(value)) return value.flatMap((each) => pathsOf(each, path));
  return Object.entries(value).flatMap(([key, each]) => pathsOf(each, path === '' ? key : `${path}.${key}`));
}
