import { readFile } from 'node:fs/promises';
import * as z from 'zod';

/** What one release consists of: what is deployed anywhere, and again for a rollback, is told by this file alone. */

const digest = z.stringFormat('sha256 digest', /^sha256:[0-9a-f]{64}$/);
const image = z.strictObject({
  /** Without tag, such as `ghcr.io/<owner>/prompt-generator`. */
  repository: z.string().regex(/^[a-z0-9.-]+(\/[a-z0-9._-]+)+$/, 'is no image repository'),
  digest,
});

export const RELEASE = z.strictObject({
  /** `1.2.3` for a tag `v1.2.3`, else the first twelve digits of the commit. */
  version: z.string().regex(/^[0-9A-Za-z][0-9A-Za-z.-]*$/),
  commit: z.string().regex(/^[0-9a-f]{40}$/),
  /** SHA-256, in hex, of functions.zip. */
  functionsSha256: z.string().regex(/^[0-9a-f]{64}$/),
  images: z.strictObject({ api: image, gateway: image }),
});

/** @throws Error where it is missing, or of another form */
export async function readRelease(file: string): Promise<z.infer<typeof RELEASE>> {
  return RELEASE.parse(JSON.parse(await readFile(file, 'utf8')));
}

/** @param ref as GitHub has it: `refs/tags/v1.2.3` or `refs/heads/main` */
export function versionOf(ref: string, commit: string): string {
  const [, tag] = /^refs\/tags\/v(\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?)$/.exec(ref) ?? [];
  return tag ?? commit.slice(0, 12);
}
