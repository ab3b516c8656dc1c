// Attack 57: objects made to cost memory or time.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { AttackWorld, type RunOptions, type Verified } from '../support/attack.ts';
import { raw, signWith } from '../support/attack-encoding.ts';
import { buildCommit, signCommit } from '../support/repository.ts';
import { PackWriter } from '../support/pack.ts';
import { makeSshCertificate, makeSshKey } from '../support/ssh-signer.ts';

/** Bytes that a run may take up: the program itself, its threads and the largest batches together stay below. */
const MEMORY_LIMIT = 400 * 1024 * 1024;

/** The most memory that the process has had, in bytes; 0 where the system does not say. */
function peakMemory(pid: number): number {
  try {
    return Number(/VmHWM:\s*(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

async function measure(
  world: AttackWorld,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Verified & { readonly memory: number }> {
  let memory = 0;
  let timer: NodeJS.Timeout | undefined;
  const result = await world.verify(args, {
    ...options,
    onStart: (child) => {
      child.stdin?.end(options.input ?? '');
      timer = setInterval(() => (memory = Math.max(memory, peakMemory(child.pid ?? 0))), 20);
    },
  });
  clearInterval(timer);
  return { ...result, memory };
}

test('attack 57: one object of 20 MB, 100,000 headers, 10,000 parents, a signature of 1 MB', async () => {
  await using world = AttackWorld.create();
  const { repository } = world;
  const tree = repository.writeTree();
  const author = world.signer.identity;
  const parents = Array.from({ length: 10_000 }, (_, i) => i.toString(16).padStart(40, '0'));
  const payload = buildCommit({ tree, author });
  const objects = [
    signWith(world, buildCommit({ tree, author, message: Buffer.alloc(20_000_000, 'x\n') })),
    signWith(world, buildCommit({ tree, author, extraHeaders: Array.from({ length: 100_000 }, (_, i) => `h${i} x`) })),
    signWith(world, buildCommit({ tree, author, parents })),
    signWith(world, buildCommit({ tree, author, parents: parents.slice(0, 300) })),
    signCommit(payload, world.signer.sign(payload, 0).replace('\n', '\n'.repeat(1_000_000)), 'sha1'),
    signWith(world, buildCommit({ tree, author, message: Buffer.alloc(10_000_000, '-----BEGIN PGP SIGNATURE-----\n') })),
    signWith(world, buildCommit({ tree, author: `${'A'.repeat(5_000_000)} <a@example.com>` })),
    signWith(world, payload),
  ];
  const oids = objects.map((bytes) => raw(world, bytes));
  const { lines, code, memory } = await measure(world, ['--stdin'], { input: `${oids.join('\n')}\n`, timeout: 20_000 });
  assert.equal(code, 1);
  const reasons = lines.map((line) => line.reasons.at(-1));
  assert.deepEqual(reasons, [
    'OBJECT_TOO_LARGE',
    'HEADER_TOO_MANY',
    'HEADER_TOO_MANY',
    'PARENTS_TOO_MANY',
    'SIGNATURE_TOO_LARGE',
    undefined,
    undefined,
    undefined,
  ]);
  assert.ok((lines[6]?.committer?.length ?? 0) < 2000);
  assert.ok(memory < MEMORY_LIMIT, `${memory} bytes`);
});

test('attack 57: a history in which every name, or every certificate, is huge', async () => {
  await using world = AttackWorld.create();
  const { repository } = world;
  const tree = repository.writeTree();
  const ca = makeSshKey('ed25519');
  const certificate = makeSshCertificate(ca, makeSshKey('ed25519'), { keyId: 'K'.repeat(180_000), principals: ['a@example.com'] });
  const [names, certificates] = [80, 400];
  const pack = new PackWriter(repository.packDirectory(), 'sha1', names + certificates);
  let parents: string[] = [];
  for (let i = 0; i < names + certificates; i++) {
    const author = i < names ? `${'A'.repeat(4_000_000)} <a@example.com>` : world.signer.identity;
    const bytes = buildCommit({ tree, parents, author, committer: author, message: `${i}\n` });
    parents = [pack.add('commit', signCommit(bytes, i < names ? world.key.sign(bytes) : certificate.sign(bytes), 'sha1'))];
  }
  repository.indexPack(pack.finish());
  repository.updateRef('refs/heads/main', parents[0] ?? '');
  const signers = repository.writeFile('ca', `a@example.com cert-authority ${ca.publicLine}\ntester@example.com ${world.key.publicLine}\n`);
  const { code, lines, stderr, memory } = await measure(world, ['main'], {
    timeout: 60_000,
    trust: ['--allowed-signers', signers],
  } as RunOptions);
  assert.equal(lines.length, names + certificates, stderr);
  assert.equal(code, 0);
  assert.ok(memory < 2 * MEMORY_LIMIT, `${memory} bytes`);
});

test('attack 57: files of trust made to cost time', async () => {
  await using world = AttackWorld.create();
  const oid = world.repository.writeCommit({}, world.signer);
  const star = '*a'.repeat(400);
  const pattern = world.repository.writeFile('pattern', `${star}b ${world.key.publicLine}\n`.repeat(200));
  const long = world.repository.writeFile('long', `tester@example.com ${world.key.publicLine}\n${'x'.repeat(3_000_000)}\n`);
  const many = world.repository.writeFile('many', `a@example.com ${makeSshKey('ed25519').publicLine}\n`.repeat(50_000));
  for (const file of [pattern, many]) {
    const { code } = await world.verify([`${oid}^!`], { trust: ['--allowed-signers', file], timeout: 20_000 });
    assert.ok(code === 0 || code === 1, file);
  }
  assert.equal((await world.verify([`${oid}^!`], { trust: ['--allowed-signers', long] })).code, 2);
});
