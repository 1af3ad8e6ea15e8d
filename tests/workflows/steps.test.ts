import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { runScript } from '../scripts/deploy/child.ts';
import { standIn } from '../scripts/deploy/stand-in.ts';
import { STEPS, variablesOf } from './workflows.ts';

const DIGEST = `sha256:${'ab'.repeat(32)}`;

/** Each with what the Azure CLI answers, the outputs of steps before, and what its own outputs are. */
const ASKING: readonly {
  readonly run: string;
  readonly az: string;
  readonly known?: Readonly<Record<string, string>>;
  readonly outputs?: string;
}[] = [
  { run: 'node scripts/deploy/deployed.ts read', az: '4711', outputs: 'run-id=4711\n' },
  {
    run: 'node scripts/deploy/deployed.ts write',
    az: '',
    known: { 'inputs.run-id': '4711' },
  },
  {
    run: 'node scripts/deploy/outputs.ts',
    az: '{"INGEST": {"value": "queue"}, "REGISTRY": {"value": ""}}',
    outputs: 'INGEST=queue\nREGISTRY=\n',
  },
  { run: 'node scripts/deploy/budget.ts', az: budget(), outputs: 'start=2026-12-01\n' },
  {
    run: 'node scripts/deploy/import-images.ts',
    az: 'acr.azurecr.io',
    known: {
      'steps.names.outputs.REGISTRY': 'acr',
      'needs.release.outputs.api-image': `ghcr.io/o/prompts@${DIGEST}`,
      'needs.release.outputs.gateway-image': `ghcr.io/o/prompts-gateway@${DIGEST}`,
    },
    outputs: `api-image=acr.azurecr.io/prompts@${DIGEST}\n`,
  },
  {
    run: 'node scripts/deploy/wait-for-blob-key.ts',
    az: '{"systemKeys": {"blobs_extension": "key"}}',
    known: { 'steps.names.outputs.FUNCTION_APP_ID': '/sites/a' },
  },
];

/** Tried with all their variables elsewhere: in tests/scripts/deploy. */
const TRIED_THERE = ['smoke.ts', 'read-release.ts', 'verify-release.ts', 'write-release.ts', 'changes.ts'];
const OF_GITHUB = ['notify.ts', 'release-pr.ts'];

function budget(): string {
  const timePeriod = { startDate: '2026-12-01T00:00:00Z' };
  return JSON.stringify({ value: [{ name: 'monthly', properties: { timePeriod } }] });
}

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'steps-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('a step that asks Azure, with all variables that the workflow sets', () => {
  test.each(ASKING)(
    '$run ends well and says what the next ones need',
    async ({ run, az, known, outputs }) => {
      const [script = '', ...args] = run.replace('node scripts/deploy/', '').split(' ');
      const output = join(folder, 'output');
      const PATH = await standIn(folder, 'az', az);
      const env = { ...variablesOf('deploy-to', run, known), PATH, GITHUB_OUTPUT: output };
      expect(await runScript(script, env, { args })).toMatchObject({ code: 0 });
      if (outputs !== undefined) expect(await readFile(output, 'utf8')).toBe(outputs);
    },
  );

  test.each([
    ['4711', 0],
    ['4712', 1],
  ])(
    'a rollback to run 4711 where run %s works ends with %i: it goes over nothing newer',
    async (there, code) => {
      const run = 'node scripts/deploy/deployed.ts read';
      const PATH = await standIn(folder, 'az', there);
      const asked = variablesOf('deploy-to', run, { "inputs.is-rollback && inputs.run-id || ''": '4711' });
      expect(asked.EXPECTED_RUN).toBe('4711');
      expect(await runScript('deployed.ts', { ...asked, PATH }, { args: ['read'] })).toMatchObject({ code });
    },
  );

  test('there is no other script that is run and not tried', () => {
    const runs = STEPS.flatMap(({ step }) => /^node scripts\/deploy\/(\S+)/.exec(step.run ?? '')?.[1] ?? []);
    const tried = ASKING.map(({ run }) => run.split(/[/ ]/)[3]);
    expect([...new Set(runs)].sort()).toEqual([...new Set([...tried, ...TRIED_THERE, ...OF_GITHUB])].sort());
  });
});
