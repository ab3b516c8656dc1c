// Attacks 40 to 42 (passing by the place where signatures are checked), as far as they need neither hooks nor a policy.

import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import test from 'node:test';
import { AttackWorld } from '../support/attack.ts';

/** A bare repository beside the world's, which takes pushes. */
function makeRemote(world: AttackWorld): string {
  const remote = join(world.repository.home, 'remote.git');
  world.repository.git('init', '-q', '--bare', '-b', 'main', remote);
  return remote;
}

test('attack 40: a client hook is passed by, and verifying afterwards finds what went in', async () => {
  await using world = AttackWorld.create();
  const [good = ''] = world.chain([true]);
  const remote = makeRemote(world);
  const hook = join(world.repository.path, '.git/hooks/pre-push');
  mkdirSync(dirname(hook), { recursive: true });
  writeFileSync(hook, '#!/bin/sh\nexit 1\n');
  chmodSync(hook, 0o755);
  const unsigned = world.repository.writeCommit({ parents: [good], message: 'unsigned\n' });
  world.repository.updateRef('refs/heads/main', unsigned);
  assert.notEqual(world.repository.tryGit(['push', '-q', remote, 'main']).status, 0, 'the hook refuses');
  for (const way of [
    ['push', '-q', '--no-verify', remote, `${good}:refs/heads/main`],
    ['-c', 'core.hooksPath=/dev/null', 'push', '-q', remote, 'main'],
  ]) {
    assert.equal(world.repository.tryGit(way).status, 0, `${way.join(' ')}: git lets it pass`);
  }
  const { code, lines } = await world.verify(['main'], { cwd: remote });
  assert.equal(code, 1);
  assert.deepEqual(
    lines.map(({ oid, reasons }) => [oid, reasons]),
    [
      [unsigned, ['UNSIGNED']],
      [good, []],
    ],
  );
});

test('attack 41: the head of a request is signed, the merge that lands is another commit', async () => {
  await using world = AttackWorld.create();
  const [base = '', main = ''] = world.chain([true, true]);
  const head = world.repository.writeCommit({ parents: [base], message: 'topic\n', time: 1_700_000_005 }, world.signer);
  assert.equal((await world.verify([`${base}..${head}`])).code, 0, 'what was checked is good');
  const landed = world.repository.writeCommit({ parents: [main, head], message: 'merge and more\n', time: 1_700_000_006 });
  world.repository.updateRef('refs/heads/main', landed);
  const { code, lines } = await world.verify([`${main}..main`]);
  assert.equal(code, 1);
  assert.deepEqual(
    lines.map(({ oid, decision }) => [oid, decision]),
    [
      [landed, 'rejected'],
      [head, 'accepted'],
    ],
  );
});

test('attack 42: a checkout of depth 1 hides the history, and a synthetic merge is nobody’s', async () => {
  await using world = AttackWorld.create();
  const [base = ''] = world.chain([true, false, true]);
  const clone = join(world.repository.home, 'checkout');
  world.repository.git('clone', '-q', '--depth', '1', `file://${world.repository.path}`, clone);
  assert.equal(world.repository.tryGit(['-C', clone, 'verify-commit', 'HEAD']).status, 1, 'the clone has no allowed signers of its own');
  for (const args of [['HEAD'], ['--all']]) {
    const { code, stderr } = await world.verify(args, { cwd: clone });
    assert.equal(code, 2, args.join(' '));
    assert.match(stderr, /shallow clone[^]*git fetch --unshallow/);
  }
  world.repository.git('-C', clone, 'fetch', '-q', '--unshallow');
  const whole = await world.verify([`${base}..HEAD`], { cwd: clone });
  assert.deepEqual(
    [whole.code, whole.lines.filter(({ decision }) => decision === 'rejected').length],
    [1, 1],
    'with the history the unsigned commit shows',
  );
  const synthetic = world.repository.writeCommit({
    parents: [base, 'main'].map((name) => world.repository.git('rev-parse', name)),
    message: 'Merge\n',
  });
  world.repository.updateRef('refs/pull/1/merge', synthetic);
  assert.deepEqual((await world.verify(['refs/pull/1/merge^!'])).lines[0]?.reasons, ['UNSIGNED']);
});
