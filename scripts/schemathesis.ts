import { fileURLToPath } from 'node:url';
import { startTarget } from '../tests/schemathesis/server.ts';
import { pythonTool, run } from './python-tool.ts';

/**
 * Tries the API by its own OpenAPI document: schemathesis makes up requests, right and wrong ones, and checks each answer
 * against the document.
 */

const CONFIG = fileURLToPath(new URL('../tests/schemathesis/schemathesis.toml', import.meta.url));
const schemathesis = await pythonTool('schemathesis', '4.32.5');
const target = await startTarget();
try {
  const options = ['--config-file', CONFIG, 'run', ...process.argv.slice(2)];
  const document = `${target.address}/api/openapi.json`;
  process.exitCode = await run(schemathesis.command('schemathesis'), [...options, document], {
    // It leaves what it found in the folder it is started in.
    cwd: schemathesis.folder,
    env: { ...process.env, API_KEY: target.key },
  });
} finally {
  await target.close();
}
