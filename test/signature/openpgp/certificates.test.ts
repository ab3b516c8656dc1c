// Loads certificates in every form that files have, broken and hostile ones included.

import assert from 'node:assert/strict';
import test from 'node:test';

import { createMessage, enums, generateKey, readPrivateKey, sign } from 'openpgp';

import { openpgp } from '../../../src/signature/index.ts';
import { judge, NOW } from '../../support/openpgp-compare.ts';
import {
  makeOpenpgpTestKey,
  makeRawKey,
  makeSignatureBody,
  primaryPacket,
  signaturePacket,
  signDetached,
  subkeyData,
  userIdData,
  userIdPackets,
} from '../../support/openpgp-keys.ts';
import { armor, packet } from '../../support/openpgp-wire.ts';

const PAYLOAD = Buffer.from('tree abc\n\nhello\n');
const SIGNED_AT = 1_600_000_000;
const a = makeOpenpgpTestKey('ed25519', { userId: 'A' });
const b = makeOpenpgpTestKey('p256', { userId: 'B' });
const c = makeOpenpgpTestKey('rsa2048', { userId: 'C' });

async function load(bytes: Uint8Array | readonly Uint8Array[]): Promise<{ userIds: string[]; problems: string[] }> {
  const { certificates, problems } = await openpgp.parseCertificates(bytes, NOW);
  return {
    userIds: certificates.map(({ userId }) => userId),
    problems: problems.map(({ position, message }) => `${position}: ${message}`),
  };
}

test('binary and armored, one and several, text between, several in one block', async () => {
  for (const file of [
    Buffer.concat([a.certificate, b.certificate, c.certificate]),
    Buffer.from(a.certificateArmored + b.certificateArmored + c.certificateArmored),
    Buffer.from(
      `keys of the team\n\n${a.certificateArmored}\nand\n${armor('PUBLIC KEY BLOCK', Buffer.concat([b.certificate, c.certificate]))}end`,
    ),
    Buffer.from(`\ufeff${a.certificateArmored}${b.certificateArmored}${c.certificateArmored}`),
    Buffer.from((a.certificateArmored + b.certificateArmored + c.certificateArmored).replaceAll('\n', '\r\n')),
  ]) {
    assert.deepEqual((await load(file)).userIds, ['A', 'B', 'C']);
  }
});

test('one that cannot be read does not hide the others, and is listed', async () => {
  const broken = a.certificateArmored.replace(/\n=..../, '\n=AAAA');
  const armored = await load(Buffer.from(broken + b.certificateArmored));
  assert.deepEqual([armored.userIds, armored.problems.length], [['B'], 1]);
  const v5 = packet(6, Buffer.concat([Buffer.from([5]), a.raw.body.subarray(1)]));
  const binary = await load(Buffer.concat([v5, a.certificate, b.certificate]));
  assert.deepEqual([binary.userIds, binary.problems], [['A', 'B'], ['byte 0: key of version 5']]);
  const cut = await load(Buffer.concat([a.certificate, b.certificate.subarray(0, 50)]));
  assert.deepEqual([cut.userIds, cut.problems.length], [['A'], 1]);
});

test('nothing, text, other armor and secret keys are problems, not exceptions', async () => {
  for (const file of [
    Buffer.alloc(0),
    Buffer.from('hello'),
    Buffer.from(a.sign(PAYLOAD, SIGNED_AT)),
    Buffer.from([0x99]),
    packet(5, a.raw.body),
    Buffer.alloc(100, 0xff),
  ]) {
    const { userIds, problems } = await load(file);
    assert.deepEqual([userIds.length, problems.length], [0, 1], file.toString('latin1'));
  }
});

test('a revocation in another file reaches the certificate', async () => {
  const revocation = signaturePacket(a.raw, a.raw.framed, { type: 0x20, createdAt: SIGNED_AT });
  const { certificates } = await openpgp.parseCertificates(
    [Buffer.from(a.certificateArmored), Buffer.concat([primaryPacket(a.raw), revocation])],
    NOW,
  );
  assert.equal(certificates.length, 1);
  assert.deepEqual(certificates[0]?.keys[0]?.revoked, { at: SIGNED_AT, reason: null, text: '', hard: true });
});

test('hard and soft revocations carry date, reason and text', async () => {
  for (const [reason, hard] of [
    [0, true],
    [1, false],
    [2, true],
    [3, false],
    [32, false],
    [100, true],
  ] as const) {
    const text = Buffer.concat([Buffer.from([reason]), Buffer.from('lost it')]);
    const revocation = signaturePacket(a.raw, a.raw.framed, { type: 0x20, createdAt: SIGNED_AT, hashed: [{ type: 29, data: text }] });
    const { certificates } = await openpgp.parseCertificates(
      Buffer.concat([primaryPacket(a.raw), revocation, userIdPackets(a.raw, 'A')]),
      NOW,
    );
    assert.deepEqual(certificates[0]?.keys[0]?.revoked, { at: SIGNED_AT, reason, text: 'lost it', hard });
  }
});

test('thousands of third-party signatures are not verified', async () => {
  const stranger = makeRawKey('ed25519');
  const foreign = signaturePacket(stranger, userIdData(a.raw, Buffer.from('A')), { type: 0x10, createdAt: SIGNED_AT });
  const flooded = Buffer.concat([a.certificate, ...Array.from({ length: 20_000 }, () => foreign)]);
  const started = performance.now();
  assert.deepEqual(await load(flooded), { userIds: ['A'], problems: [] });
  // 20,000 verifications would take two seconds and more.
  assert.ok(performance.now() - started < 1500);
});

test('thousands of forged self-signatures are not verified either: the certificate is refused', async () => {
  const forged = signaturePacket(a.raw, Buffer.from('other'), { type: 0x13, createdAt: SIGNED_AT });
  const flooded = Buffer.concat([a.certificate, ...Array.from({ length: 5000 }, () => forged)]);
  const { userIds, problems } = await load(Buffer.concat([flooded, b.certificate]));
  assert.deepEqual(userIds, ['B']);
  assert.match(problems.join(), /more than 1000 self-signatures/);
});

test('a thousand certificates load', async () => {
  const many = Buffer.concat(Array.from({ length: 300 }, (_, i) => makeOpenpgpTestKey('p256', { userId: `K${i}` }).certificate));
  const { certificates, problems } = await openpgp.parseCertificates(many, NOW);
  assert.deepEqual([certificates.length, problems.length], [300, 0]);
});

test('what a worker needs of a certificate can be cloned', async () => {
  const { certificates } = await openpgp.parseCertificates(Buffer.concat([a.certificate, c.certificate]), NOW);
  const keys = structuredClone(certificates.flatMap((each) => each.keys.map(({ key }) => key)));
  const facts = openpgp.establishOpenpgpFacts(PAYLOAD, Buffer.from(c.sign(PAYLOAD, SIGNED_AT)), openpgp.indexOpenpgpKeys(keys));
  assert.deepEqual([facts.status, facts.key, facts.tried], ['good', c.fingerprint, [c.fingerprint]]);
  assert.deepEqual(structuredClone(facts), facts);
});

test('two keys of one key id: the bad candidate does not hide the good one', () => {
  // Real collisions of 64 bits cost weeks; the index is given one.
  const [decoy, real] = [makeRawKey('ed25519'), makeRawKey('ed25519')];
  const asKey = (key: typeof real, keyId: string): openpgp.OpenpgpVerificationKey => ({
    fingerprint: key.fingerprint,
    keyId,
    version: 4,
    algorithm: 'eddsaLegacy',
    createdAt: key.createdAt,
    body: key.body,
  });
  const keys = openpgp.indexOpenpgpKeys([asKey(decoy, real.keyId), asKey(real, real.keyId)]);
  const signature = signDetached(real, PAYLOAD, { createdAt: SIGNED_AT, onlyHashed: [{ type: 2, data: Buffer.from('5f5e1000', 'hex') }] });
  const facts = openpgp.establishOpenpgpFacts(PAYLOAD, Buffer.from(signature), keys);
  assert.deepEqual([facts.status, facts.key, facts.tried], ['good', real.fingerprint, [decoy.fingerprint, real.fingerprint]]);
});

test('colliding user ids stay two certificates, told apart by fingerprint', async () => {
  const impostor = makeOpenpgpTestKey('ed25519', { userId: 'A' });
  const ours = await judge(Buffer.concat([impostor.certificate, a.certificate]), PAYLOAD, a.sign(PAYLOAD, SIGNED_AT));
  assert.deepEqual([ours.status, ours.primaryKey], ['good', a.fingerprint]);
});

test('keys and signatures that openpgp.js makes', async () => {
  for (const options of [
    { type: 'ecc', curve: 'ed25519Legacy' },
    { type: 'ecc', curve: 'nistP384' },
    { type: 'curve25519' },
    { type: 'curve448' },
    { type: 'rsa', rsaBits: 2048 },
  ] as const) {
    for (const v6Keys of options.type === 'ecc' && options.curve === 'ed25519Legacy' ? [false] : [false, true]) {
      const config = { v6Keys };
      const made = await generateKey({
        ...options,
        userIDs: [{ name: 'J', email: 'j@example.com' }],
        date: new Date(1_500_000_000_000),
        format: 'armored',
        config,
      });
      const privateKey = await readPrivateKey({ armoredKey: made.privateKey });
      const signature = await sign({
        message: await createMessage({ binary: PAYLOAD }),
        signingKeys: privateKey,
        detached: true,
        date: new Date(SIGNED_AT * 1000),
        config: { preferredHashAlgorithm: enums.hash.sha512 },
      });
      const ours = await judge(Buffer.from(made.publicKey), PAYLOAD, signature);
      assert.deepEqual(
        [ours.status, ours.primaryKey, ours.userId],
        ['good', privateKey.getFingerprint(), 'J <j@example.com>'],
        `${options.type} ${String(v6Keys)}`,
      );
    }
  }
});

test('a back-signature buried in a flood of embedded ones is still bounded', async () => {
  const [primary, subkey] = [makeRawKey('ed25519'), makeRawKey('ed25519')];
  const back = makeSignatureBody(subkey, subkeyData(primary, subkey), { type: 0x19, createdAt: SIGNED_AT });
  const hashed = [{ type: 27, data: Buffer.from([2]) }, ...Array.from({ length: 300 }, () => ({ type: 32, data: back }))];
  const binding = signaturePacket(primary, subkeyData(primary, subkey), { type: 0x18, createdAt: SIGNED_AT, hashed });
  const certificate = Buffer.concat([primaryPacket(primary), userIdPackets(primary, 'P'), packet(14, subkey.body), binding]);
  assert.equal((await judge(certificate, PAYLOAD, signDetached(subkey, PAYLOAD, { createdAt: SIGNED_AT }))).status, 'good');
});
