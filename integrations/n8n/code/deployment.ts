import { links, type Notification, named, readable } from './notification.ts';

interface DeploymentNotice {
  readonly [field: string]: string | null;
}

const TITLES: Readonly<Record<string, string>> = {
  'deployment.succeeded': 'Deployed',
  'deployment.failed': 'Deployment failed',
  'workflow.failed': 'Workflow failed',
};

export function deployment(notice: DeploymentNotice): Notification {
  const { type, workflow, environment, version, commit, repository, actor, time } = notice;
  const what = [type === 'workflow.failed' ? workflow : (version ?? workflow), environment]
    .map(readable)
    .filter((part) => part !== '');
  return {
    tone: type === 'deployment.succeeded' ? 'good' : 'attention',
    title: `${TITLES[type ?? ''] ?? readable(type)}: ${what.join(' to ')}`,
    facts: named({
      Repository: repository,
      Workflow: workflow,
      Environment: environment,
      Version: version,
      Commit: commit?.slice(0, 12),
      By: actor,
      Time: time,
    }),
    texts: [],
    links: links({ 'Workflow run': notice.url }),
  };
}
