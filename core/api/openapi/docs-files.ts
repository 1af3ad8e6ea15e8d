import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export interface DocsFile {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly type: string;
  readonly etag: string;
}

/** Swagger UI's own, and the page that starts it: everything that a browser loads comes from here. */
const SWAGGER = {
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'swagger-ui.css': 'text/css; charset=utf-8',
} as const;

const START = `window.ui = SwaggerUIBundle({
  url: '/api/openapi.json',
  dom_id: '#docs',
  deepLinking: true,
  validatorUrl: null,
  // Names have slashes, which this page would encode and the API refuses.
  requestInterceptor: (request) => {
    const url = new URL(request.url, location.href);
    url.pathname = url.pathname.replace(/%2F/gi, '/');
    return { ...request, url: url.href };
  },
});
`;

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Prompt Generator: API</title>
    <link rel="stylesheet" href="/api/docs/swagger-ui.css">
    <link rel="icon" href="data:,">
  </head>
  <body>
    <div id="docs"></div>
    <script src="/api/docs/swagger-ui-bundle.js"></script>
    <script src="/api/docs/start.js"></script>
  </body>
</html>
`;

let loaded: ReadonlyMap<string, DocsFile> | undefined;

/** By the part of the path behind `/api/docs/`, which is empty for the page itself. Read once, when first asked for. */
export function docsFile(name: string): DocsFile | undefined {
  loaded ??= new Map([
    ['', file(Buffer.from(PAGE), 'text/html; charset=utf-8')],
    ['start.js', file(Buffer.from(START), SWAGGER['swagger-ui-bundle.js'])],
    ...Object.entries(SWAGGER).map(
      ([each, type]) => [each, file(readFileSync(swaggerPath(each)), type)] as const,
    ),
  ]);
  return loaded.get(name);
}

function file(bytes: Buffer<ArrayBuffer>, type: string): DocsFile {
  return { bytes, type, etag: `"${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}"` };
}

/** In the sources the package's folder; in a bundle beside main.mjs, which this may be part of, or of a chunk below it. */
function swaggerPath(name: string): string {
  const found = ['../../../node_modules/swagger-ui-dist', './swagger-ui', '../swagger-ui']
    .map((folder) => fileURLToPath(new URL(`${folder}/${name}`, import.meta.url)))
    .find((path) => existsSync(path));
  if (found === undefined) throw new Error(`the file ${name} of Swagger UI is missing`);
  return found;
}
