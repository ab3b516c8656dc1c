// Holds the documents to the code: every reason has its page, every code that a page names exists, and no link is broken.

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { reasonPages } from '../scripts/reasons.ts';
import { isReasonCode, REASON_CODES, REASONS } from '../src/verify/reasons.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const TOP_DOCUMENTS = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md'];

function readDocuments(): Map<string, string> {
  const below = readdirSync(path.join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' }).map((name) => path.join('docs', name));
  const names = [...TOP_DOCUMENTS, ...below].filter((name) => name.endsWith('.md') && existsSync(path.join(ROOT, name)));
  return new Map(names.map((name) => [name, readFileSync(path.join(ROOT, name), 'utf8')]));
}

test('docs/reasons is in step with the table: node scripts/reasons.ts', () => {
  const folder = path.join(ROOT, 'docs', 'reasons');
  const pages = reasonPages();
  assert.deepEqual(readdirSync(folder).toSorted(), [...pages.keys()].toSorted());
  for (const [name, text] of pages) assert.equal(readFileSync(path.join(folder, name), 'utf8'), text, name);
});

test('every reason is a short title, sentences, and commands that say what they are', () => {
  const titles = new Set<string>();
  for (const code of REASON_CODES) {
    const { title, explain, fix, commands = [] } = REASONS[code];
    assert.match(title, /^[A-Za-z].{3,60}[^.]$/, code);
    assert.ok(!titles.has(title), `${code}: the title of another reason`);
    titles.add(title);
    for (const text of [explain, fix]) assert.match(text, /^(?:[A-Z]|countersign ).*[.)]$/, code);
    assert.ok(explain.length >= 60 && explain.length <= 600, `${code}: ${explain.length} characters`);
    for (const text of [title, explain, fix, ...commands]) assert.doesNotMatch(text, /[\n\t]| {2}/, code);
    for (const command of commands) assert.match(command, /^(?:git|gpg|ssh-keygen|countersign|echo|grep) /, code);
  }
});

test('a code is only its own name', () => {
  assert.ok(isReasonCode('UNSIGNED'));
  for (const text of ['unsigned', 'toString', '__proto__', 'constructor', '']) assert.ok(!isReasonCode(text), text);
});

test('codes that documents name exist', () => {
  for (const [name, text] of readDocuments()) {
    for (const [, code = ''] of text.matchAll(/`((?:OBJECT|HEADER|MESSAGE|PARENTS|SIGNATURE|IDENTITY|SSH|OPENPGP|X509)_[A-Z0-9_]+)`/g)) {
      assert.ok(isReasonCode(code), `${name}: ${code}`);
    }
  }
});

test('links between documents lead somewhere', () => {
  for (const [name, text] of readDocuments()) {
    for (const [, target = ''] of text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)(?:#[^)]*)?\)/g)) {
      assert.ok(existsSync(path.join(ROOT, path.dirname(name), target)), `${name} links to ${target}`);
    }
    for (const [, file = ''] of text.matchAll(/(?<![\w/.`])((?:src|docs|test|scripts|schema)\/[\w./-]*\.(?:ts|md|json))\b/g)) {
      assert.ok(existsSync(path.join(ROOT, file)), `${name} names ${file}`);
    }
  }
});

test('CONTRIBUTING.md stays short', () => {
  assert.ok((readDocuments().get('CONTRIBUTING.md') ?? '').trimEnd().split('\n').length <= 60);
});
