interface LockEntry {
  readonly version?: string;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** A package-lock.json of version 3, as far as it is used here. */
export interface Lockfile {
  readonly lockfileVersion: number;
  /** By path; the empty path is the package itself. */
  readonly packages: Readonly<Record<string, LockEntry>>;
}

/**
 * The lockfile of a package that depends on a few of the packages of another lockfile: the very same versions, by the same
 * hashes, with all they need on any platform.
 * @throws Error when a package that is needed is not in the lockfile
 */
export function lockedWith(lockfile: Lockfile, manifest: Pick<LockEntry, 'dependencies'>): Lockfile {
  const packages: Record<string, LockEntry> = { '': manifest };
  const open = Object.keys(manifest.dependencies ?? {}).map((name) => ({ name, from: '' }));
  for (const { name, from } of open) {
    const path = resolvePackage(lockfile, name, from);
    if (path in packages) continue;
    const entry = lockfile.packages[path] ?? {};
    packages[path] = entry;
    const needs = Object.keys({ ...entry.dependencies, ...entry.optionalDependencies });
    open.push(...needs.map((need) => ({ name: need, from: `${path}/` })));
  }
  return { lockfileVersion: lockfile.lockfileVersion, packages };
}

/** Looks for a package as Node does: in the node_modules of the one that needs it, then in those of the folders above. */
function resolvePackage({ packages }: Lockfile, name: string, from: string): string {
  for (
    let folder = from;
    ;
    folder = folder.slice(0, folder.lastIndexOf('node_modules/', folder.length - 1))
  ) {
    const path = `${folder}node_modules/${name}`;
    if (path in packages) return path;
    if (folder === '') throw new Error(`package-lock.json has no ${name}`);
  }
}
