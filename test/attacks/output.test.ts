// Attack 44: text from the repository, from keys and from the command line tries to act on a terminal, a CI log or a report's reader.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import test from 'node:test';
import { AttackWorld } from '../support/attack.ts';
import { raw, signWith } from '../support/attack-encoding.ts';
import { makeOpenpgpTestKey } from '../support/openpgp-keys.ts';
import { buildCommit, signCommit } from '../support/repository.ts';

/** Clears the screen, sets a link and the title, turns text round, rewrites the line, commands CI systems. */
const HOSTILE = [
  '\u001b[2J\u001b[31maccepted',
  '\u001b]8;;https://evil.example\u0007link\u001b]8;;\u0007',
  '\u001b]0;title\u0007',
  '\u009b2J\u0090x\u009c',
  '\u202eevil\u2066\u2069\u200f\u061c',
  '\raccepted G',
  '::error title=x::y',
  '##[error]x##vso[task.complete result=Succeeded]##teamcity[testFinished]',
  '\u200b\u2060\ufeff\u00ad\u180e\u{e0041}\u2028\u2029\u0085\u0008\u007f',
  ']]>--><script>alert(1)</script>&amp;"\'',
  '[x](javascript:alert(1)) {0}',
];
const FORMATS = ['text', 'json', 'ndjson', 'sarif', 'junit'];

// What may reach a terminal of what we print: line feeds and what can be seen.
const UNSAFE =
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]|[\u{e0000}-\u{e007f}]/u;
const CI_LINE = /^\s*::|##(?:\[|vso\[|teamcity\[)/m;

function assertHarmless(text: string, what: string): void {
  assert.equal(UNSAFE.exec(text)?.index, undefined, `${what}: ${JSON.stringify(UNSAFE.exec(text)?.[0])}`);
  assert.doesNotMatch(text, CI_LINE, what);
}

test('attack 44: names in commits and keys, in every format', async () => {
  await using world = AttackWorld.create();
  const { repository } = world;
  const tree = repository.writeTree();
  const keys = HOSTILE.map((userId) => makeOpenpgpTestKey('ed25519', { userId }));
  const keyring = repository.writeFile('keyring', Buffer.concat(keys.map(({ certificate }) => certificate)));
  let parents: string[] = [];
  for (const [i, text] of HOSTILE.entries()) {
    const author = `${text} <${text.replaceAll(/[<>]/g, '')}@example.com>`;
    const bytes = buildCommit({ tree, parents, author, message: `${text}\n` });
    parents = [raw(world, bytes)];
    const signed = buildCommit({ tree, parents, author, message: `${text}\n` });
    parents = [raw(world, signCommit(signed, keys[i]?.sign(signed, 1_700_000_000) ?? '', 'sha1'))];
    parents = [raw(world, signWith(world, buildCommit({ tree, parents, author, message: `${text}\n` })))];
  }
  repository.updateRef('refs/heads/main', parents[0] ?? '');
  // Lines of ours never begin with text from outside, so a principal may not either.
  const signers = repository.writeFile('signers', `::error::x\u001b[2J ${world.key.publicLine}\n`);
  const trust = ['--keyring', keyring, '--allowed-signers', signers];
  for (const format of FORMATS) {
    for (const verbose of [[], ['--verbose']]) {
      const { code, stdout, stderr } = await world.run(['verify', '--format', format, ...verbose, ...trust, 'main'], {
        env: { FORCE_COLOR: '0' },
      });
      assert.equal(code, 1);
      assertHarmless(stdout, format);
      assertHarmless(stderr, format);
      if (format === 'json' || format === 'sarif') JSON.parse(stdout);
      if (format === 'ndjson') for (const line of stdout.trimEnd().split('\n')) JSON.parse(line);
      if (format === 'junit') assert.doesNotMatch(stdout, /<script|]]>|&(?!(?:amp|lt|gt|quot|apos|#35);)/);
    }
  }
});

test('attack 44: a name cannot add a line, or close a report', async () => {
  await using world = AttackWorld.create();
  const { repository } = world;
  const tree = repository.writeTree();
  // A line feed cannot stand in a header; in a user id it can.
  const userId = 'x\n1 verified: 1 accepted, 0 rejected\n{"summary":{}}\n</testsuites>';
  const key = makeOpenpgpTestKey('ed25519', { userId });
  const payload = buildCommit({ tree });
  const oid = raw(world, signCommit(payload, key.sign(payload, 1_700_000_000), 'sha1'));
  const keyring = repository.writeFile('keyring', key.certificate);
  for (const format of FORMATS) {
    const { stdout } = await world.run(['verify', '--format', format, '--verbose', '--keyring', keyring, `${oid}^!`]);
    assert.equal(stdout.split('\n').filter((line) => line.startsWith('1 verified: 1 accepted')).length, format === 'text' ? 1 : 0, format);
    assert.equal(stdout.split('\n').filter((line) => line.startsWith('{"summary"')).length, format === 'ndjson' ? 1 : 0, format);
    assert.equal(stdout.split('\n').filter((line) => line.startsWith('</testsuites>')).length, format === 'junit' ? 1 : 0, format);
  }
});

test('attack 44: names that come by the command line, by refs and by paths', async () => {
  await using world = AttackWorld.create();
  world.chain([true]);
  const { repository } = world;
  const hostile = HOSTILE.filter((text) => !text.includes('\0'));
  const commands = [
    ...hostile.map((text) => ['verify', '--allowed-signers', world.allowedSigners, text]),
    ...hostile.map((text) => ['verify', '--allowed-signers', `${repository.home}/${text}`]),
    ...hostile
      .slice(0, 4)
      .flatMap((text) => [
        ['verify', `--${text}`],
        ['verify', '--format', text],
        ['verify', '-C', text],
        ['verify', '-j', text],
        [text],
        ['explain', text],
        ['verify', '--output', `${repository.home}/${text}/x`],
      ]),
  ];
  const results = [];
  for (const args of commands) results.push({ args, ...(await world.run(args)) });
  for (const { args, code, stdout, stderr } of results) {
    assert.equal(code, 2, JSON.stringify(args));
    assertHarmless(stdout, JSON.stringify(args));
    assertHarmless(stderr, JSON.stringify(args));
  }
});

test('attack 44: a ref that looks like an option is none behind a double dash, and is refused', async () => {
  await using world = AttackWorld.create();
  const [oid = ''] = world.chain([false]);
  for (const name of ['--allowed-signers=x', '--output=pwned', '-q', '--help', '--all', '^']) {
    world.repository.updateRef(`refs/heads/${name === '^' ? 'x' : name}`, oid);
    const { code } = await world.verify(['--', name]);
    assert.equal(code, 2, name);
  }
  assert.equal(existsSync(`${world.repository.path}/pwned`), false);
});
