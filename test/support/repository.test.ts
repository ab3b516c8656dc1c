// Holds the generated repositories against real git: what the tests stand on must be what git would have written.

import assert from 'node:assert/strict';
import { chmodSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

import * as fc from 'fast-check';

import { signatureHeaderLines } from './build-object.ts';
import { PackWriter, encodeEntryHeader } from './pack.ts';
import { TestRepository, buildCommit, objectId, signCommit } from './repository.ts';
import type { ObjectFormat, TestSigner } from './repository.ts';
import { makeSshKey } from './ssh-signer.ts';
import type { SshTestKey } from './ssh-signer.ts';

const FORMATS: readonly ObjectFormat[] = ['sha1', 'sha256'];
const MAIL = 'signer@example.com';

function signerOf(key: SshTestKey): TestSigner {
  return { identity: `Sig Ner <${MAIL}>`, sign: (payload) => key.sign(payload) };
}

function trust(repository: TestRepository, ...keys: readonly SshTestKey[]): void {
  const lines = keys.map((key) => `${MAIL} ${key.publicLine}\n`);
  repository.config('gpg.ssh.allowedSignersFile', repository.writeFile('allowed_signers', lines.join('')));
}

function letters(repository: TestRepository, ...args: readonly string[]): string[] {
  return repository.git('log', '--format=%G?', ...args).split('\n');
}

for (const objectFormat of FORMATS) {
  test(`${objectFormat}: commits and tags of a test key are good to git`, async () => {
    await using repository = TestRepository.create({ objectFormat });
    const key = makeSshKey('ed25519');
    trust(repository, key);
    const first = repository.writeCommit({ message: 'first\n' }, signerOf(key));
    const second = repository.writeCommit(
      { parents: [first], extraHeaders: ['encoding ISO-8859-1'], message: Buffer.from('b\xe4\n', 'latin1') },
      signerOf(key),
    );
    const tag = repository.writeTag({ object: second, tag: 'v1' }, signerOf(key));
    repository.updateRef('refs/heads/main', second);
    assert.equal(repository.tryGit(['verify-commit', first]).status, 0);
    assert.equal(repository.tryGit(['verify-commit', second]).status, 0);
    assert.equal(repository.tryGit(['verify-tag', tag]).status, 0);
    assert.deepEqual(letters(repository, 'main'), ['G', 'G']);
    assert.equal(repository.git('fsck', '--strict', '--no-dangling'), '');
  });

  test(`${objectFormat}: a history by pack passes git fsck, and its signatures git's check`, async () => {
    await using repository = TestRepository.create({ objectFormat });
    const keys = [makeSshKey('ed25519'), makeSshKey('sk-ed25519')];
    trust(repository, ...keys);
    const tip = repository.addHistory({ count: 300, signEvery: 60, signers: keys.map(signerOf), mergeEvery: 7 });
    assert.equal(repository.git('rev-list', '--count', 'main'), '300');
    assert.equal(repository.git('fsck', '--strict', '--no-dangling'), '');
    assert.equal(repository.tryGit(['verify-commit', tip]).status, 0);
    assert.equal(letters(repository, 'main').filter((letter) => letter === 'G').length, 5);
    assert.equal(repository.git('rev-list', '--count', '--merges', 'main'), '42');
  });

  test(`${objectFormat}: git itself signs with the same bytes`, async () => {
    await using repository = TestRepository.create({ objectFormat });
    const key = makeSshKey('ed25519');
    // A signing program that prints no more than a fixed armor (git hands over the payload's path last): what is compared is where git puts it.
    const armor = key.sign(Buffer.from('anything'));
    const armorPath = repository.writeFile('armor', armor);
    const program = repository.writeFile('program', `#!/bin/sh\nfor path; do :; done\ncp '${armorPath}' "$path.sig"\n`);
    repository.config('gpg.format', 'ssh');
    repository.config('gpg.ssh.program', program);
    repository.config('user.signingKey', repository.writeFile('key.pub', `${key.publicLine}\n`));
    chmodSync(program, 0o700);
    const tree = repository.writeTree();
    const oid = repository.git('-c', 'i18n.commitEncoding=ISO-8859-1', 'commit-tree', '-S', '-m', 'message', tree);
    const written = repository.readObject('commit', oid);
    const header = Buffer.from(signatureHeaderLines(armor, objectFormat));
    const at = written.indexOf(header);
    assert.notEqual(at, -1);
    const unsigned = Buffer.concat([written.subarray(0, at), written.subarray(at + header.length)]);
    assert.ok(signCommit(unsigned, armor, objectFormat).equals(written));
    assert.equal(objectId('commit', written, objectFormat), oid);
  });
}

test('a bare repository takes a history too', async () => {
  await using repository = TestRepository.create({ bare: true });
  repository.addHistory({ count: 3, signEvery: 0, signers: [] });
  assert.deepEqual(letters(repository, 'main'), ['N', 'N', 'N']);
});

test('hash-object --literally writes what git would refuse', async () => {
  await using repository = TestRepository.create();
  const bytes = Buffer.from('tree nothing\n\n');
  assert.throws(() => repository.writeObject('commit', bytes), /hash-object/);
  const oid = repository.writeObject('commit', bytes, { literally: true });
  assert.equal(oid, objectId('commit', bytes, 'sha1'));
  assert.ok(repository.readObject('commit', oid).equals(bytes));
});

test('a pack with every type and size of object is one that git reads', async () => {
  await using repository = TestRepository.create();
  const sizes = [0, 1, 15, 16, 2047, 2048, 262_143, 262_144, 3_000_000];
  const pack = new PackWriter(repository.packDirectory(), 'sha1', sizes.length + 1);
  const oids = sizes.map((size) => pack.add('blob', Buffer.alloc(size, size % 251)));
  const tag = pack.add('tag', Buffer.from(`object ${oids[0]}\ntype blob\ntag v\ntagger T <t@e> 1 +0000\n\nm\n`));
  repository.indexPack(pack.finish());
  for (const [index, oid] of oids.entries()) assert.equal(repository.git('cat-file', '-s', oid), String(sizes[index]));
  assert.equal(repository.git('cat-file', '-t', tag), 'tag');
  assert.equal(readdirSync(repository.packDirectory()).filter((name) => name.startsWith('tmp_')).length, 0);
});

test('a pack does not end before all announced objects are in it', async () => {
  await using repository = TestRepository.create();
  const pack = new PackWriter(repository.packDirectory(), 'sha1', 1);
  assert.throws(() => pack.finish(), /announced/);
  pack.add('blob', Buffer.from('a'));
  assert.throws(() => pack.add('blob', Buffer.from('b')), /announced/);
});

test('an entry header gives type and size back', () => {
  fc.assert(
    fc.property(fc.constantFrom('commit', 'tree', 'blob', 'tag'), fc.integer({ min: 0, max: 2 ** 40 }), (type, size) => {
      const [first = 0, ...rest] = encodeEntryHeader(type, size);
      assert.equal(['commit', 'tree', 'blob', 'tag'].indexOf(type) + 1, (first >> 4) & 7);
      const decoded = rest.reduce((sum, byte, index) => sum + (byte & 0x7f) * 16 * 128 ** index, first & 15);
      assert.equal(decoded, size);
      assert.ok([first, ...rest].every((byte, index, all) => byte >= 0x80 === index < all.length - 1));
    }),
  );
});

test('nothing of the caller is seen: no configuration, no GIT_ variables', async () => {
  await using repository = TestRepository.create();
  const scopes = new Set(
    repository
      .git('config', '--list', '--show-scope')
      .split('\n')
      .map((line) => line.split('\t')[0]),
  );
  assert.deepEqual([...scopes], ['local']);
  assert.deepEqual(
    Object.keys(repository.env).filter((name) => name.startsWith('GIT_')),
    ['GIT_CONFIG_NOSYSTEM', 'GIT_CONFIG_GLOBAL'],
  );
  assert.match(readFileSync(join(repository.path, '.git', 'config'), 'utf8'), /Test Er/);
});

test('a commit without a message and one without headers behind it can be built', () => {
  const bytes = buildCommit({ tree: '0'.repeat(40), message: '' });
  assert.ok(bytes.toString().endsWith('+0000\n\n'));
  assert.throws(() => signCommit(Buffer.from('tree x\n'), 'armor\n', 'sha1'), /no empty line/);
});
