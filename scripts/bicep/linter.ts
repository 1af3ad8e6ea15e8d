import { spawnSync } from 'node:child_process';

/** A program that knows Bicep, and what it is to be asked with. */
export interface BicepLinter {
  readonly name: string;
  readonly command: string;
  /** @param folder with main.bicep and the parameter files of each environment */
  readonly args: (folder: string) => readonly (readonly string[])[];
}

const PARAMETER_FILES = ['main', 'staging', 'production'] as const;

/** The rules of bicepconfig.json are errors to both of them. */
const LINTERS: readonly (BicepLinter & { readonly version: readonly string[] })[] = [
  {
    name: 'bicep',
    command: 'bicep',
    version: ['--version'],
    args: (folder) => [
      ['build', `${folder}/main.bicep`, '--stdout'],
      ...PARAMETER_FILES.map((name) => ['build-params', `${folder}/${name}.bicepparam`, '--stdout']),
    ],
  },
  {
    name: 'az bicep',
    command: 'az',
    version: ['bicep', 'version'],
    args: (folder) => [
      ['bicep', 'build', '--file', `${folder}/main.bicep`, '--stdout'],
      ...PARAMETER_FILES.map((name) => [
        ...['bicep', 'build-params', '--file'],
        ...[`${folder}/${name}.bicepparam`, '--stdout'],
      ]),
    ],
  },
];

/**
 * The program BICEP_CHECK names, else the Bicep CLI, else the Azure CLI with it; null where there is none, since Bicep is no
 * package of npm and only those who deploy need it.
 */
export function findLinter(env: NodeJS.ProcessEnv): BicepLinter | null {
  const named = env.BICEP_CHECK;
  if (named) {
    return {
      name: 'BICEP_CHECK',
      command: named,
      args: (folder) => [['--warnings-as-errors', '--quiet', folder]],
    };
  }
  return LINTERS.find(({ command, version }) => answers(command, version)) ?? null;
}

function answers(command: string, version: readonly string[]): boolean {
  return spawnSync(command, version, { stdio: 'ignore', timeout: 60_000 }).status === 0;
}

/** @returns what it says, where it found anything; null where it found nothing */
export function lint(linter: BicepLinter, folder: string): string | null {
  for (const args of linter.args(folder)) {
    const { status, stdout, stderr, error } = spawnSync(linter.command, args, {
      encoding: 'utf8',
      timeout: 300_000,
      maxBuffer: 64 * 1024 * 1024,
    });
    if (error) throw error;
    if (status !== 0) return `${stdout}${stderr}`;
  }
  return null;
}
