// Replays README.md: runs what its console blocks show, and hands out its code examples.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const CONSOLE = /```console\n([\s\S]*?)```/g;
const CODE = /```ts\n([\s\S]*?)```/g;

/** The directory into which the README's first command clones. */
const SHOWN = '/tmp/widget';

function runShown(command: string, root: string, directory: string): string {
  const real = command.replaceAll(SHOWN, directory).replace(/^npx countersign/, `"${process.execPath}" dist/cli.js`);
  const env = { ...process.env, NO_COLOR: '1', XDG_CACHE_HOME: join(directory, '../cache') };
  const { stdout, stderr, error } = spawnSync('sh', ['-c', real], { cwd: root, env, encoding: 'utf8' });
  if (error !== undefined) throw error;
  return stdout + stderr;
}

/** Runs `use` with a directory that stands for `/tmp/widget`, and removes it. */
async function withClone<T>(use: (directory: string) => T | Promise<T>): Promise<T> {
  const home = mkdtempSync(join(tmpdir(), 'countersign-readme-'));
  try {
    return await use(join(home, 'widget'));
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/** The README with what its commands print now in place of what it shows. */
export function replayReadme(readme: string, root: string): Promise<string> {
  return withClone((directory) =>
    readme.replaceAll(CONSOLE, (_, block: string) => {
      const commands = block.split('\n').filter((line) => line.startsWith('$ '));
      const shown = commands.map((line) => `${line}\n${runShown(line.slice(2), root, directory)}`);
      return `\`\`\`console\n${shown.join('')}\`\`\``;
    }),
  );
}

/** What each of the README's code examples prints, run from the checkout, where `countersign` names this package. */
export function runExamples(readme: string, root: string): Promise<readonly string[]> {
  return withClone((directory) => {
    const { stderr, status } = spawnSync('git', ['clone', '-q', join(root, 'examples/widget.bundle'), directory], { encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
    return [...readme.matchAll(CODE)].map(([, code = '']) => {
      const input = code.replaceAll(SHOWN, directory);
      const run = spawnSync(process.execPath, ['--input-type=module-typescript', '-'], { cwd: root, input, encoding: 'utf8' });
      if (run.status !== 0) throw new Error(run.stderr);
      return run.stdout;
    });
  });
}
