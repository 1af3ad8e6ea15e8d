import { STATUS_CODES } from 'node:http';
import * as z from 'zod';
import type {
  ZodOpenApiContentObject,
  ZodOpenApiOperationObject,
  ZodOpenApiParameters,
  ZodOpenApiResponseObject,
} from 'zod-openapi';
import { IDEMPOTENCY_KEY } from '../guards/idempotency.ts';
import type { Answer, Operation } from '../operation.ts';
import { imageName } from '../request.ts';
import { problemResponses } from './problems.ts';

const NAME = imageName.meta({
  example: 'cat.jpg',
  description:
    'Name of an image in the container. Write its slashes plainly: an encoded one (%2F) is refused, since hosts decode it differently. A client that cannot do that sends it as the query parameter `name`, without this part of the path.',
});

const KEY = z
  .string()
  .regex(IDEMPOTENCY_KEY)
  .optional()
  .describe(
    'Of your choice, for instance a UUID. For 24 hours the same request with the same key is done once and gets the same answer, then with the header `Idempotency-Replayed`.',
  );

/** Bytes, as Swagger UI knows them, too. */
const BYTES = { type: 'string', format: 'binary' } as const;

/** An operation as OpenAPI has it, of the schemas that its route validates with. */
export function operationObject(operation: Operation): ZodOpenApiOperationObject {
  const { id, summary, description, isOpen, answer, otherAnswers = [] } = operation;
  const bodies = bodiesOf(operation);
  return {
    operationId: id,
    summary,
    description,
    ...(isOpen && { security: [] }),
    requestParams: parametersOf(operation),
    ...(bodies && { requestBody: { required: true, content: bodies } }),
    responses: {
      ...problemResponses(operation),
      // A stored problem may have any code, so it takes the place of those that are listed.
      ...Object.fromEntries([answer, ...otherAnswers].map((each) => [each.status, responseOf(each)])),
    },
  };
}

function parametersOf({
  method,
  path,
  pathParameters,
  query,
  headers = {},
  neededHeaders = {},
}: Operation): ZodOpenApiParameters {
  const sent = Object.entries(headers).map(([name, meaning]) => {
    const schema = z.string().describe(meaning);
    const example = neededHeaders[name];
    return [name, example === undefined ? schema.optional() : schema.meta({ example })] as const;
  });
  const all = [...sent, ...(method === 'POST' ? [['idempotency-key', KEY] as const] : [])];
  return {
    ...(path.includes('{name}') && { path: z.object({ name: NAME }) }),
    ...(pathParameters && { path: z.object(pathParameters) }),
    ...(query && { query: z.object(query) }),
    ...(all.length > 0 && { header: z.object(Object.fromEntries(all)) }),
  };
}

function bodiesOf({ body, otherBodies = {} }: Operation): ZodOpenApiContentObject | null {
  if (body === undefined) return null;
  const others = Object.entries(otherBodies).map(([type, schema]) => [type, { schema: schema ?? BYTES }]);
  return {
    'application/json': { schema: body.schema, example: body.example },
    ...Object.fromEntries(others),
  };
}

function responseOf({
  status,
  types,
  description,
  headers,
  schema,
  example,
}: Answer): ZodOpenApiResponseObject {
  const isText = (type: string) => /json|text|xml/.test(type);
  const content = types.map((type) => [
    type,
    {
      schema: schema ?? (isText(type) ? {} : BYTES),
      ...(example !== undefined && { example }),
    },
  ]);
  return {
    description: description ?? STATUS_CODES[status] ?? '',
    ...(headers && {
      headers: Object.fromEntries(
        Object.entries(headers).map(([name, meaning]) => [
          name,
          { description: meaning, schema: { type: 'string' as const } },
        ]),
      ),
    }),
    ...(content.length > 0 && { content: Object.fromEntries(content) }),
  };
}
