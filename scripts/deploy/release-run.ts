import * as z from 'zod';
import { ask, type GitHub } from './github.ts';

const WORKFLOW = '.github/workflows/release.yml';

const RUN = z.object({
  path: z.string(),
  head_sha: z.string(),
  /** Name of a branch or a tag, whichever it ran on. */
  head_branch: z.string(),
});

export interface ReleaseRun {
  readonly commit: string;
  /** `refs/heads/main` or `refs/tags/v1.2.3`. */
  readonly ref: string;
}

/** @throws Error where the run is none of the workflow `release` on main or on a tag of a version */
export async function releaseRun(github: GitHub, id: string): Promise<ReleaseRun> {
  if (!/^\d+$/.test(id)) throw new Error(`${id} is no id of a run`);
  const run = RUN.parse(await ask(github, 'GET', `/actions/runs/${id}`));
  // Where it is called, the ref of the file follows it.
  if (run.path.split('@')[0] !== WORKFLOW) throw new Error(`run ${id} is of ${run.path}, not of ${WORKFLOW}`);
  const isMain = run.head_branch === 'main';
  if (!isMain && !/^v\d+\.\d+\.\d+/.test(run.head_branch)) {
    throw new Error(`run ${id} built ${run.head_branch}: only main and tags of versions are deployed`);
  }
  // A branch that is called as a tag is found out by the attestation, which names the ref in full.
  return { commit: run.head_sha, ref: isMain ? 'refs/heads/main' : `refs/tags/${run.head_branch}` };
}

/**
 * What `gh attestation verify` is to hold a file's attestation against: who signed, from which ref and commit, on whose machine.
 * @param repository `<owner>/<name>`
 */
export function attestationOf(repository: string, { commit, ref }: ReleaseRun): string[] {
  return [
    ...['--repo', repository, '--signer-workflow', `${repository}/${WORKFLOW}`],
    ...['--source-ref', ref, '--source-digest', commit, '--deny-self-hosted-runners'],
  ];
}
