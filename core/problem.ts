import type { Fault, ProblemCode, ProblemError } from './errors.ts';

/**
 * An RFC 9457 problem document, as the API answers it and as an error JSON holds it.
 * `type` is the code itself, a reference relative to wherever the document stands; nothing is published under it.
 */
export interface Problem {
  readonly type: ProblemCode;
  readonly code: ProblemCode;
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  readonly errors?: readonly Fault[];
}

/** The public side of an error, with members that belong to one occasion. Never its cause, message or stack. */
export function problemOf<T extends object>(error: ProblemError, members: T): Problem & T {
  const { status, title } = error.kind;
  const detail = error.detail === undefined ? {} : { detail: error.detail };
  const errors = error.faults.length === 0 ? {} : { errors: error.faults };
  return { type: error.code, code: error.code, title, status, ...detail, ...errors, ...members };
}
