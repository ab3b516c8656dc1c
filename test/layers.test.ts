// Holds the floors of src/ in place: who may import whom, which floors have no senses, and where the few powerful things are done.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import path from 'node:path';
import test from 'node:test';
import { blank, importsOf } from './source-scan.ts';

/** From the ground up: a folder imports only from folders before it, through their index.ts. errors.ts is free to all. */
const FLOORS = [
  'bytes',
  'object',
  'signature',
  'sigstore',
  'trust',
  'verify',
  'report',
  'git',
  'net',
  'sign',
  'history',
  'artifact',
  'setup',
  'sandbox',
  'tui',
  'commands',
  'index.ts',
  'cli.ts',
];
/** Floors that judge: functions of their arguments, without file system, processes, network, environment, clock or console. */
const PURE = new Set(FLOORS.slice(0, FLOORS.indexOf('report') + 1));
const PURE_MODULES = new Set(['node:buffer', 'node:crypto']);
/** Folders whose sub-folders are neighbours and know each other by their faces only. */
const SPLIT = new Set(['signature', 'sigstore']);
const PURE_PACKAGES: Readonly<Record<string, readonly string[]>> = { signature: ['openpgp'] };
const SENSES =
  /(?<![.\w$])(?:process|console|performance|fetch|setTimeout|setInterval|setImmediate|globalThis|navigator|WebSocket|eval)\b(?!\s*[:?]\s)|\bDate\.now\b|\bnew Date\(\s*\)|(?<!new\s)(?<![.\w$])Date\(|\bMath\.random\b|\bimport\.meta\b/g;

/** Things that only some folders may do: a pattern over code without strings, or a module. */
const POWERS: readonly { readonly what: string; readonly module?: RegExp; readonly code?: RegExp; readonly folders: readonly string[] }[] =
  [
    { what: 'starts programs', module: /^node:child_process$|^execa$|^simple-git$/, folders: ['git', 'sign', 'setup', 'sandbox'] },
    {
      what: 'opens sockets',
      module: /^node:(?:net|http|https|http2|tls|dgram|dns)(?:\/|$)/,
      code: /(?<![.\w$])fetch\(/,
      folders: ['net', 'sandbox'],
    },
    { what: 'sets the exit code', code: /\bprocess\s*\.\s*(?:exitCode|exit|abort|reallyExit)\b/, folders: ['cli.ts'] },
    {
      what: 'writes to a stream',
      code: /\bprocess\s*\.\s*(?:stdout|stderr)\b|(?<![.\w$])console\b/,
      folders: ['commands', 'tui', 'cli.ts'],
    },
    { what: 'runs text as code', module: /^node:(?:vm|repl)$/, code: /(?<![.\w$])(?:eval|Function)\s*\(/, folders: [] },
  ];

/** A name that tells programs what they may trust is given here and nowhere else. */
const DECIDER = 'verify/decide.ts';

function folderOf(file: string): string {
  return file.split('/')[0] ?? '';
}

/** Why `file` may not import what `specifier` names, or null. Paths are relative to src/. */
function importFault(file: string, specifier: string): string | null {
  const folder = folderOf(file);
  if (specifier === '*') return 'computes what it imports';
  if (!specifier.startsWith('.')) {
    if (!PURE.has(folder) || PURE_MODULES.has(specifier) || PURE_PACKAGES[folder]?.includes(specifier)) return null;
    return `a pure floor imports ${specifier}`;
  }
  const target = path.posix.join(path.posix.dirname(file), specifier);
  if (target === 'errors.ts') return null;
  if (target === '../package.json') return folder === 'commands' || folder === 'cli.ts' ? null : 'imports package.json';
  if (target.startsWith('..')) return `imports from outside of src: ${specifier}`;
  const above = folderOf(target);
  if (above === folder) {
    const [, part, ...rest] = target.split('/');
    const inside = !SPLIT.has(folder) || rest.length === 0 || part === file.split('/')[1];
    return inside || ['index.ts', 'types.ts'].includes(rest.join('/')) ? null : `imports past the face of ${folder}/${part}`;
  }
  if (!FLOORS.includes(above)) return `imports from ${above}, which is no floor`;
  if (FLOORS.indexOf(above) > FLOORS.indexOf(folder)) return `imports upward from ${above}`;
  return target === `${above}/index.ts` ? null : `imports past the face of ${above}`;
}

/** `'accepted'` as a value; comparing with it is free. Types are gone before this looks. */
function countAccepted(source: string): number {
  const code = blank(stripTypeScriptTypes(source), { strings: false });
  return [...code.matchAll(/(?<!(?:[!=]==?|case)\s*)(['"`])accepted\1(?!\s*[!=]==?)/g)].length;
}

/** Everything that is wrong with a set of files (path below src/ -> source), as `file: fault`. */
function faultsOf(files: ReadonlyMap<string, string>): string[] {
  const faults: string[] = [];
  for (const [file, source] of files) {
    const folder = folderOf(file);
    const add = (fault: string | null): void => void (fault === null || faults.push(`${file}: ${fault}`));
    if (!FLOORS.includes(folder) && file !== 'errors.ts') add('is on no floor');
    const imports = importsOf(source);
    for (const specifier of imports) add(file === 'errors.ts' ? 'errors.ts imports nothing' : importFault(file, specifier));
    const code = blank(source, { strings: true });
    if (PURE.has(folder) || file === 'errors.ts') for (const [sense] of code.matchAll(SENSES)) add(`a pure floor uses ${sense}`);
    for (const power of POWERS) {
      const does = (power.code?.test(code) ?? false) || imports.some((specifier) => power.module?.test(specifier) ?? false);
      if (does && !power.folders.includes(folder)) add(power.what);
    }
    const accepted = countAccepted(source);
    if (accepted > (file === DECIDER ? 1 : 0)) add(`makes a verdict 'accepted'`);
  }
  return faults;
}

function readSources(): Map<string, string> {
  const root = new URL('../src/', import.meta.url);
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' }).map((name) => name.replaceAll('\\', '/'));
  return new Map(names.filter((name) => /\.tsx?$/.test(name)).map((name) => [name, readFileSync(new URL(name, root), 'utf8')]));
}

test('the floors hold', () => {
  assert.deepEqual(faultsOf(readSources()), []);
});

test('exactly one place makes a verdict accepted', () => {
  assert.equal(countAccepted(readSources().get(DECIDER) ?? ''), 1);
});

test('every file says in its first line what it is for, and none is long', () => {
  for (const [file, source] of readSources()) {
    assert.match(source, /^(?:#!.*\n)?\/\/ \S.{10,}[.:]\n/, `${file}: the first line is one sentence in a comment`);
    assert.ok(source.split('\n').length <= 400, `${file}: more than 400 lines`);
    assert.doesNotMatch(source, /oxlint-disable|eslint-disable|@ts-(?:ignore|nocheck|expect-error)/, `${file}: silences a checker`);
  }
});

const PLANTED: readonly (readonly [file: string, source: string, fault: RegExp])[] = [
  ['verify/a.ts', "import { runGit } from '../git/index.ts';", /upward/],
  ['verify/a.ts', "import type { Repository } from '../git/index.ts';", /upward/],
  ['verify/a.ts', "export * from '../git/index.ts';", /upward/],
  ['verify/a.ts', "const git = await import('../git/index.ts');", /upward/],
  ['verify/a.ts', "import {\n  a,\n  b,\n} from '../object/split-commit.ts';", /past the face of object/],
  ['signature/ssh/a.ts', "import { parsePackets } from '../openpgp/packets.ts';", /past the face of signature\/openpgp/],
  ['history/a.ts', 'const module = await import(name);', /computes/],
  ['trust/a.ts', "import { readFileSync } from 'node:fs';", /pure floor imports node:fs/],
  ['trust/a.ts', "import 'openpgp';", /pure floor imports openpgp/],
  ['bytes/a.ts', 'const now = Date.now();', /Date\.now/],
  ['bytes/a.ts', 'const now = new Date();', /new Date/],
  ['object/a.ts', 'if (process.env.X) go();', /uses process/],
  ['object/a.ts', 'const text = `${process.cwd()}`;', /uses process/],
  ['report/a.ts', "console.log('x');", /writes to a stream/],
  ['history/a.ts', 'process.exitCode = 0;', /exit code/],
  ['git/a.ts', 'process.stderr.write(text);', /writes to a stream/],
  ['history/a.ts', "import { spawn } from 'node:child_process';", /starts programs/],
  ['commands/a.ts', "await fetch('https://example.org');", /opens sockets/],
  ['verify/a.ts', "const verdict = { ...check, decision: 'accepted' };", /accepted/],
  ['commands/a.ts', 'verdict.decision = "accepted";', /accepted/],
  ['verify/decide.ts', "const a = x ? 'accepted' : 'rejected'; const b = 'accepted';", /accepted/],
  ['misc/a.ts', 'export const a = 1;', /no floor/],
];

test('the checker finds what is planted', () => {
  for (const [file, source, fault] of PLANTED) {
    const faults = faultsOf(new Map([[file, source]]));
    assert.ok(
      faults.some((each) => fault.test(each)),
      `${file}: ${source} -> ${JSON.stringify(faults)}`,
    );
  }
});

test('the checker lets pass what only looks like a fault', () => {
  const harmless: readonly (readonly [string, string])[] = [
    ['verify/a.ts', "import { splitCommit } from '../object/index.ts';\nimport { ToolError } from '../errors.ts';"],
    ['verify/a.ts', "type Decision = 'accepted' | 'rejected'; const is = decision === 'accepted' || 'accepted' === decision;"],
    ['verify/a.ts', "// import { x } from '../git/index.ts'; Date.now() console\nconst text = 'process.exitCode = 1; console.log';"],
    ['bytes/a.ts', 'const quote = /[\'"`]/; const date = new Date(seconds * 1000); const half = a / b / c; // process'],
    ['report/a.ts', 'const text = `import x from "../git/index.ts" and process ${name} console`;'],
    ['signature/openpgp/a.ts', "const { readKeys } = await import('openpgp');"],
    ['cli.ts', "import { run } from './commands/index.ts';\nprocess.exitCode = await run();\nprocess.stderr.write('x');"],
  ];
  for (const [file, source] of harmless) assert.deepEqual(faultsOf(new Map([[file, source]])), [], source);
});
