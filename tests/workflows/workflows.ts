import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Variables;
}

type Variables = Readonly<Record<string, string>>;

interface Job {
  readonly if?: string;
  readonly env?: Variables;
  readonly secrets?: Variables;
  readonly 'continue-on-error'?: boolean;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly uses?: string;
  readonly steps?: readonly Step[];
  readonly 'timeout-minutes'?: number;
  readonly environment?: unknown;
  readonly needs?: string | readonly string[];
}

export interface Workflow {
  readonly name: string;
  /** YAML 1.2 keeps this key a string. */
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions?: object;
  readonly env?: Variables;
  readonly jobs: Readonly<Record<string, Job>>;
}

export interface Source {
  readonly file: string;
  readonly text: string;
}

function sources(pattern: string): Source[] {
  return globSync(pattern, { cwd: ROOT }).map((file) => ({
    file,
    text: readFileSync(`${ROOT}${file}`, 'utf8'),
  }));
}

export const WORKFLOWS = sources('.github/workflows/*.yml').map((source) => ({
  ...source,
  name: basename(source.file, '.yml'),
  // Its form is what the schema's test shows.
  workflow: parse(source.text) as Workflow,
}));

export const ACTIONS = sources('.github/actions/*/action.yml').map((source) => ({
  ...source,
  // As above.
  action: parse(source.text) as { readonly runs: { readonly steps: readonly Step[] } },
}));

/** Every step of a workflow or an action of ours, and where it is. */
export const STEPS: readonly { readonly file: string; readonly step: Step }[] = [
  ...WORKFLOWS.flatMap(({ file, workflow }) =>
    Object.values(workflow.jobs).flatMap(({ steps = [] }) => steps.map((step) => ({ file, step }))),
  ),
  ...ACTIONS.flatMap(({ file, action }) => action.runs.steps.map((step) => ({ file, step }))),
];

export function workflow(name: string): Workflow {
  const found = WORKFLOWS.find((each) => each.name === name);
  if (!found) throw new Error(`there is no workflow ${name}`);
  return found.workflow;
}

/**
 * Every variable that GitHub sets for the step that runs this command, of the workflow, the job and the step: as where no
 * variable and no output is set but those that are known here, by what stands in their expression.
 */
export function variablesOf(name: string, run: string, known: Variables = {}): Record<string, string> {
  const { env, jobs } = workflow(name);
  for (const job of Object.values(jobs)) {
    const step = job.steps?.find((each) => each.run === run);
    if (!step) continue;
    const all = Object.entries({ ...env, ...job.env, ...step.env });
    return Object.fromEntries(all.map(([key, value]) => [key, evaluated(value, known)]));
  }
  throw new Error(`${name} never runs ${run}`);
}

function evaluated(value: string, known: Variables): string {
  return value.replace(/\$\{\{ (.*?) \}\}/g, (_all, expression: string) => {
    const [, fallback = ''] = /^[\w.-]+ \|\| '([^']*)'$/.exec(expression) ?? [];
    return known[expression] ?? fallback;
  });
}
