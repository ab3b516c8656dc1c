// Node's compile cache holds code that will be run: it is used in a directory that is ours alone, and nowhere else.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';

const CLI = join(import.meta.dirname, '../../dist/cli.js');

function makeCache(context: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'countersign-compiled-'));
  context.after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** Whether a run with this cache directory leaves compiled code in it. */
function isUsed(cache: string, environment: Readonly<Record<string, string>> = {}): boolean {
  const { status } = spawnSync(process.execPath, [CLI, 'explain'], { env: { ...process.env, XDG_CACHE_HOME: cache, ...environment } });
  assert.equal(status, 0);
  const compiled = join(cache, 'countersign/compiled');
  return existsSync(compiled) && readdirSync(compiled).length > 0;
}

test('in a directory of our own the compiled program is kept', (context) => {
  assert.ok(isUsed(makeCache(context)));
});

test('it is not where others may write, at any level, or where a link leads', (context) => {
  for (const level of ['', 'countersign', 'countersign/compiled']) {
    const cache = makeCache(context);
    mkdirSync(join(cache, 'countersign/compiled'), { recursive: true });
    chmodSync(join(cache, level), 0o777);
    assert.equal(isUsed(cache), false, level);
  }
  const cache = makeCache(context);
  const elsewhere = makeCache(context);
  symlinkSync(elsewhere, join(cache, 'countersign'));
  assert.equal(isUsed(cache), false, 'a link');
});

test('it can be turned off, and --version and a missing home do without', (context) => {
  const cache = makeCache(context);
  assert.equal(isUsed(cache, { NODE_DISABLE_COMPILE_CACHE: '1' }), false);
  spawnSync(process.execPath, [CLI, '--version'], { env: { ...process.env, XDG_CACHE_HOME: cache } });
  assert.equal(existsSync(join(cache, 'countersign')), false);
  assert.equal(spawnSync(process.execPath, [CLI, 'explain'], { env: { HOME: '/nonexistent' } }).status, 0);
});
