import type { Log } from '../../../core/log.ts';

/** A log that keeps what it is told at the level of errors. */
export function toldLog(): Log & { readonly errors: readonly object[] } {
  const errors: object[] = [];
  return { errors, info() {}, warn() {}, error: (fields, message) => errors.push({ ...fields, message }) };
}
