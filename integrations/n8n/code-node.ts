import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/**
 * The text of a Code node: a file of code/ with all that it needs, and its answer for each item.
 * @param call what is answered, of `$json`, the item, and `$env`
 */
export async function codeOf(file: string, call: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(`code/${file}`, import.meta.url))],
    absWorkingDir: fileURLToPath(new URL('.', import.meta.url)),
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    charset: 'utf8',
  });
  const code = outputFiles[0]?.text ?? '';
  return `${code.replace(/^export \{[^}]*\};\s*$/m, '')}\nreturn { json: ${call} };\n`;
}
