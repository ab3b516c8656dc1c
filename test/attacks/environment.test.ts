// Attacks 33 to 44: the verifier's surroundings (configuration, environment, refs, caches of git) try to change the answer.

import assert from 'node:assert/strict';
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { AttackWorld, PRINCIPAL } from '../support/attack.ts';
import { cutCommitGraph, forgeObject, loosePath } from '../support/attack-environment.ts';
import { buildCommit, signCommit, TestRepository } from '../support/repository.ts';

/** A commit whose message was changed after it was signed. */
function writeTampered(world: AttackWorld): string {
  const bytes = buildCommit({ tree: world.repository.writeTree(), author: world.signer.identity });
  const signed = signCommit(bytes, world.signer.sign(bytes, 0), 'sha1');
  return world.repository.writeObject('commit', Buffer.from(signed.toString().replace('message', 'MESSAGE')));
}

// Says what ssh-keygen says of a good signature, whatever it is asked; reads what git writes, as git would mind otherwise.
const YES = `case "$2" in find-principals) echo ${PRINCIPAL};; *) cat > /dev/null; echo 'Good "git" signature for ${PRINCIPAL} with ED25519 key SHA256:x';; esac`;

test('attack 33: a program of the attacker’s says that a tampered commit is good', async () => {
  await using world = AttackWorld.create();
  const { repository } = world;
  const oid = writeTampered(world);
  const program = world.writeProgram('bin/ssh-keygen', YES);
  world.writeProgram('bin/gpg', YES);
  const include = repository.writeFile('included', `[gpg "ssh"]\n\tprogram = ${program}\n`);
  const ways: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    GIT_CONFIG_COUNT: { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'gpg.ssh.program', GIT_CONFIG_VALUE_0: program },
    GIT_CONFIG_PARAMETERS: { GIT_CONFIG_PARAMETERS: `'gpg.ssh.program'='${program}'` },
    GIT_CONFIG_GLOBAL: { GIT_CONFIG_GLOBAL: include },
    PATH: { PATH: `${join(repository.home, 'bin')}:${repository.env['PATH'] ?? ''}` },
  };
  for (const [way, env] of Object.entries(ways)) {
    assert.ok(world.gitAccepts(oid, env), `${way}: git is fooled`);
    const { code, lines } = await world.verify([`${oid}^!`], { env });
    assert.deepEqual([code, lines[0]?.reasons], [1, ['SSH_SIGNATURE_BAD']], way);
  }
  repository.config('include.path', include);
  repository.config('gpg.program', program);
  repository.config('gpg.openpgp.program', program);
  assert.ok(world.gitAccepts(oid), 'include: git is fooled');
  // Its own trace is git's: from here on nothing may run.
  writeFileSync(world.trace, '');
  for (const trust of [['--allowed-signers', world.allowedSigners], []]) {
    const { code, lines } = await world.verify([`${oid}^!`], { trust });
    assert.deepEqual([code, lines[0]?.reasons], [1, ['SSH_SIGNATURE_BAD']]);
  }
  assert.equal(readFileSync(world.trace, 'utf8'), '');
});

test('attack 33: git itself comes neither from the judged directory nor from a relative PATH', async () => {
  await using world = AttackWorld.create();
  const [oid] = world.chain([true]);
  const { repository } = world;
  world.writeProgram('repository/bin/git', 'exit 0');
  world.writeProgram('repository/git', 'exit 0');
  mkdirSync(join(repository.path, 'sub'));
  const tail = repository.env['PATH'] ?? '';
  const paths = ['bin', '.', '', join(repository.path, 'bin'), `${repository.home}/other/../repository/bin`];
  mkdirSync(join(repository.home, 'other'));
  for (const cwd of [repository.path, join(repository.path, 'sub')]) {
    for (const path of paths) {
      const { code, lines } = await world.verify([], { cwd, env: { PATH: `${path}:${tail}` } });
      assert.deepEqual([code, lines.map((line) => line.oid)], [0, [oid]], `PATH=${path} in ${cwd}`);
      assert.equal(existsSync(world.trace), false, `PATH=${path} in ${cwd}`);
    }
  }
});

test('attack 34: refs/replace puts a signed commit in the place of an unsigned one', async () => {
  await using world = AttackWorld.create();
  const { repository } = world;
  const [unsigned = ''] = world.chain([false]);
  const signed = repository.writeCommit({ message: 'other\n' }, world.signer);
  repository.git('replace', unsigned, signed);
  assert.ok(world.gitAccepts(unsigned), 'git is fooled');
  const { code, lines } = await world.verify(['main']);
  assert.deepEqual([code, lines[0]?.oid, lines[0]?.reasons], [1, unsigned, ['UNSIGNED']]);
});

test('attack 34: replace --graft cuts unsigned history off', async () => {
  await using world = AttackWorld.create();
  const oids = world.chain([false, false, true]);
  world.repository.git('replace', '--graft', oids[2] ?? '');
  assert.equal(world.repository.git('rev-list', '--count', 'main'), '1', 'git is fooled');
  const { code, lines } = await world.verify(['main']);
  assert.deepEqual([code, lines.map(({ oid }) => oid)], [1, oids.toReversed()]);
  assert.equal(lines[0]?.decision, 'accepted');
});

test('attack 35: info/grafts cuts unsigned history off', async () => {
  await using world = AttackWorld.create();
  const oids = world.chain([false, true]);
  mkdirSync(join(world.repository.path, '.git/info'), { recursive: true });
  writeFileSync(join(world.repository.path, '.git/info/grafts'), `${oids[1] ?? ''}\n`);
  assert.equal(world.repository.git('rev-list', '--count', 'main'), '1', 'git is fooled');
  const { code, lines } = await world.verify(['main']);
  assert.deepEqual([code, lines.length], [1, 2]);
});

test('attack 35: a shallow file cuts unsigned history off, however it is spelled', async () => {
  await using world = AttackWorld.create();
  const oids = world.chain([false, true]);
  const tip = oids[1] ?? '';
  const spellings = [`${tip}\n`, tip, tip.toUpperCase(), `${tip} and more\n`, `${tip}\r\n`, `${'0'.repeat(40).padEnd(1023)}${tip}\n`];
  for (const spelling of spellings) {
    writeFileSync(join(world.repository.path, '.git/shallow'), spelling);
    assert.equal(world.repository.git('rev-list', '--count', 'main'), '1', 'git is fooled');
    const { code, stderr } = await world.verify(['main']);
    assert.equal(code, 2, JSON.stringify(spelling));
    assert.match(stderr, /shallow/);
  }
});

test('attack 36: a poisoned commit-graph hides parents', async () => {
  await using world = AttackWorld.create();
  world.chain([false, false, true]);
  world.repository.git('commit-graph', 'write', '--reachable');
  cutCommitGraph(join(world.repository.path, '.git/objects/info/commit-graph'));
  assert.equal(world.repository.git('-c', 'core.commitGraph=true', 'rev-list', '--count', 'main'), '1', 'git is fooled');
  world.repository.config('core.commitGraph', 'true');
  const { code, lines } = await world.verify(['main']);
  assert.deepEqual([code, lines.length], [1, 3]);
});

test('attack 37: GIT_DIR and its kin of the caller point to another repository', async () => {
  await using world = AttackWorld.create();
  await using other = AttackWorld.create();
  const [unsigned] = world.chain([false]);
  const [signed] = other.chain([true]);
  const otherGit = join(other.repository.path, '.git');
  const env = {
    GIT_DIR: otherGit,
    GIT_COMMON_DIR: otherGit,
    GIT_WORK_TREE: other.repository.path,
    GIT_NAMESPACE: 'x',
    GIT_OBJECT_DIRECTORY: join(otherGit, 'objects'),
    GIT_ALTERNATE_OBJECT_DIRECTORIES: join(otherGit, 'objects'),
  };
  assert.equal(world.git(['log', '--format=%H', '-1', signed ?? ''], env).status, 0, 'git looks there');
  const { code, lines } = await world.verify([], { env });
  assert.deepEqual([code, lines[0]?.oid, lines[0]?.reasons], [1, unsigned, ['UNSIGNED']]);
});

test('attack 37: an alternate supplies other bytes for a signed commit’s id', async () => {
  await using world = AttackWorld.create();
  await using other = TestRepository.create();
  const { repository } = world;
  const [oid = ''] = world.chain([true]);
  const bytes = repository.readObject('commit', oid);
  const forged = Buffer.from(bytes.toString().replace('commit 0', 'c0mmit 0'));
  forgeObject(join(other.path, '.git/objects'), oid, 'commit', forged);
  forgeObject(join(repository.path, '.git/objects'), oid, 'commit', forged);
  mkdirSync(join(repository.path, '.git/objects/info'), { recursive: true });
  writeFileSync(join(repository.path, '.git/objects/info/alternates'), `${join(other.path, '.git/objects')}\n`);
  assert.match(repository.git('log', '--format=%s', oid), /c0mmit/, 'git shows the other bytes');
  const { code, lines } = await world.verify(['main']);
  assert.deepEqual([code, lines[0]?.reasons], [1, ['SSH_SIGNATURE_BAD', 'OBJECT_ID_MISMATCH']]);
  assert.ok(existsSync(loosePath(join(other.path, '.git/objects'), oid)));
});

test('attack 37: objects that are in quarantine are not judged, and never pass', async () => {
  await using world = AttackWorld.create();
  await using server = TestRepository.create({ bare: true });
  const [oid = ''] = world.chain([true]);
  const log = join(server.home, 'log');
  const hook = join(server.path, 'hooks/pre-receive');
  mkdirSync(join(server.path, 'hooks'), { recursive: true });
  const cli = join(import.meta.dirname, '../../dist/cli.js');
  const command = `'${process.execPath}' '${cli}' verify --allowed-signers '${world.allowedSigners}' '${oid}' >> '${log}' 2>&1`;
  writeFileSync(hook, `#!/bin/sh\n${command}\necho "exit $?" >> '${log}'\nexit 1\n`, { mode: 0o755 });
  world.git(['push', server.path, 'main']);
  assert.match(readFileSync(log, 'utf8'), /cannot find[^]*\nexit 2\n$/);
});

test('attack 43: nothing that a repository configures is started', async () => {
  await using world = AttackWorld.create();
  const { repository } = world;
  world.chain([false, true]);
  const evil = world.writeProgram('evil', 'cat');
  const keys = [
    'core.fsmonitor',
    'core.pager',
    'pager.rev-list',
    'pager.cat-file',
    'core.sshCommand',
    'core.editor',
    'core.askPass',
    'core.gitProxy',
  ];
  keys.push(
    'core.alternateRefsCommand',
    'uploadpack.packObjectsHook',
    'diff.external',
    'diff.x.textconv',
    'filter.x.smudge',
    'filter.x.process',
  );
  keys.push('credential.helper', 'gpg.program', 'gpg.ssh.program', 'gpg.x509.program', 'gpg.ssh.defaultKeyCommand', 'sequence.editor');
  for (const key of keys) repository.config(key, evil);
  for (const name of ['cat-file', 'rev-list', 'rev-parse', 'for-each-ref', 'version', 'config', 'merge-base'])
    repository.config(`alias.${name}`, `!${evil}`);
  for (const hook of ['post-checkout', 'reference-transaction', 'post-index-change', 'pre-auto-gc'])
    world.writeProgram(`repository/.git/hooks/${hook}`);
  appendFileSync(join(repository.path, '.git/info/attributes'), '* filter=x diff=x\n');
  for (const args of [[], ['--all'], ['main~1...main'], ['main^!']]) {
    const { code, lines } = await world.verify(args, { trust: [] });
    assert.notEqual(code, 2, args.join(' '));
    assert.equal(lines[0]?.decision, 'accepted');
  }
  assert.equal(existsSync(world.trace), false, existsSync(world.trace) ? readFileSync(world.trace, 'utf8') : '');
});

test('attack 43: a partial clone does not fetch what is missing', async () => {
  await using world = AttackWorld.create();
  const { repository } = world;
  const missing = 'ab'.repeat(20);
  const tip = repository.writeCommit({ parents: [missing] }, world.signer);
  repository.updateRef('refs/heads/main', tip);
  const evil = world.writeProgram('evil', 'exit 1');
  repository.config('remote.origin.url', `ext::${evil} %S`);
  repository.config('protocol.ext.allow', 'always');
  repository.config('remote.origin.promisor', 'true');
  repository.config('core.repositoryFormatVersion', '1');
  repository.config('extensions.partialClone', 'origin');
  repository.tryGit(['cat-file', 'commit', missing]);
  assert.ok(existsSync(world.trace), 'git runs the program');
  writeFileSync(world.trace, '');
  for (const args of [['main'], ['--all'], [missing]]) assert.equal((await world.verify(args)).code, 2, args.join(' '));
  const { code, lines } = await world.verifyIds([missing, tip]);
  assert.deepEqual([code, lines.map(({ reasons }) => reasons)], [2, [['OBJECT_MISSING'], []]]);
  assert.equal(readFileSync(world.trace, 'utf8'), '');
});
