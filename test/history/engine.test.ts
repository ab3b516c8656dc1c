// The engine: order, batches, workers, cache and cancellation on real repositories.

import assert from 'node:assert/strict';
import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { cachePathIn, loadTrust, openRepository, verifyObjects, verifyRange, type Verdict, type VerifyOptions } from '../../src/index.ts';
import { makeSshKey } from '../support/ssh-signer.ts';
import { TestRepository, type TestSigner } from '../support/repository.ts';

const NOW = 1_750_000_000;

async function collect(verdicts: AsyncIterable<Verdict>): Promise<Verdict[]> {
  const all: Verdict[] = [];
  for await (const verdict of verdicts) all.push(verdict);
  return all;
}

interface Fixture extends AsyncDisposable {
  readonly repository: TestRepository;
  readonly oids: readonly string[];
  verify(options?: Partial<VerifyOptions>, revisions?: readonly string[]): Promise<Verdict[]>;
}

/** Commits by two known signers and one unknown, every third unsigned, with merges. */
async function makeFixture(count: number): Promise<Fixture> {
  const repository = TestRepository.create();
  const keys = [makeSshKey('ed25519'), makeSshKey('ecdsa-p256'), makeSshKey('ed25519')];
  const signers = keys.map((key, i): TestSigner => ({ identity: `Signer ${i} <s${i}@example.com>`, sign: (payload) => key.sign(payload) }));
  const allowed = repository.writeFile(
    'allowed',
    `s0@example.com ${keys[0]?.publicLine}\ns1@example.com namespaces="git" ${keys[1]?.publicLine}\n`,
  );
  repository.addHistory({ count, signEvery: 2, signers, mergeEvery: 7 });
  const opened = await openRepository(repository.path);
  const trust = await loadTrust(opened, { allowedSigners: [allowed] }, NOW);
  return {
    repository,
    oids: repository.git('rev-list', 'HEAD').split('\n'),
    verify: (options = {}, revisions = ['HEAD']) => collect(verifyRange(opened, revisions, { trust, now: NOW, ...options })),
    [Symbol.asyncDispose]: () => repository.remove(),
  };
}

test('verdicts come in history order, the same with workers, inline and from the cache', async () => {
  await using fixture = await makeFixture(3000);
  const cachePath = join(fixture.repository.home, 'cache', 'facts.sqlite');
  const plain = await fixture.verify();
  assert.deepEqual(
    plain.map(({ oid }) => oid),
    fixture.oids,
  );
  const counts = Object.groupBy(plain, ({ status }) => status);
  assert.equal(counts.unsigned?.length, 1500);
  assert.equal(counts.good?.length, 1000);
  assert.equal(counts['unknown-key']?.length, 500);
  assert.ok(plain.every(({ status, decision }) => (status === 'good') === (decision === 'accepted')));
  assert.deepEqual(await fixture.verify({ jobs: 1 }), plain);
  assert.deepEqual(await fixture.verify({ cachePath }), plain);
  const size = statSync(cachePath).size;
  assert.deepEqual(await fixture.verify({ cachePath }), plain);
  assert.equal(statSync(cachePath).size, size, 'a second run adds nothing');
  assert.equal(statSync(cachePath).mode & 0o777, 0o600);
});

test('a few commits on one thread give what many on several give', async () => {
  await using fixture = await makeFixture(300);
  const whole = await fixture.verify();
  assert.deepEqual(
    await fixture.verify({}, ['HEAD~10..HEAD']),
    whole
      .slice(
        0,
        whole.findIndex(({ oid }) => oid === fixture.repository.git('rev-parse', 'HEAD~10')),
      )
      .filter(({ oid }) => fixture.repository.git('rev-list', 'HEAD~10..HEAD').includes(oid)),
  );
  assert.equal((await fixture.verify({ maxCount: 5 })).length, 5);
  assert.deepEqual(await fixture.verify({}, ['HEAD..HEAD']), []);
  assert.equal((await fixture.verify({}, ['HEAD^!'])).length, 1);
});

test('new commits are verified, old ones come from the cache, in one order', async () => {
  await using fixture = await makeFixture(1000);
  const cachePath = join(fixture.repository.home, 'facts.sqlite');
  await fixture.verify({ cachePath });
  fixture.repository.addHistory({ count: 50, signEvery: 0, signers: [], parent: fixture.oids[0] ?? '' });
  const verdicts = await fixture.verify({ cachePath });
  assert.equal(verdicts.length, 1050);
  assert.deepEqual(verdicts, await fixture.verify());
});

test('a damaged cache is not believed: the answers stay the same whichever bytes are changed', async () => {
  await using fixture = await makeFixture(600);
  const cachePath = join(fixture.repository.home, 'facts.sqlite');
  const plain = await fixture.verify({ cachePath });
  const sound = readFileSync(cachePath);
  let random = 12345;
  for (let round = 0; round < 12; round++) {
    const damaged = Buffer.from(sound);
    for (let i = 0; i < 40; i++) {
      random = (random * 1103515245 + 12345) % 2147483648;
      damaged[random % damaged.length] = random % 256;
    }
    writeFileSync(cachePath, round === 0 ? Buffer.from('no database') : round === 1 ? sound.subarray(0, 5000) : damaged);
    assert.deepEqual(await fixture.verify({ cachePath, onWarning: () => undefined }), plain, `round ${round}`);
  }
});

test('a forged fact in the cache is found out by its digest', async () => {
  await using fixture = await makeFixture(600);
  const cachePath = join(fixture.repository.home, 'facts.sqlite');
  const plain = await fixture.verify({ cachePath });
  const text = readFileSync(cachePath, 'latin1').replaceAll('"format":"none"', '"format":"ssh" ');
  writeFileSync(cachePath, text, 'latin1');
  const warnings: string[] = [];
  assert.deepEqual(await fixture.verify({ cachePath, onWarning: (warning) => warnings.push(warning) }), plain);
  assert.ok(warnings.some((warning) => warning.includes('damaged')));
});

test('a cache that others may write to is not used', async () => {
  await using fixture = await makeFixture(300);
  const cachePath = join(fixture.repository.home, 'facts.sqlite');
  await fixture.verify({ cachePath });
  chmodSync(cachePath, 0o666);
  const warnings: string[] = [];
  await fixture.verify({ cachePath, onWarning: (warning) => warnings.push(warning) });
  assert.deepEqual(warnings, [`the cache is not used: others may write to ${cachePath}`]);
});

test('ids may come one at a time, and each is answered before the next is asked', async () => {
  await using fixture = await makeFixture(20);
  const opened = await openRepository(fixture.repository.path);
  const trust = await loadTrust(opened, {}, NOW);
  const answered: string[] = [];
  async function* ask(): AsyncGenerator<readonly string[]> {
    for (const oid of fixture.oids) {
      yield [oid];
      // Only an engine that answers at once lets this end.
      while (answered.at(-1) !== oid) await new Promise((resolve) => setImmediate(resolve));
    }
  }
  for await (const verdicts of verifyObjects(opened, ask(), { trust, now: NOW })) answered.push(...verdicts.map(({ oid }) => oid));
  assert.deepEqual(answered, fixture.oids);
});

test('missing objects, blobs and trees are answered in their place', async () => {
  await using fixture = await makeFixture(5);
  const opened = await openRepository(fixture.repository.path);
  const trust = await loadTrust(opened, {}, NOW);
  const tree = fixture.repository.git('rev-parse', 'HEAD^{tree}');
  const head = fixture.oids[0] ?? '';
  async function* ids(): AsyncGenerator<readonly string[]> {
    yield ['0'.repeat(39) + '1', tree, head];
  }
  const [verdicts] = await Array.fromAsync(verifyObjects(opened, ids(), { trust, now: NOW }));
  assert.deepEqual(
    verdicts?.map(({ oid, type, reasons, decision }) => [
      oid,
      type,
      reasons[0] === 'OBJECT_MISSING',
      reasons[0] === 'OBJECT_NOT_SIGNABLE',
      decision,
    ]),
    [
      ['0'.repeat(39) + '1', null, true, false, 'rejected'],
      [tree, null, false, true, 'rejected'],
      [head, 'commit', false, false, 'rejected'],
    ],
  );
});

test('an abort ends the run with its reason, and leaves nothing behind', async () => {
  await using fixture = await makeFixture(3000);
  const controller = new AbortController();
  const opened = await openRepository(fixture.repository.path);
  const trust = await loadTrust(opened, {}, NOW);
  let seen = 0;
  await assert.rejects(async () => {
    for await (const verdict of verifyRange(opened, ['HEAD'], { trust, now: NOW, signal: controller.signal })) {
      assert.ok(verdict.oid);
      if (++seen === 10) controller.abort(new Error('enough'));
    }
  }, /enough/);
  assert.ok(seen < 3000);
});

test('a consumer that stops early stops the run', async () => {
  await using fixture = await makeFixture(3000);
  const opened = await openRepository(fixture.repository.path);
  const trust = await loadTrust(opened, {}, NOW);
  for await (const verdict of verifyRange(opened, ['HEAD'], { trust, now: NOW })) {
    assert.equal(verdict.oid, fixture.oids[0]);
    break;
  }
});

test('the default cache lies outside of the repository and is named by a digest', async () => {
  await using fixture = await makeFixture(1);
  const opened = await openRepository(fixture.repository.path);
  assert.match(cachePathIn('/somewhere', opened), /^\/somewhere\/facts-[0-9a-f]{32}\.sqlite$/);
  assert.equal(existsSync('/somewhere'), false);
});
