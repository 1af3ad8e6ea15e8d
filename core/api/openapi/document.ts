import { createDocument } from 'zod-openapi';
import { promptDocument } from '../../prompt/document.ts';
import { VERSION } from '../../version.ts';
import type { Operation } from '../operation.ts';
import { OPERATIONS } from '../operations.ts';
import { imageName } from '../request.ts';
import { operationObject } from './operation-object.ts';
import { problem } from './problems.ts';

const DESCRIPTION = `Drop an image, get a prompt: what it shows, and how to make one like it.

Errors are problem documents (RFC 9457) with a \`code\`; every code that an operation answers is listed with it. Every
answer has an \`x-request-id\`, which is taken from the request where it has one. HEAD works wherever GET does. Behind a
limit every answer has \`RateLimit\` and \`RateLimit-Policy\`. Unknown query parameters are refused.`;

/** The OpenAPI 3.1 document of the API, made of the operations that stand beside the routes. */
export function openApiDocument(): object {
  const paths: Record<string, Record<string, ReturnType<typeof operationObject>>> = {};
  for (const operation of OPERATIONS.flatMap(withoutPath)) {
    const method = operation.method.toLowerCase();
    paths[operation.path] = { ...paths[operation.path], [method]: operationObject(operation) };
  }
  return createDocument(
    {
      openapi: '3.1.0',
      info: { title: 'Prompt Generator', version: VERSION, description: DESCRIPTION, license: MIT },
      servers: [{ url: '/' }],
      security: [{ key: [] }, { bearer: [] }],
      paths,
      components: {
        schemas: { PromptDocument: promptDocument, Problem: problem },
        securitySchemes: {
          key: { type: 'apiKey', in: 'header', name: 'x-api-key' },
          bearer: { type: 'http', scheme: 'bearer', description: 'The same key as a bearer token.' },
        },
      },
    },
    {
      override({ jsonSchema, io }) {
        // Fields may be added to answers within a version.
        if (io === 'output' && jsonSchema.additionalProperties === false)
          delete jsonSchema.additionalProperties;
      },
    },
  );
}

/** What takes a name as part of its path takes it as a query parameter, too, where nothing else has that path. */
function withoutPath(operation: Operation): readonly Operation[] {
  const { id, method, path, query } = operation;
  const shorter = path.replace('/{name}', '') as Operation['path'];
  if (OPERATIONS.some((other) => other.method === method && other.path === shorter)) return [operation];
  return [
    operation,
    { ...operation, id: `${id}ByName`, path: shorter, query: { ...query, name: imageName } },
  ];
}

const MIT = { name: 'MIT', identifier: 'MIT' };
