import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { contractPath, describeWithContracts } from '../contracts.ts';
import { ACTIONS, ROOT, STEPS, WORKFLOWS } from './workflows.ts';

function validator(schema: string) {
  const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
  return ajv.compile(JSON.parse(readFileSync(contractPath('github', schema), 'utf8')));
}

describeWithContracts('what GitHub reads is valid against its public schema (needs CONTRACTS_DIR)', () => {
  const isWorkflow = () => validator('github-workflow.schema.json');

  test.each(WORKFLOWS.map(({ file, workflow }) => [file, workflow]))('%s', (_file, workflow) => {
    const validate = isWorkflow();
    validate(workflow);
    expect(validate.errors).toBeNull();
  });

  test.each(ACTIONS.map(({ file, action }) => [file, action]))('%s', (_file, action) => {
    const validate = validator('github-action.schema.json');
    validate(action);
    expect(validate.errors).toBeNull();
  });

  test('.github/dependabot.yml', () => {
    const validate = validator('dependabot-2.0.schema.json');
    validate(parse(readFileSync(`${ROOT}.github/dependabot.yml`, 'utf8')));
    expect(validate.errors).toBeNull();
  });

  test('a wrong workflow is not', () => {
    expect(
      isWorkflow()({ name: 'wrong', on: 'push', jobs: { a: { 'runs-on': 'x', steps: [{ use: 'y' }] } } }),
    ).toBe(false);
  });
});

describe('every workflow', () => {
  test.each(WORKFLOWS.map(({ file, workflow }) => [file, workflow] as const))(
    '%s gives no right to all its jobs, can be started by hand or is called, and has an end to each job',
    (_file, { permissions, on, jobs }) => {
      expect(permissions).toEqual({});
      expect(Object.keys(on).filter((event) => /^workflow_(dispatch|call)$/.test(event))).not.toEqual([]);
      for (const job of Object.values(jobs)) {
        expect(job.permissions).toBeDefined();
        if (job.uses === undefined) expect(job['timeout-minutes']).toBeGreaterThan(0);
      }
    },
  );

  test('there are those that the guides speak of', () => {
    const names = WORKFLOWS.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['ci', 'deploy', 'release', 'release-pr']));
  });
});

describe('every step', () => {
  const foreign = STEPS.flatMap(({ step }) => (step.uses && !step.uses.startsWith('./') ? [step.uses] : []));
  const own = [
    ...STEPS.flatMap(({ step }) => (step.uses?.startsWith('./') ? [`${step.uses}/action.yml`] : [])),
    ...WORKFLOWS.flatMap(({ workflow }) =>
      Object.values(workflow.jobs).flatMap(({ uses }) => (uses === undefined ? [] : [uses])),
    ),
  ];

  test('takes an action of others by a commit, beside which its version stands', () => {
    expect(foreign.length).toBeGreaterThan(20);
    for (const uses of foreign) expect(uses).toMatch(/^[\w-]+\/[\w./-]+@[0-9a-f]{40}$/);
    for (const { text } of [...WORKFLOWS, ...ACTIONS]) {
      for (const [line] of text.matchAll(/^.*uses: [\w-]+\/.*$/gm)) {
        expect(line).toMatch(/@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
      }
    }
  });

  test('takes one version of an action everywhere', () => {
    const versions = new Map<string, Set<string>>();
    for (const uses of foreign) {
      const [name = '', commit = ''] = uses.split('@');
      const repository = name.split('/').slice(0, 2).join('/');
      versions.set(repository, (versions.get(repository) ?? new Set()).add(commit));
    }
    for (const [repository, commits] of versions) expect([repository, commits.size]).toEqual([repository, 1]);
  });

  test('takes an action of ours that is there', () => {
    expect(own.length).toBeGreaterThan(3);
    for (const path of own) expect([path, existsSync(`${ROOT}${path}`)]).toEqual([path, true]);
  });

  test('keeps no token after a checkout', () => {
    const checkouts = STEPS.filter(({ step }) => step.uses?.startsWith('actions/checkout@'));
    expect(checkouts.length).toBeGreaterThan(5);
    for (const { file, step } of checkouts) {
      expect([file, step.with?.['persist-credentials']]).toEqual([file, false]);
    }
  });

  const runs = STEPS.flatMap(({ file, step }) => (step.run === undefined ? [] : [[file, step.run] as const]));

  test.each(runs)('%s runs one command, in which nothing from outside stands: %s', (_file, command) => {
    expect(command.trim()).not.toMatch(/\n|&&|;|\|/);
    expect(command).not.toContain('${{');
  });

  test.each(runs.filter(([, command]) => /\bscripts\//.test(command)))(
    '%s runs a script that is there: %s',
    (_file, command) => {
      const [script = ''] = /\bscripts\/\S+/.exec(command) ?? [];
      expect(existsSync(`${ROOT}${script}`)).toBe(true);
    },
  );
});
