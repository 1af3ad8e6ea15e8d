import { z } from 'zod';

/** What structured output understands; others, above all limits of any kind, make it refuse the request. */
const KEYWORDS = new Set([
  'type',
  'properties',
  'required',
  'additionalProperties',
  'items',
  'description',
  'enum',
]);
const MAX_LEVELS = 5;
const MAX_PROPERTIES = 100;

const node = z.looseObject({
  type: z.unknown().optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  required: z.array(z.string()).optional(),
  additionalProperties: z.unknown().optional(),
  items: z.unknown().optional(),
});

/**
 * Why a schema is not one for strict structured output; null when it is.
 * Rules: https://learn.microsoft.com/azure/ai-foundry/openai/how-to/structured-outputs
 */
export function strictSchemaFault(schema: unknown): string | null {
  let properties = 0;
  const faultOf = (value: unknown, level: number, path: string): string | null => {
    if (level > MAX_LEVELS) return `${path} is nested too deeply`;
    const parsed = node.safeParse(value);
    if (!parsed.success) return `${path} is no schema`;
    const unknown = Object.keys(parsed.data).find((key) => !KEYWORDS.has(key));
    if (unknown) return `${path} has the keyword ${unknown}, which is not permitted`;
    const { type, required = [], additionalProperties, items } = parsed.data;
    if (type === 'array') return faultOf(items, level + 1, `${path}[]`);
    if (type !== 'object') return null;
    const children = Object.entries(parsed.data.properties ?? {});
    properties += children.length;
    if (properties > MAX_PROPERTIES) return 'there are too many properties';
    if (additionalProperties !== false) return `${path} must say additionalProperties: false`;
    const optional = children.find(([name]) => !required.includes(name));
    if (optional) return `${path} does not require ${optional[0]}`;
    if (required.length !== children.length) return `${path} requires what it does not have`;
    return children.reduce<string | null>(
      (fault, [name, child]) => fault ?? faultOf(child, level + 1, `${path}.${name}`),
      null,
    );
  };
  if (node.safeParse(schema).data?.type !== 'object') return 'the root is not an object';
  return faultOf(schema, 1, 'the root');
}
