import { Ajv } from 'ajv';
import type { Actions, Flow } from './definition.ts';
import { evaluateAll, type Scope } from './expression.ts';

type Status = 'Succeeded' | 'Failed' | 'Skipped';

export interface FlowRun {
  /** What connectors were asked, by the names of the actions. */
  readonly asked: ReadonlyMap<string, unknown>;
  readonly statuses: ReadonlyMap<string, Status>;
}

interface Running extends FlowRun {
  readonly asked: Map<string, unknown>;
  readonly statuses: Map<string, Status>;
  readonly outputs: Map<string, unknown>;
  readonly scope: Scope;
  readonly answer: (action: string) => unknown;
}

const PARAMETERS = {
  $connections: {
    azureblob: { connectionId: 'b' },
    teams: { connectionId: 't' },
    office365: { connectionId: 'o' },
  },
};

/**
 * Runs the actions of a flow in the order of their `runAfter`.
 * @param trigger the body that started it
 * @param answer of a connector
 */
export function runFlow(
  { definition }: Flow,
  trigger: unknown,
  answer: (action: string) => unknown = () => null,
): FlowRun {
  const outputs = new Map<string, unknown>();
  const given = Object.entries(definition.parameters).map(([name, { defaultValue }]) => [name, defaultValue]);
  const scope = { trigger, outputs, parameters: { ...Object.fromEntries(given), ...PARAMETERS } };
  const running: Running = { asked: new Map(), statuses: new Map(), outputs, scope, answer };
  runActions(definition.actions, running);
  return running;
}

function runActions(actions: Actions, running: Running): void {
  const waiting = new Map(Object.entries(actions));
  while (waiting.size > 0) {
    const [next] = [...waiting].filter(
      ([, { runAfter }]) => !Object.keys(runAfter).some((name) => waiting.has(name)),
    );
    if (!next) throw new Error(`they wait for each other: ${[...waiting.keys()].join()}`);
    const [name, action] = next;
    waiting.delete(name);
    const isDue = Object.entries(action.runAfter).every(([before, statuses]) =>
      statuses.some((status) => status === running.statuses.get(before)),
    );
    running.statuses.set(name, isDue ? runAction(name, action, running) : 'Skipped');
  }
}

function runAction(name: string, action: Actions[string], running: Running): Status {
  const { scope, outputs, asked } = running;
  const value = (source: unknown) => evaluateAll(source, scope);
  switch (action.type) {
    case 'ApiConnection':
      asked.set(name, value(action.inputs));
      outputs.set(name, running.answer(name));
      return 'Succeeded';
    case 'Compose':
      outputs.set(name, value(action.inputs));
      return 'Succeeded';
    case 'ParseJson': {
      const content = value(action.inputs.content);
      outputs.set(name, content);
      return new Ajv({ strict: false }).validate(action.inputs.schema, content) ? 'Succeeded' : 'Failed';
    }
    case 'Terminate':
      return 'Succeeded';
    case 'Switch': {
      const kind = value(action.expression);
      const chosen = Object.values(action.cases).find((each) => each.case === kind) ?? action.default;
      runActions(chosen.actions, running);
      return 'Succeeded';
    }
  }
}
