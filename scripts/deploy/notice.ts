import * as z from 'zod';

/** What is told of a deployment or of a workflow that failed: flat, so that any receiver can read it without code. */
export const NOTICE = z.strictObject({
  type: z.enum(['deployment.succeeded', 'deployment.failed', 'workflow.failed']),
  /** The workflow, such as `deploy`. */
  workflow: z.string().min(1),
  /** Where it was deployed to, or null. */
  environment: z.string().nullable(),
  version: z.string().nullable(),
  commit: z.string(),
  repository: z.string(),
  actor: z.string(),
  /** Where the run can be looked at. */
  url: z.url(),
  time: z.iso.datetime(),
});
export type Notice = z.infer<typeof NOTICE>;

/** @param env as GitHub sets it, and NOTICE_TYPE, NOTICE_ENVIRONMENT and NOTICE_VERSION */
export function noticeOf(env: Readonly<Record<string, string | undefined>>, now: Date): Notice {
  const { GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_RUN_ID } = env;
  return NOTICE.parse({
    type: env.NOTICE_TYPE,
    workflow: env.GITHUB_WORKFLOW,
    environment: env.NOTICE_ENVIRONMENT || null,
    version: env.NOTICE_VERSION || null,
    commit: env.GITHUB_SHA,
    repository: GITHUB_REPOSITORY,
    actor: env.GITHUB_ACTOR,
    url: `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}`,
    time: now.toISOString(),
  });
}
