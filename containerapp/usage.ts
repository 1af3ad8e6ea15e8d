import { parseArgs } from 'node:util';

/** `EX_USAGE` of sysexits.h. */
export const EXIT_USAGE = 64;

/** @returns those of these flags that are there; null for arguments that are none of them */
export function readFlags(args: readonly string[], known: readonly string[]): ReadonlySet<string> | null {
  const options = Object.fromEntries(known.map((flag) => [flag, { type: 'boolean' } as const]));
  try {
    return new Set(Object.keys(parseArgs({ args: [...args], options }).values));
  } catch {
    // It says by an error what is wrong.
    return null;
  }
}
