import { createRequire } from 'node:module';
import vm from 'node:vm';
import * as z from 'zod';
import type { Workflow, WorkflowNode } from './exported.ts';

/**
 * Runs a workflow as n8n does: depth first, one item in, what each node puts out to the nodes behind it, and a merge when nothing
 * else is left. Only the kinds of nodes that ours has; the expressions, the code and the requests are real.
 */

type Item = Readonly<Record<string, unknown>>;

export interface Run {
  /** What the webhook answered. */
  readonly status: number | null;
  readonly mails: readonly Item[];
  /** By which it was asked whether the news was told before. */
  readonly ids: readonly string[];
  /** Names of the nodes that ran, in their order. */
  readonly ran: readonly string[];
  /** Null where it did not fail. */
  readonly error: string | null;
}

export interface Place {
  readonly env: Readonly<Record<string, string>>;
  /** Of earlier runs. */
  readonly seen?: Set<string>;
  /** Throws where mails cannot be sent. */
  readonly sendMail?: (mail: Item) => void;
}

const condition = z.object({
  leftValue: z.string(),
  rightValue: z.string(),
  operator: z.object({ type: z.enum(['boolean', 'string']), operation: z.enum(['true', 'equals']) }),
});
const conditions = z.object({ conditions: z.tuple([condition]) });
const PARAMETERS = {
  code: z.strictObject({
    ...{ mode: z.literal('runOnceForEachItem'), language: z.literal('javaScript'), jsCode: z.string() },
  }),
  switch: z.looseObject({ rules: z.object({ values: z.array(z.object({ conditions })) }) }),
  respond: z.looseObject({ options: z.object({ responseCode: z.union([z.number(), z.string()]) }) }),
  post: z.looseObject({ method: z.literal('POST'), url: z.string(), jsonBody: z.string() }),
};

export async function runWorkflow(workflow: Workflow, received: Item, place: Place): Promise<Run> {
  const [trigger] = workflow.nodes.filter(({ type }) => type === 'n8n-nodes-base.webhook');
  const run = { status: null, mails: [], ids: [], ran: [], error: null } satisfies Run;
  const state: State = { ...run, place, workflow, merges: new Map() };
  try {
    if (trigger) await step(state, trigger.name, received);
    for (const [name, item] of state.merges) await step(state, name, item, true);
  } catch (error) {
    state.error = String(error);
  }
  return state;
}

/** All that is global in a Code node beside the language itself. */
const parsingContext = vm.createContext({
  Buffer,
  require(id: string) {
    if (id !== 'crypto') throw new Error(`Module '${id}' is disallowed`);
    return createRequire(import.meta.url)(id);
  },
});

interface State extends Run {
  status: number | null;
  error: string | null;
  readonly mails: Item[];
  readonly ids: string[];
  readonly ran: string[];
  readonly place: Place;
  readonly workflow: Workflow;
  readonly merges: Map<string, Item>;
}

async function step(state: State, name: string, item: Item, isLast = false): Promise<void> {
  const node = state.workflow.nodes.find((each) => each.name === name);
  if (!node) throw new Error(`there is no node ${name}`);
  if (node.type === 'n8n-nodes-base.merge' && !isLast) {
    state.merges.set(name, item);
    return;
  }
  state.ran.push(name);
  const { output, json } = await outputOf(state, node, item);
  const targets = state.workflow.connections[name]?.main[output] ?? [];
  // Those above run first, with all that is behind them.
  const row = (target: string) => state.workflow.nodes.find((each) => each.name === target)?.position[1] ?? 0;
  for (const target of [...targets].sort((one, other) => row(one.node) - row(other.node)))
    await step(state, target.node, json);
}

async function outputOf(
  state: State,
  node: WorkflowNode,
  json: Item,
): Promise<{ readonly output: number; readonly json: Item }> {
  const { parameters, type } = node;
  const { env, seen = new Set(), sendMail } = state.place;
  const value = (text: unknown) => evaluate(text, { $json: json, $env: env });
  const holds = (all: unknown) => {
    const [{ leftValue, rightValue, operator }] = conditions.parse(all).conditions;
    const left = value(leftValue);
    // Validation is strict: any other type is an error.
    if (typeof left !== operator.type) throw new Error(`${node.name} compares ${String(left)}`);
    return operator.type === 'boolean' ? left === true : left === value(rightValue);
  };
  const onlyIf = (isSo: boolean) => ({ output: isSo ? 0 : -1, json });
  switch (type.slice('n8n-nodes-base.'.length)) {
    case 'webhook':
    case 'merge':
      return { output: 0, json };
    case 'code':
      return { output: 0, json: runCode(PARAMETERS.code.parse(parameters).jsCode, json, env) };
    case 'if':
      return { output: holds(parameters.conditions) ? 0 : 1, json };
    case 'filter':
      return onlyIf(holds(parameters.conditions));
    case 'switch': {
      const { rules } = PARAMETERS.switch.parse(parameters);
      return { output: rules.values.findIndex((rule) => holds(rule.conditions)), json };
    }
    case 'removeDuplicates': {
      const key = String(value(parameters.dedupeValue));
      const isNew = !seen.has(key);
      seen.add(key);
      state.ids.push(key);
      return onlyIf(isNew);
    }
    case 'respondToWebhook':
      state.status = Number(value(PARAMETERS.respond.parse(parameters).options.responseCode));
      return { output: 0, json };
    case 'httpRequest': {
      const { url, jsonBody } = PARAMETERS.post.parse(parameters);
      const headers = { 'content-type': 'application/json' };
      const body = String(value(jsonBody));
      const answer = await fetch(String(value(url)), { method: 'POST', headers, body, redirect: 'manual' });
      return { output: answer.ok ? 0 : 1, json: { status: answer.status } };
    }
    case 'emailSend':
      try {
        const { fromEmail, toEmail, subject, text } = parameters;
        const mail = {
          from: value(fromEmail),
          to: value(toEmail),
          subject: value(subject),
          text: value(text),
        };
        sendMail?.(mail);
        state.mails.push(mail);
        return { output: 0, json };
      } catch (error) {
        return { output: 1, json: { error: String(error) } };
      }
    case 'stopAndError':
      throw new Error(String(parameters.errorMessage));
    default:
      throw new Error(`unknown: ${type}`);
  }
}

/** Of `={{ … }}`, which is JavaScript; anything else is what it is. */
function evaluate(text: unknown, scope: Readonly<Record<string, unknown>>): unknown {
  if (typeof text !== 'string' || !text.startsWith('=')) return text;
  const expression = /^=\{\{(.*)\}\}$/s.exec(text)?.[1];
  if (expression === undefined) throw new Error(`more than an expression: ${text}`);
  const { $json, $env } = scope;
  return vm.compileFunction(`return (${expression});`, ['$json', '$env'], { parsingContext })($json, $env);
}

/** With what a Code node has, and `require` for nothing but `crypto`. */
function runCode(jsCode: string, $json: Item, $env: Place['env']): Item {
  const answer: unknown = vm.compileFunction(jsCode, ['$json', '$env'], { parsingContext })($json, $env);
  // What goes from node to node is JSON.
  return z.strictObject({ json: z.record(z.string(), z.unknown()) }).parse(JSON.parse(JSON.stringify(answer)))
    .json;
}
