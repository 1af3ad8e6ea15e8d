import * as z from 'zod';
import { openApiDocument } from '../core/api/openapi/document.ts';

const documentShape = z.object({
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.object({
        responses: z.record(
          z.string(),
          z.object({
            content: z
              .record(z.string(), z.object({ examples: z.record(z.string(), z.unknown()).optional() }))
              .optional(),
          }),
        ),
      }),
    ),
  ),
});

const { paths } = documentShape.parse(openApiDocument());

/**
 * Throws where the OpenAPI document does not have an answer: its status, its content type, or the code of its problem. Paths
 * and methods that the document does not have are answered with errors that belong to no operation.
 */
export async function requireDocumented(path: string, method: string, answer: Response): Promise<void> {
  const { pathname } = new URL(path, 'http://localhost');
  const operation = operationOf(pathname, method === 'HEAD' ? 'get' : method.toLowerCase());
  if (!operation || answer.status === 405) return;
  const what = `${method} ${pathname} ${answer.status}`;
  const response = operation.responses[`${answer.status}`];
  if (!response) throw new Error(`${what} is not documented`);
  const type = answer.headers.get('content-type')?.split(';', 1)[0] ?? null;
  if (type === null || method === 'HEAD') return;
  const content = response.content?.[type];
  if (!content) throw new Error(`${what} with ${type} is not documented`);
  if (type !== 'application/problem+json' || !content.examples) return;
  const { code, instance } = z
    .looseObject({ code: z.string(), instance: z.string().optional() })
    .parse(await answer.clone().json());
  // One without an instance was stored beside an image; any code may be.
  if (instance !== undefined && !(code in content.examples))
    throw new Error(`${what} ${code} is not documented`);
}

function operationOf(pathname: string, method: string) {
  const exact = paths[pathname.replace(/(?<=.)\/$/, '')];
  if (exact) return exact[method];
  const [template] = Object.keys(paths).filter(
    (each) => each.endsWith('}') && pathname.startsWith(each.replace(/\{\w+\}$/, '')),
  );
  return template === undefined ? undefined : paths[template]?.[method];
}
