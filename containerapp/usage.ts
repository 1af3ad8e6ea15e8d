import { parseArgs } from 'node:util';

/** `EX_USAGE` of sysexits.h. */
export const EXIT_USAGE = 64;

/** @returns which of these flags are there; null for arguments that are none of them */
export function readFlags<const T extends readonly string[]>(
  args: readonly string[],
  flags: T,
): Readonly<Record<T[number], boolean>> | null {
  const options = Object.fromEntries(
    flags.map((flag) => [flag, { type: 'boolean', default: false } as const]),
  );
  try {
    const { values } = parseArgs({ args: [...args], options });
    // Every flag has a default, so there is a value for each.
    return values as Record<T[number], boolean>;
  } catch {
    // It says by an error what is wrong.
    return null;
  }
}
