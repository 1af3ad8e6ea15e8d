import type { Az } from './az.ts';

export interface ImageImport {
  /** Name of the registry, without its domain. */
  readonly registry: string;
  /** Each `<host>/<path>@sha256:<hex>`. */
  readonly images: readonly string[];
  /** Who may read the source; null for a public one. */
  readonly source: { readonly user: string; readonly token: string } | null;
  readonly az: Az;
}

/** @returns what was imported, as the registry calls it: `<name>@<digest>` */
export async function importImages({ registry, images, source, az }: ImageImport): Promise<string[]> {
  const imported: string[] = [];
  for (const image of images) {
    const [, repository, digest] =
      /^[a-z0-9.-]+\/(?:.+\/)?([a-z0-9._-]+)@(sha256:[0-9a-f]{64})$/.exec(image) ?? [];
    if (!repository || !digest) throw new Error(`${image} is no image named by its digest`);
    const credentials = source ? ['--username', source.user, '--password', source.token] : [];
    await az([
      ...['acr', 'import', '--name', registry, '--source', image],
      // A tag keeps the image from being purged as untagged; what is deployed is the digest.
      ...['--image', `${repository}:${digest.slice('sha256:'.length, 'sha256:'.length + 12)}`, '--force'],
      ...credentials,
    ]);
    imported.push(`${repository}@${digest}`);
  }
  return imported;
}
