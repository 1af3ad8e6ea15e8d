import * as z from 'zod';
import { ask, type GitHub } from './github.ts';

const TITLE = 'Release: Sync dev -> main';
const LABELS = ['release', 'automation'];
const BODY = 'Brings what is on dev to main. Merging it builds a release and deploys it: see docs/deploy.md.';

const PULL = z.object({ number: z.number(), html_url: z.string() });
const COMPARISON = z.object({ ahead_by: z.number() });

/**
 * Opens the pull request where there is none and there is something to release; in any case it has its labels then.
 * @returns what was done, for a log
 * @throws Error when GitHub refuses
 */
export async function keepReleasePr(github: GitHub): Promise<string> {
  const [owner = ''] = github.repository.split('/').slice(-2);
  const head = encodeURIComponent(`${owner}:dev`);
  const open = z.array(PULL).parse(await ask(github, 'GET', `/pulls?state=open&base=main&head=${head}`));
  let [pull] = open;
  if (pull === undefined) {
    const { ahead_by: ahead } = COMPARISON.parse(await ask(github, 'GET', '/compare/main...dev'));
    if (ahead === 0) return 'dev has nothing that main lacks';
    const request = { title: TITLE, head: 'dev', base: 'main', body: BODY };
    pull = PULL.parse(await ask(github, 'POST', '/pulls', request));
  }
  await ask(github, 'POST', `/issues/${pull.number}/labels`, { labels: LABELS });
  return `${open.length > 0 ? 'open' : 'opened'}: ${pull.html_url}`;
}
