// Attacks 58 to 60 and 66 to 69: keys and names that look like those of somebody trusted.

import assert from 'node:assert/strict';
import test from 'node:test';
import { AttackWorld } from '../support/attack.ts';
import { importOpenpgp, raw } from '../support/attack-encoding.ts';
import { makeOpenpgpTestKey, makeRawKey, primaryPacket, signDetached, subkeyPackets, userIdPackets } from '../support/openpgp-keys.ts';
import type { TestSubpacket } from '../support/openpgp-wire.ts';
import { buildCommit, signCommit } from '../support/repository.ts';
import { makeSshCertificate, makeSshKey } from '../support/ssh-signer.ts';

const TIME = { createdAt: 1_700_000_000 };

test('attack 58: a key that carries a maintainer’s name', async () => {
  await using world = AttackWorld.create();
  const { repository } = world;
  const userId = 'Maintainer <maintainer@example.com>';
  const [real, fake] = [makeOpenpgpTestKey('ed25519', { userId }), makeOpenpgpTestKey('ed25519', { userId })];
  const payload = buildCommit({ tree: repository.writeTree(), author: userId });
  const oid = raw(world, signCommit(payload, fake.sign(payload, TIME.createdAt), 'sha1'));
  importOpenpgp(world, real.certificate, '');
  importOpenpgp(world, fake.certificate, '');
  assert.ok(world.gitAccepts(oid), 'git is content with letter U');
  const keyring = repository.writeFile('keyring', real.certificate);
  const given = await world.verifyIds([oid], { trust: ['--keyring', keyring] });
  assert.deepEqual([given.code, given.lines[0]?.reasons], [1, ['OPENPGP_KEY_UNKNOWN']]);
  assert.equal(given.lines[0]?.signer?.userId, undefined);
  const own = await world.verifyIds([oid], { trust: [] });
  assert.deepEqual([own.code, own.lines[0]?.reasons, own.lines[0]?.gitLetter], [1, ['OPENPGP_KEY_UNTRUSTED'], 'U']);
});

test('attack 59: a signature names a trusted key as its issuer', async () => {
  await using world = AttackWorld.create();
  const { repository } = world;
  const [real, fake] = [makeOpenpgpTestKey('ed25519'), makeOpenpgpTestKey('ed25519')];
  const keyring = repository.writeFile('keyring', real.certificate);
  const both = repository.writeFile('both', Buffer.concat([real.certificate, fake.certificate]));
  const payload = buildCommit({ tree: repository.writeTree() });
  const time = { type: 2, data: Buffer.from([0x65, 0x53, 0xf1, 0x00]) };
  const issuer = (key: typeof real): TestSubpacket => ({
    type: 33,
    data: Buffer.concat([Buffer.of(4), Buffer.from(key.fingerprint, 'hex')]),
  });
  const id = (key: typeof real): TestSubpacket => ({ type: 16, data: Buffer.from(key.keyId, 'hex') });
  const sign = (hashed: TestSubpacket[], unhashed: TestSubpacket[]): string =>
    raw(world, signCommit(payload, signDetached(fake.raw, payload, { ...TIME, onlyHashed: [time, ...hashed], unhashed }), 'sha1'));
  const oids = [
    sign([issuer(real)], [id(real)]),
    sign([issuer(real)], [id(fake)]),
    sign([issuer(fake)], [id(real)]),
    sign([], [id(real)]),
    sign([], [id(fake), id(real)]),
  ];
  const { lines } = await world.verifyIds(oids, { trust: ['--keyring', keyring] });
  for (const line of lines) assert.equal(line.decision, 'rejected');
  // With both trusted it is the one that signed who is named, or nobody.
  const named = await world.verifyIds(oids, { trust: ['--keyring', both] });
  for (const line of named.lines) if (line.decision === 'accepted') assert.equal(line.signer?.key, fake.fingerprint);
});

test('attack 60: sub-keys that may not sign, or do not agree to belong', async () => {
  await using world = AttackWorld.create();
  const { repository } = world;
  const payload = buildCommit({ tree: repository.writeTree() });
  const [primary, victim, encryption, unbacked] = [
    makeRawKey('ed25519'),
    makeRawKey('ed25519'),
    makeRawKey('ed25519'),
    makeRawKey('ed25519'),
  ];
  const victimKey = makeOpenpgpTestKey('ed25519', { userId: 'Victim <victim@example.com>' });
  const certificate = Buffer.concat([
    primaryPacket(primary),
    userIdPackets(primary, 'Mallory <mallory@example.com>'),
    subkeyPackets(primary, encryption, { flags: 12 }),
    subkeyPackets(primary, unbacked, { backed: false }),
    // The victim's primary key, adopted without its consent: its back-signature is Mallory's own.
    subkeyPackets(primary, { ...victimKey.raw, privateKey: primary.privateKey }),
  ]);
  const keyring = repository.writeFile('keyring', certificate);
  const all = repository.writeFile('all', Buffer.concat([certificate, victimKey.certificate]));
  const oids = [encryption, unbacked, victim, victimKey.raw].map((key) =>
    raw(world, signCommit(payload, signDetached(key, payload, TIME), 'sha1')),
  );
  const { lines } = await world.verifyIds(oids, { trust: ['--keyring', keyring] });
  assert.ok(lines.every(({ decision }) => decision === 'rejected'));
  assert.deepEqual(
    lines.map(({ reasons }) => reasons[0]),
    ['OPENPGP_KEY_NOT_FOR_SIGNING', 'OPENPGP_SUBKEY_NOT_BACKED', 'OPENPGP_KEY_UNKNOWN', 'OPENPGP_SUBKEY_NOT_BACKED'],
  );
  const owned = await world.verifyIds(oids.slice(3), { trust: ['--keyring', all] });
  assert.deepEqual([owned.lines[0]?.decision, owned.lines[0]?.signer?.primaryKey], ['accepted', victimKey.fingerprint]);
});

test('attack 66: times without a zone are in the zone of the verifier, as for ssh-keygen', async () => {
  await using world = AttackWorld.create();
  const { repository, key, signer } = world;
  const oid = repository.writeCommit({ time: 1_700_000_000 }, signer);
  // 22:13:20 UTC on that day, 17:13:20 in New York.
  const signers = repository.writeFile('local', `tester@example.com valid-before="20231114180000" ${key.publicLine}\n`);
  repository.config('gpg.ssh.allowedSignersFile', signers);
  for (const [zone, good] of [
    ['UTC', false],
    ['America/New_York', true],
  ] as const) {
    assert.equal(world.gitAccepts(oid, { TZ: zone }), good, zone);
    const { lines } = await world.verify([`${oid}^!`], { trust: ['--allowed-signers', signers], env: { TZ: zone } });
    assert.deepEqual(lines[0]?.reasons, good ? [] : ['SSH_KEY_EXPIRED'], zone);
  }
  const utc = repository.writeFile('utc', `tester@example.com valid-before="20231114180000Z" ${key.publicLine}\n`);
  for (const zone of ['UTC', 'America/New_York', 'Pacific/Kiritimati', 'Nowhere/Nowhere']) {
    const { code } = await world.verify([`${oid}^!`], { trust: ['--allowed-signers', utc], env: { TZ: zone } });
    assert.equal(code, 1, zone);
  }
});

test('attack 67: lines of allowed signers that say more, or less, than they seem to', async () => {
  await using world = AttackWorld.create();
  const { repository, key, signer } = world;
  const oid = repository.writeCommit({}, signer);
  const line = key.publicLine;
  const cases: readonly (readonly [string, number, readonly string[], string?])[] = [
    [`* ${line}`, 0, [], '*'],
    [`!tester@example.com ${line}`, 1, ['SSH_PRINCIPAL_NEGATED']],
    // The name found is the pattern itself, and that is not the one excluded.
    [`!tester@example.com,* ${line}`, 0, [], '*'],
    [`tester@example.com namespaces="file" ${line}`, 1, ['SSH_NAMESPACE_NOT_ALLOWED']],
    [`tester@example.com namespaces="*" ${line}`, 0, [], 'tester@example.com'],
    [`tester@example.com namespaces="file,git" ${line}`, 0, [], 'tester@example.com'],
    [`* cert-authority ${line}`, 1, ['SSH_KEY_UNKNOWN']],
    [`# tester@example.com ${line}`, 1, ['SSH_KEY_UNKNOWN']],
    [`a@example.com,tester@example.com ${line}\r`, 0, [], 'a@example.com'],
  ];
  for (const [text, code, reasons, principal] of cases) {
    const signers = repository.writeFile('signers', `${text}\n`);
    const result = await world.verify([`${oid}^!`], { trust: ['--allowed-signers', signers] });
    assert.deepEqual([result.code, result.lines[0]?.reasons, result.lines[0]?.signer?.principal], [code, reasons, principal], text);
    if (code === 0) {
      repository.config('gpg.ssh.allowedSignersFile', signers);
      assert.ok(world.gitAccepts(oid), `git accepts as well: ${text}`);
    }
  }
});

test('attack 67: a file of allowed signers that the judged commits themselves bring is named as such', async () => {
  await using world = AttackWorld.create();
  const { repository, key, signer } = world;
  repository.updateRef('refs/heads/main', repository.writeCommit({}, signer));
  repository.writeFile('repository/signers', `tester@example.com ${key.publicLine}\n`);
  for (const value of ['signers', './signers', '../repository/signers', `${repository.path}/signers`]) {
    repository.config('gpg.ssh.allowedSignersFile', value);
    const { code, stderr } = await world.verify([], { trust: [] });
    assert.equal(code, 0);
    assert.match(stderr, /^warning: .*signers lies in the work tree/, value);
  }
});

test('attack 68: certificates that are not good for it', async () => {
  await using world = AttackWorld.create();
  const { repository } = world;
  const [ca, subject, other] = [makeSshKey('ed25519'), makeSshKey('ed25519'), makeSshKey('ed25519')];
  const signers = repository.writeFile('ca', `*@example.com cert-authority,namespaces="git" ${ca.publicLine}\n`);
  const payload = buildCommit({ tree: repository.writeTree() });
  const principals = ['dev@example.com'];
  const cases = {
    none: makeSshCertificate(ca, subject, { principals }),
    SSH_CERTIFICATE_PRINCIPAL_UNKNOWN: makeSshCertificate(ca, subject, { principals: [] }),
    SSH_CERTIFICATE_EXPIRED: makeSshCertificate(ca, subject, { principals, validBefore: 1_600_000_000n }),
    SSH_CERTIFICATE_NOT_YET_VALID: makeSshCertificate(ca, subject, { principals, validAfter: 1_800_000_000n }),
    SSH_CERTIFICATE_NOT_USER: makeSshCertificate(ca, subject, { principals, kind: 2 }),
    SSH_CERTIFICATE_CA_UNKNOWN: makeSshCertificate(other, subject, { principals }),
    SSH_CERTIFICATE_BAD: makeSshCertificate(ca, subject, {
      principals,
      corruptSignature: (bytes) => Buffer.concat([bytes.subarray(0, -1), Buffer.of((bytes.at(-1) ?? 0) ^ 1)]),
    }),
  };
  const oids = Object.values(cases).map((each) => raw(world, signCommit(payload, each.sign(payload), 'sha1')));
  const { lines } = await world.verifyIds(oids, { trust: ['--allowed-signers', signers] });
  assert.deepEqual(
    lines.map(({ reasons }) => reasons[0] ?? 'none'),
    Object.keys(cases),
  );
  const wrong = await world.verifyIds(oids.slice(0, 1), {
    trust: ['--allowed-signers', repository.writeFile('exact', `x@example.com cert-authority ${ca.publicLine}\n`)],
  });
  assert.deepEqual(wrong.lines[0]?.reasons, ['SSH_CERTIFICATE_PRINCIPAL_UNKNOWN']);
});

test('attack 69: author and committer are anybody, the signer is who signed', async () => {
  await using world = AttackWorld.create();
  const { repository, key } = world;
  const payload = buildCommit({
    tree: repository.writeTree(),
    author: 'Linus <linus@example.org>',
    committer: 'Grace <grace@example.org>',
    message: 'x\n\nSigned-off-by: Ada <ada@example.org>\n',
  });
  const oid = raw(world, signCommit(payload, key.sign(payload), 'sha1'));
  assert.ok(world.gitAccepts(oid));
  const { code, lines } = await world.verifyIds([oid]);
  assert.equal(code, 0);
  assert.deepEqual(
    [lines[0]?.committer, lines[0]?.signer?.principal, lines[0]?.signer?.key],
    ['Grace <grace@example.org>', 'tester@example.com', key.fingerprint],
  );
  const text = await world.run(['verify', '--allowed-signers', world.allowedSigners, '-v', `${oid}^!`]);
  assert.match(text.stdout, /Grace <grace@example\.org>, signed by tester@example\.com/);
});
