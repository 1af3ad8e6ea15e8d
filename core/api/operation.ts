import type * as z from 'zod';
import type { ProblemCode } from '../errors.ts';

export interface Answer {
  readonly status: number;
  /** None for an answer without a body. */
  readonly types: readonly string[];
  /** What it means, where the status alone does not tell. */
  readonly description?: string;
  /** Headers that it has beside those of every answer, each with what it says. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Of a JSON answer. */
  readonly schema?: z.ZodType;
  readonly example?: unknown;
}

/** What a route is to its callers. It stands beside the route and holds the very schemas that validate. */
export interface Operation {
  /** As OpenAPI's operationId. */
  readonly id: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** As OpenAPI writes it: `/api/thumbnails/{name}`. */
  readonly path: `/api/${string}`;
  /** What the path has beside an image's name. */
  readonly pathParameters?: z.ZodRawShape;
  readonly summary: string;
  readonly description: string;
  /** It needs no key, and nobody counts it. */
  readonly isOpen?: true;
  readonly query?: z.ZodRawShape;
  /** Headers that the caller sends, each with what it says. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Of these, those without which it refuses, each with an example. */
  readonly neededHeaders?: Readonly<Record<string, string>>;
  readonly body?: { readonly schema: z.ZodType; readonly example: unknown };
  /** What a body may be instead of JSON, by its content type; null for bytes. */
  readonly otherBodies?: Readonly<Record<string, z.ZodType | null>>;
  readonly answer: Answer;
  readonly otherAnswers?: readonly Answer[];
  /** What it refuses beside what every route does. */
  readonly errors: readonly ProblemCode[];
}
