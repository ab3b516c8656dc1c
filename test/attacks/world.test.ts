// A broken or odd world: it is told, it is never success, and one bad object takes no other with it where git can go on.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { AttackWorld, CLI } from '../support/attack.ts';
import { loosePath } from '../support/attack-environment.ts';
import { TestRepository } from '../support/repository.ts';

const OLD_NODE = ['/usr/bin/node', '/usr/local/bin/node'].find((path) => {
  const { stdout } = spawnSync(path, ['-p', 'process.versions.node'], { encoding: 'utf8' });
  return /^(?:1[4-9]|2[01])\./.test(stdout ?? '');
});

function isPlain(stderr: string): void {
  assert.doesNotMatch(stderr, /this is a bug|\n {4}at |Warning:/);
}

test('missing and corrupt objects', async () => {
  await using world = AttackWorld.create();
  const { repository } = world;
  const objects = join(repository.path, '.git/objects');
  const [first = '', second = '', tip = ''] = world.chain([true, true, true]);
  const path = loosePath(objects, second);
  const bytes = readFileSync(path);
  const ways = {
    missing: () => rmSync(path),
    empty: () => writeFileSync(path, ''),
    garbage: () => writeFileSync(path, 'garbage'),
    cut: () => writeFileSync(path, bytes.subarray(0, 40)),
  };
  for (const [what, spoil] of Object.entries(ways)) {
    if (existsSync(path)) chmodSync(path, 0o644);
    spoil();
    for (const args of [['main'], ['--all'], [second], [`${second}..main`]]) {
      const { code, stderr, stdout } = await world.verify(args);
      assert.equal(code, 2, `${what} ${args.join(' ')}: ${stdout}`);
      assert.match(stderr, /^countersign: /);
      isPlain(stderr);
    }
    const { code, lines, stderr } = await world.verifyIds([first, second, tip]);
    assert.notEqual(code, 0, what);
    assert.ok(
      lines.every(({ oid, decision }) => (oid === second ? decision === 'rejected' : decision === 'accepted')),
      what,
    );
    if (what === 'missing')
      assert.deepEqual(
        lines.map(({ reasons }) => reasons),
        [[], ['OBJECT_MISSING'], []],
      );
    isPlain(stderr);
    writeFileSync(path, bytes);
  }
  assert.equal((await world.verify(['main'])).code, 0);
});

test('a corrupt pack', async () => {
  await using world = AttackWorld.create();
  world.repository.addHistory({ count: 300, signEvery: 1, signers: [world.signer] });
  const directory = world.repository.packDirectory();
  const pack = join(directory, readdirSync(directory).find((name) => name.endsWith('.pack')) ?? '');
  chmodSync(pack, 0o644);
  const bytes = readFileSync(pack);
  for (const at of [0.1, 0.5, 0.9]) {
    writeFileSync(pack, Buffer.from(bytes).fill(0, Math.floor(bytes.length * at), Math.floor(bytes.length * at) + 64));
    const { code, stderr } = await world.verify(['main', '--no-cache']);
    assert.equal(code, 2);
    isPlain(stderr);
  }
});

test('a ref to a tag that cannot be read, or whose object is missing, is an error for --all and nothing to others', async () => {
  await using world = AttackWorld.create();
  const { repository } = world;
  const [commit = ''] = world.chain([true]);
  const good = repository.writeTag({ object: commit, tag: 'good' }, world.signer);
  const tags = [`object ${commit}\nnonsense\n`, `object ${'ab'.repeat(20)}\ntype commit\ntag x\ntagger a <a@b> 1 +0000\n\nx\n`];
  for (const text of tags) {
    const oid = repository.writeObject('tag', Buffer.from(text), { literally: true });
    // git refuses to make such a ref.
    writeFileSync(join(repository.path, '.git/refs/tags/bad'), `${oid}\n`);
    const all = await world.verify(['--all']);
    assert.equal(all.code, 2);
    assert.match(all.stderr, new RegExp(`the tag ${oid}`));
    const { code, lines } = await world.verify(['refs/tags/good', 'main']);
    assert.deepEqual([code, lines.map((line) => line.oid)], [0, [good, commit]]);
    assert.equal((await world.verifyIds([oid, good])).lines.filter(({ decision }) => decision === 'accepted').length, 1);
  }
});

test('--all follows a tag of a tag to its commits', async () => {
  await using world = AttackWorld.create();
  const { repository } = world;
  world.chain([true]);
  const unsigned = repository.writeCommit({ message: 'hidden\n' });
  const inner = repository.writeTag({ object: unsigned, tag: 'inner' }, world.signer);
  const outer = repository.writeTag({ object: inner, type: 'tag', tag: 'outer' }, world.signer);
  repository.git('update-ref', '-d', 'refs/tags/inner');
  const { code, lines } = await world.verify(['--all']);
  assert.equal(code, 1);
  assert.deepEqual(
    lines.filter(({ oid }) => oid === outer || oid === unsigned).map(({ decision }) => decision),
    ['accepted', 'rejected'],
  );
});

test('shallow clones', async () => {
  await using world = AttackWorld.create();
  const oids = world.chain([true, true, true]);
  const clone = join(world.repository.home, 'clone');
  world.repository.git('clone', '-q', '--depth', '2', `file://${world.repository.path}`, clone);
  const whole = await world.verify(['HEAD'], { cwd: clone });
  assert.equal(whole.code, 2);
  assert.match(whole.stderr, /shallow clone[^]*hint: git fetch --unshallow/);
  // What lies within the clone can be judged.
  const part = await world.verify(['HEAD~1..HEAD'], { cwd: clone });
  assert.deepEqual([part.code, part.lines.map(({ oid }) => oid)], [0, [oids[2]]]);
  assert.equal((await world.verify(['HEAD~1^!'], { cwd: clone })).code, 2);
});

test('empty, bare, work tree, submodule, SHA-256, odd paths', async () => {
  await using world = AttackWorld.create();
  const empty = await world.verify([]);
  assert.equal(empty.code, 2);
  assert.match(empty.stderr, /a repository without commits/);
  assert.equal((await world.verify(['--all'])).code, 0);
  const [oid = ''] = world.chain([true]);
  const { repository } = world;
  const home = repository.home;
  const names = ['plain', 'with space \'and\' "quotes" $(touch pwned)', 'ünïcødé 漢字', '-dash', 'tab\there'];
  for (const name of names) {
    repository.git('clone', '-q', '--bare', repository.path, join(home, 'bare', name));
    repository.git('worktree', 'add', '-q', '--detach', join(home, 'tree', name), oid);
    for (const place of ['bare', 'tree']) {
      const inside = await world.verify(['HEAD'], { cwd: join(home, place, name) });
      const outside = await world.verify(['-C', join(home, place, name), 'HEAD'], { cwd: home });
      for (const { code, lines, stderr } of [inside, outside])
        assert.deepEqual([code, lines.map((line) => line.oid), stderr], [0, [oid], ''], `${place} ${name}`);
    }
  }
  const feed = join(home, 'a\n/b\nsha1\nfalse');
  mkdirSync(feed, { recursive: true });
  repository.git('clone', '-q', repository.path, join(feed, 'c'));
  assert.equal((await world.verify(['HEAD'], { cwd: join(feed, 'c') })).code, 2);
  assert.equal((await world.verify(['HEAD'], { cwd: home })).code, 2);
  await using module = TestRepository.create();
  module.git('-c', 'protocol.file.allow=always', 'submodule', 'add', '-q', repository.path, 'sub');
  assert.deepEqual(
    (await world.verify(['HEAD'], { cwd: join(module.path, 'sub') })).lines.map((line) => line.oid),
    [oid],
  );
});

test('no HOME, a cache that cannot be written, no git, no directory', async () => {
  await using world = AttackWorld.create();
  world.repository.addHistory({ count: 300, signEvery: 1, signers: [world.signer] });
  const homeless = await world.verify(['main', '--no-cache'], { env: { HOME: undefined, GNUPGHOME: undefined } });
  assert.deepEqual([homeless.code, homeless.stderr], [0, '']);
  for (const directory of ['/dev/null/x', '/proc/x']) {
    const { code, stderr } = await world.verify(['main', '--cache-dir', directory]);
    assert.equal(code, 0);
    assert.match(stderr, /^warning: the cache is not used: [^\n]*\n$/);
  }
  const gitless = await world.verify(['main'], { env: { PATH: '/nonexistent' } });
  assert.equal(gitless.code, 2);
  assert.match(gitless.stderr, /git is not on the PATH\nhint: /);
  const lost = await world.verify(['-C', '/nonexistent', 'main']);
  assert.equal(lost.code, 2);
});

test('nothing but the report is said: no warning of Node, with cache and workers', async () => {
  await using world = AttackWorld.create();
  world.repository.addHistory({ count: 900, signEvery: 1, signers: [world.signer] });
  for (let i = 0; i < 2; i++) {
    const { code, stderr, lines } = await world.verify(['main']);
    assert.deepEqual([code, stderr, lines.length], [0, '', 900]);
  }
});

test('a reader that goes away ends the program, quickly and without a word', async () => {
  await using world = AttackWorld.create();
  world.repository.addHistory({ count: 3000, signEvery: 3, signers: [world.signer] });
  const command = `"${process.execPath}" "${CLI}" verify -v --no-cache --allowed-signers "${world.allowedSigners}" main | head -1; echo "\${PIPESTATUS[0]}"`;
  const { stdout, stderr } = spawnSync('bash', ['-c', command], {
    cwd: world.repository.path,
    env: world.repository.env,
    encoding: 'utf8',
    timeout: 30_000,
  });
  assert.match(stdout, /^accepted G [^\n]*\n2\n$|^rejected N [^\n]*\n2\n$/);
  assert.equal(stderr, '');
});

test('stdin from /dev/null, closed, or full of nonsense', async () => {
  await using world = AttackWorld.create();
  world.chain([true]);
  for (const args of [['verify', '--stdin'], ['verify', 'main'], ['verify', '--all'], ['explain'], ['--help'], []]) {
    const { code } = await world.run(args.includes('verify') ? [...args, '--allowed-signers', world.allowedSigners] : args);
    assert.equal(code, 0, args.join(' '));
  }
  for (const input of ['HEAD\n', `${'0'.repeat(41)}\n`, 'main^{commit}\n', '-x\n', `${'A'.repeat(40)}\n`, '\0\n', `${'0'.repeat(64)}\n`]) {
    const { code, stderr } = await world.verify(['--stdin'], { input });
    assert.equal(code, 2, input);
    assert.match(stderr, /stdin:1: not an object id/);
  }
});

test('files of trust that are missing, empty or broken are errors with name and line', async () => {
  await using world = AttackWorld.create();
  world.chain([true]);
  const { repository } = world;
  const line = world.key.publicLine;
  const broken = repository.writeFile('broken', `# fine\na@example.com ${line}\na@example.com ssh-ed25519 AAAA\n`);
  const garbage = repository.writeFile('garbage', Buffer.from(Array.from({ length: 2000 }, (_, i) => (i * 7) % 256)));
  const nothing = repository.writeFile('nothing', '');
  const krl = repository.writeFile('krl', Buffer.concat([Buffer.from('SSHKRL\n\0'), Buffer.alloc(7)]));
  mkdirSync(join(repository.home, 'empty-directory'));
  const cases: readonly (readonly [string, string, RegExp])[] = [
    ['--allowed-signers', broken, /broken:3: /],
    ['--allowed-signers', garbage, /garbage:\d+: /],
    ['--allowed-signers', '/nonexistent/file', /cannot read .*\/nonexistent\/file/],
    ['--allowed-signers', repository.home, /cannot read/],
    ['--revoked', krl, /krl/],
    ['--revoked', garbage, /garbage/],
    ['--revoked', '/nonexistent/file', /cannot read/],
    ['--keyring', garbage, /garbage/],
    ['--keyring', nothing, /nothing/],
    ['--keyring', join(repository.home, 'empty-directory'), /empty-directory/],
    ['--keyring', '/nonexistent/file', /cannot read/],
  ];
  for (const [flag, file, expected] of cases) {
    const { code, stderr } = await world.verify(['main', flag, file]);
    assert.equal(code, 2, `${flag} ${file}`);
    assert.match(stderr, expected);
    isPlain(stderr);
  }
  const none = await world.verify(['main'], { trust: ['--allowed-signers', nothing] });
  assert.deepEqual([none.code, none.lines[0]?.reasons], [1, ['SSH_KEY_UNKNOWN']]);
  repository.config('gpg.ssh.revocationFile', '/nonexistent/revoked');
  assert.equal((await world.verify(['main'], { trust: [] })).code, 2);
});

test('names that are unknown, ambiguous or of something else', async () => {
  await using world = AttackWorld.create();
  const { repository } = world;
  const [oid = ''] = world.chain([true]);
  const unsigned = repository.writeCommit({ message: 'other\n' });
  repository.updateRef('refs/tags/main', unsigned);
  repository.updateRef(`refs/heads/${oid}`, unsigned);
  repository.updateRef(`refs/heads/${oid.slice(0, 8)}`, unsigned);
  repository.updateRef('refs/heads/-x', unsigned);
  for (const name of [
    'nothing',
    'main',
    oid.slice(0, 8),
    'HEAD:file',
    'main~5',
    '',
    '..',
    '^',
    'a b',
    'refs/heads/ main',
    '0'.repeat(40),
    '@{1}',
    'HEAD^{tree}',
  ]) {
    const { code, stderr, lines } = await world.verify([name, ...(name === '' ? [''] : [])]);
    if (name === '..') assert.deepEqual([code, lines.length], [0, 0]);
    else assert.deepEqual([code, lines.length], [2, 0], `${JSON.stringify(name)}: ${stderr}`);
    isPlain(stderr);
  }
  assert.deepEqual(
    (await world.verify([oid])).lines.map((line) => line.oid),
    [oid],
    'a branch that is named like an id is not taken for it',
  );
  assert.equal((await world.verify(['refs/heads/main'])).code, 0);
  assert.equal((await world.verify(['refs/heads/-x'])).code, 1);
});

test('10,000 names on the command line', async () => {
  await using world = AttackWorld.create();
  const { repository } = world;
  const [oid = ''] = world.chain([true]);
  const tag = repository.writeTag({ object: oid, tag: 'v' }, world.signer);
  const names = Array.from({ length: 10_000 }, (_, i) => `t${i}`);
  writeFileSync(
    join(repository.path, '.git/packed-refs'),
    `# pack-refs with: peeled fully-peeled sorted \n${names
      .toSorted()
      .map((name) => `${tag} refs/tags/${name}\n^${oid}\n`)
      .join('')}`,
  );
  const { code, lines } = await world.verify(names);
  assert.equal(code, 0);
  assert.equal(lines[0]?.oid, tag);
});

test('SIGINT and SIGTERM: exit code 130 and no process left behind', async () => {
  await using world = AttackWorld.create();
  world.repository.addHistory({ count: 6000, signEvery: 1, signers: [world.signer] });
  for (const [signal, args] of [
    ['SIGINT', ['main', '--no-cache']],
    ['SIGTERM', ['main', '--no-cache']],
    ['SIGINT', ['--stdin']],
  ] as const) {
    const started = Date.now();
    const { code } = await world.verify(args, { timeout: 20_000, onStart: (child) => setTimeout(() => child.kill(signal), 300) });
    assert.equal(code, 130, `${signal} ${args.join(' ')}`);
    assert.ok(Date.now() - started < 8000);
    const { stdout } = spawnSync('ps', ['-eo', 'args'], { encoding: 'utf8' });
    assert.ok(!stdout.includes(world.allowedSigners), 'the program is gone');
  }
  const left = readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && cwdOf(pid) === world.repository.path);
  assert.deepEqual(left, []);
});

test('a git that is killed is an error, not a hang', async () => {
  await using world = AttackWorld.create();
  world.repository.addHistory({ count: 20_000, signEvery: 1, signers: [world.signer] });
  for (const name of ['--batch-command', 'rev-list']) {
    const { code, stderr } = await world.verify(['main', '--no-cache'], {
      timeout: 20_000,
      onStart: (child) => {
        const timer = setInterval(() => {
          const target = findChild(child.pid ?? 0, name);
          if (target !== null) process.kill(target, 'SIGKILL');
          if (target !== null || child.exitCode !== null) clearInterval(timer);
        }, 5);
      },
    });
    assert.equal(code, 2, `${name}: ${stderr}`);
    isPlain(stderr);
  }
});

/** The child process whose command line holds the word, if it runs. */
function findChild(parent: number, word: string): number | null {
  const { stdout } = spawnSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' });
  const line = stdout.split('\n').find((each) => each.trim().split(/\s+/)[1] === String(parent) && each.includes(word));
  return line === undefined ? null : Number(line.trim().split(/\s+/)[0]);
}

function cwdOf(pid: string): string {
  return spawnSync('readlink', [`/proc/${pid}/cwd`], { encoding: 'utf8' }).stdout.trim();
}

test('an old Node is told what is wrong', { skip: OLD_NODE === undefined && 'no old Node here' }, async () => {
  await using world = AttackWorld.create();
  const { code, stdout, stderr } = await world.run(['verify'], { node: OLD_NODE ?? '' });
  assert.deepEqual([code, stdout], [2, '']);
  assert.match(stderr, /^countersign: needs Node\.js [^\n]*\nhint: [^\n]*\n$/);
});

test(
  'a repository of another user is an error, and the hint can be pasted',
  { skip: process.getuid?.() !== 0 && 'only root can give files away' },
  async () => {
    await using world = AttackWorld.create();
    world.chain([true]);
    const { chownSync } = await import('node:fs');
    const path = join(world.repository.home, "x';touch pwned;'");
    world.repository.git('clone', '-q', world.repository.path, path);
    chownSync(path, 12_345, 12_345);
    chownSync(join(path, '.git'), 12_345, 12_345);
    const { code, stderr } = await world.verify(['HEAD'], { cwd: path });
    assert.equal(code, 2);
    const hint = /\nhint: (.*)\n/.exec(stderr)?.[1] ?? '';
    spawnSync('sh', ['-c', hint], {
      cwd: world.repository.home,
      env: { ...world.repository.env, GIT_CONFIG_GLOBAL: join(world.repository.home, '.gitconfig') },
    });
    assert.equal(existsSync(join(world.repository.home, 'pwned')), false);
    assert.equal((await world.verify(['HEAD'], { cwd: path })).code, 0);
  },
);

test('the library alone: a bad object among good ones', async () => {
  await using world = AttackWorld.create();
  const { loadTrust, openRepository, verifyObjects } = await import('../../src/index.ts');
  const repository = await openRepository(world.repository.path);
  const trust = await loadTrust(repository, { allowedSigners: [world.allowedSigners] }, 1_800_000_000);
  const good = world.repository.writeCommit({}, world.signer);
  const odd = ['', '\n', 'gpgsig', '\0', 'tree', `tree ${'0'.repeat(40)}\n`].map((text) =>
    world.repository.writeObject('commit', Buffer.from(text), { literally: true }),
  );
  const tags = ['', 'object', '-----BEGIN SSH SIGNATURE-----', '-----BEGIN PGP SIGNATURE-----\n\n-----END'].map((text) =>
    world.repository.writeObject('tag', Buffer.from(text), { literally: true }),
  );
  const oids = [...odd, ...tags, good, world.repository.writeTree(), 'f'.repeat(40)];
  const verdicts = (await Array.fromAsync(verifyObjects(repository, [oids] as never, { trust }))).flat();
  assert.deepEqual(
    verdicts.map(({ oid }) => oid),
    oids,
  );
  assert.deepEqual(
    verdicts.filter(({ decision }) => decision === 'accepted').map(({ oid }) => oid),
    [good],
  );
});
