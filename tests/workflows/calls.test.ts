import { describe, expect, test } from '@jest/globals';
import { WORKFLOWS, workflow } from './workflows.ts';

const LOCAL = /^\.\/\.github\/workflows\/([\w-]+)\.yml$/;

const calls = WORKFLOWS.flatMap(({ name, workflow: { jobs } }) =>
  Object.entries(jobs).flatMap(([id, job]) => {
    const [, called] = LOCAL.exec(job.uses ?? '') ?? [];
    return called === undefined ? [] : [{ call: `${name}.${id}`, called, job }];
  }),
);

/** What a workflow that is called declares, by its names. */
function declared(name: string): string[] {
  const { workflow_call: call } = workflow(name).on;
  return Object.keys((call as { readonly secrets?: object } | null)?.secrets ?? {}).sort();
}

/** The secrets that a workflow reads, its own token left out. */
function read(name: string): string[] {
  const { text = '' } = WORKFLOWS.find((each) => each.name === name) ?? {};
  return [...new Set([...text.matchAll(/\bsecrets\.([A-Z_]+)/g)].map(([, secret = '']) => secret))].sort();
}

describe('a workflow that another one calls', () => {
  test.each(calls)('$call hands $called each of its secrets under its own name', ({ called, job }) => {
    expect(job.secrets ?? {}).toEqual(
      Object.fromEntries(declared(called).map((name) => [name, `\${{ secrets.${name} }}`])),
    );
  });

  test.each(calls)('$call grants what the jobs of $called ask for', ({ called, job }) => {
    const asked = Object.values(workflow(called).jobs).map(({ permissions }) => permissions ?? {});
    for (const permissions of asked) {
      for (const [right, level] of Object.entries(permissions)) {
        expect([right, job.permissions?.[right]]).toEqual([
          right,
          level === 'read' ? expect.any(String) : level,
        ]);
      }
    }
  });

  test.each(['deploy', 'deploy-to'])('%s declares every secret that it reads', (name) => {
    expect(declared(name)).toEqual(read(name));
  });
});

describe('a deployment', () => {
  const { deploy, notify, release } = workflow('deploy-to').jobs;
  const { staging, production, rollback } = workflow('deploy').jobs;
  const uses = (deploy?.steps ?? []).map((step) => step.uses?.split('@')[0] ?? step.run ?? '');

  test.each(['Azure/functions-action', 'node scripts/deploy/smoke.ts'])(
    'signs in again right before %s, which is the first to ask for a token of its kind',
    (late) => {
      expect(uses.indexOf(late)).toBeGreaterThan(1);
      expect(uses[uses.indexOf(late) - 1]).toBe('azure/login');
    },
  );

  test('checks where a release comes from before anything of it runs', () => {
    const steps = (release?.steps ?? []).map(({ run }) => run ?? '');
    const verify = steps.indexOf('node scripts/deploy/verify-release.ts');
    expect(verify).toBeGreaterThan(0);
    expect(verify).toBeLessThan(steps.indexOf('node scripts/deploy/read-release.ts'));
    expect(deploy?.needs).toBe('release');
  });

  test('goes on and is taken back by what was deployed, never by whether somebody could be told', () => {
    expect(notify?.['continue-on-error']).toBe(true);
    expect(staging?.if).toBeUndefined();
    expect(production?.if).toContain("needs.staging.outputs.deployed == 'true'");
    expect(rollback?.if).toContain("needs.production.outputs.deployed != 'true'");
    for (const job of [production, rollback]) expect(job?.if).not.toContain('.result');
  });

  test('that waits for consent holds back only others to the same environment', () => {
    expect(workflow('deploy')).not.toHaveProperty('concurrency');
    expect(workflow('deploy-to')).toHaveProperty('concurrency.group', `deploy-to-\${{ inputs.environment }}`);
  });
});

describe('the checks of a change', () => {
  const { on, jobs } = workflow('ci');
  const { gate, notify: _notify, ...checks } = jobs;

  test('run for every change, so that one that is required always reports', () => {
    expect([on.pull_request, on.push]).toEqual([null, { branches: ['dev'] }]);
    expect(gate).toMatchObject({ name: 'ci', if: `\${{ always() }}` });
    expect([...(gate?.needs ?? [])].sort()).toEqual(Object.keys(checks).sort());
  });

  test('leave out for documents only what reads none', () => {
    const left = Object.entries(checks).flatMap(([name, job]) => (job.if === undefined ? [] : [name]));
    expect(left.sort()).toEqual(['codeql', 'images']);
  });
});

test('the pull request of a release may make the labels that it gets', () => {
  const { 'release-pr': job } = workflow('release-pr').jobs;
  expect(job?.permissions).toMatchObject({ issues: 'write', 'pull-requests': 'write' });
});
