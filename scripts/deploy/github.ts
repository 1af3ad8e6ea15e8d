const TIMEOUT_MS = 30_000;

export interface GitHub {
  /** The repository's address in GitHub's API. */
  readonly repository: string;
  readonly token: string;
}

/**
 * @param path below the repository
 * @returns the answer's JSON
 * @throws Error with what GitHub says, where it refuses
 */
export async function ask(
  { repository, token }: GitHub,
  method: string,
  path: string,
  body?: object,
): Promise<unknown> {
  const answer = await fetch(`${repository}${path}`, {
    method,
    headers: {
      accept: 'application/vnd.github+json',
      authorization: `Bearer ${token}`,
      'x-github-api-version': '2022-11-28',
    },
    body: body === undefined ? null : JSON.stringify(body),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}
