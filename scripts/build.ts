// Builds dist/: the program and the library, bundled with code splitting so that each command loads only what it needs, and the types.

import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { build, type Plugin } from 'esbuild';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');

/**
 * Takes node's own modules as they are. An `import` of one reads every property of it at once, getters too, and so starts what nobody asked
 * for (Web Crypto, for one): 10 ms of each start.
 */
const builtins: Plugin = {
  name: 'builtins',
  setup(context) {
    context.onResolve({ filter: /^node:/ }, ({ path }) => ({ path, namespace: 'builtin' }));
    context.onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule('${path}');`,
    }));
  },
};

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist, { recursive: true });
await build({
  absWorkingDir: root,
  entryPoints: { cli: 'src/cli.ts', index: 'src/index.ts', worker: 'src/history/worker.ts' },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node22',
  // Bundled for start-up; openpgp is loaded only for keyrings and stays a package, so that its fixes reach users without a release of ours.
  external: ['openpgp'],
  plugins: [builtins],
  // Half the size is half the time to compile at each start; names stay, so that a stack trace can be read.
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'linked',
});
chmodSync(join(dist, 'cli.js'), 0o755);
const types = spawnSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json'], {
  cwd: root,
  stdio: 'inherit',
});
process.exitCode = types.status ?? 1;
