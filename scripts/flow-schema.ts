import * as z from 'zod';

const scalar = z.enum(['string', 'number', 'integer', 'boolean', 'null']);

const property = z.looseObject({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  description: z.string().optional(),
  anyOf: z.array(z.looseObject({ type: z.string() })).optional(),
});

const source = z.looseObject({
  title: z.string().optional(),
  properties: z.record(z.string(), property),
  required: z.array(z.string()),
});

/**
 * The plain values at the top of a JSON Schema, as Parse JSON of Power Automate wants them: each with its type, and of what may be
 * null both; `anyOf` and formats would hide a value from the list of those that can be picked.
 */
export function flowSchema(schema: object): object {
  const { title, properties, required } = source.parse(schema);
  const plain = Object.entries(properties).flatMap(([name, { type, anyOf, description }]) => {
    const types = scalars(type ?? anyOf?.map((each) => each.type) ?? []);
    return types === null ? [] : [[name, { type: types, ...(description && { description }) }] as const];
  });
  return {
    ...(title && { title }),
    type: 'object',
    properties: Object.fromEntries(plain),
    required: required.filter((name) => plain.some(([known]) => known === name)),
  };
}

/** Null where there is anything with parts. */
function scalars(types: string | readonly string[]): string | readonly string[] | null {
  const all = z.array(scalar).min(1).safeParse([types].flat());
  if (!all.success) return null;
  const [only, ...more] = all.data;
  return more.length === 0 && only ? only : all.data;
}
