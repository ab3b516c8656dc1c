// Verifies what gpg itself makes (keys of every kind, sub-keys, revocations, trust) and holds it against git's cases of t7510.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { after, before } from 'node:test';

import { openpgp } from '../../../src/signature/index.ts';
import type { OpenpgpJudgement, OpenpgpValidity } from '../../../src/signature/index.ts';
import { judge } from '../../support/openpgp-compare.ts';
import { GpgHome } from '../../support/openpgp-gpg.ts';
import { armor, dearmor } from '../../support/openpgp-wire.ts';

const PAYLOAD = Buffer.from('tree abc\nauthor A <a@b> 1 +0000\n\nhello\n');
const now = Math.floor(Date.now() / 1000);
let home: GpgHome;
before(() => {
  home = new GpgHome();
});
after(() => {
  home.close();
});

for (const algorithm of [
  'ed25519',
  'nistp256',
  'nistp384',
  'nistp521',
  'secp256k1',
  'brainpoolP256r1',
  'brainpoolP384r1',
  'brainpoolP512r1',
  'rsa2048',
  'dsa2048',
]) {
  test(`gpg's own ${algorithm}: key, signature, forgery`, async () => {
    const fingerprint = home.generate(`Gpg ${algorithm} <g@example.com>`, algorithm, 'sign');
    const signature = home.sign(fingerprint, PAYLOAD);
    for (const certificate of [home.export(fingerprint), Buffer.from(home.exportArmored(fingerprint))]) {
      const ours = await judge(certificate, PAYLOAD, signature, now + 60);
      assert.deepEqual([ours.status, ours.primaryKey, ours.userId], ['good', fingerprint, `Gpg ${algorithm} <g@example.com>`]);
      const forged = await judge(certificate, Buffer.from('other'), signature, now + 60);
      assert.deepEqual([forged.status, forged.letter.reference], ['bad', 'B']);
    }
    assert.equal(home.verify(PAYLOAD, signature).letter, 'G');
  });
}

test("gpg's signing sub-key, its text signature, and its default hash choices", async () => {
  const fingerprint = home.generate('Sub <sub@example.com>', 'ed25519', 'cert');
  home.addSubkey(fingerprint, 'ed25519', 'sign');
  home.addSubkey(fingerprint, 'cv25519', 'encr');
  const certificate = home.export(fingerprint);
  for (const options of [[], ['--textmode'], ['--digest-algo', 'SHA256']]) {
    const signature = home.sign(fingerprint, PAYLOAD, options);
    const ours = await judge(certificate, PAYLOAD, signature, now + 60);
    const gpg = home.verify(PAYLOAD, signature);
    assert.deepEqual([ours.status, ours.key, ours.primaryKey], ['good', gpg.fingerprint, gpg.primary]);
    assert.notEqual(ours.key, ours.primaryKey);
  }
});

test('a revocation certificate that gpg makes', async () => {
  const fingerprint = home.generate('Revoked <r@example.com>', 'ed25519', 'sign');
  const signature = home.sign(fingerprint, PAYLOAD);
  // gpg puts a colon before the armor, lest it be imported by accident.
  const file = readFileSync(join(home.directory, 'openpgp-revocs.d', `${fingerprint.toUpperCase()}.rev`), 'latin1');
  const revocation = dearmor(file.slice(file.indexOf(':-----BEGIN') + 1));
  home.import(armor('PUBLIC KEY BLOCK', revocation));
  const ours = await judge(home.export(fingerprint), PAYLOAD, signature, now + 60);
  assert.deepEqual(
    [home.verify(PAYLOAD, signature).letter, ours.letter.reference, ours.status, ours.revoked?.reason],
    ['R', 'R', 'revoked-key', 0],
  );
});

test('expiry as gpg sets it: key and signature', async () => {
  const at = now - 10_000;
  const fingerprint = home.generate('Short <s@example.com>', 'ed25519', 'sign', 'seconds=100', at);
  const signature = home.sign(fingerprint, PAYLOAD, [], at + 10);
  const timed = home.sign(fingerprint, PAYLOAD, ['--default-sig-expire', 'seconds=20'], at + 10);
  const certificate = home.export(fingerprint);
  for (const [moment, made, letter] of [
    [at + 50, signature, 'G'],
    [at + 100, signature, 'G'],
    [at + 101, signature, 'Y'],
    [now, signature, 'Y'],
    [at + 29, timed, 'G'],
    [at + 30, timed, 'X'],
    [now, timed, 'X'],
  ] as const) {
    const ours = await judge(certificate, PAYLOAD, made, moment);
    assert.deepEqual([home.verify(PAYLOAD, made, [], moment).letter, ours.letter.reference], [letter, letter], `${moment - at}`);
  }
});

/** Our judgement with validities as gpg's trust-model direct takes them. */
async function judgeWith(
  certificate: Uint8Array,
  signature: string,
  validity: ReadonlyMap<string, OpenpgpValidity>,
  minimum: OpenpgpValidity,
): Promise<OpenpgpJudgement> {
  const { certificates } = await openpgp.parseCertificates(certificate, now + 60);
  const keys = openpgp.indexOpenpgpKeys(certificates.flatMap((each) => each.keys.map(({ key }) => key)));
  const facts = openpgp.establishOpenpgpFacts(PAYLOAD, Buffer.from(signature), keys);
  return openpgp.judgeOpenpgp(facts, openpgp.trustOpenpgpCertificates(certificates, validity, minimum), now + 60);
}

test('t7510: validity decides between G and U', async () => {
  const fingerprint = home.generate('Trust <t@example.com>', 'ed25519', 'sign');
  const signature = home.sign(fingerprint, PAYLOAD);
  const certificate = home.export(fingerprint);
  for (const [level, validity, letter] of [
    [2, 'undefined', 'U'],
    [3, 'never', 'U'],
    [4, 'marginal', 'G'],
    [5, 'fully', 'G'],
    [6, 'ultimate', 'G'],
  ] as const) {
    home.trust(fingerprint, level);
    const gpg = home.verify(PAYLOAD, signature, ['--trust-model', 'direct']);
    const ours = await judgeWith(certificate, signature, new Map([[fingerprint, validity]]), 'undefined');
    assert.deepEqual(
      [gpg.letter, ours.letter.reference, ours.status],
      [letter, letter, letter === 'G' ? 'good' : 'untrusted-key'],
      validity,
    );
  }
  const unknown = await judgeWith(certificate, signature, new Map(), 'undefined');
  assert.deepEqual([unknown.status, unknown.reasons, unknown.letter.reference], ['untrusted-key', ['OPENPGP_KEY_UNTRUSTED'], 'U']);
  const low = await judgeWith(certificate, signature, new Map([[fingerprint, 'marginal']]), 'fully');
  assert.deepEqual([low.status, low.letter.reference], ['untrusted-key', 'G']);
});

test('t7510: unknown signature, and no keyring at all', async () => {
  const fingerprint = home.generate('Unknown <u@example.com>', 'ed25519', 'sign');
  const signature = home.sign(fingerprint, PAYLOAD);
  const facts = openpgp.establishOpenpgpFacts(PAYLOAD, Buffer.from(signature), openpgp.indexOpenpgpKeys([]));
  assert.equal(facts.status, 'unknown-key');
  assert.equal(facts.issuerFingerprint, fingerprint);
  const unknown = openpgp.judgeOpenpgp(facts, openpgp.trustOpenpgpCertificates([]), now);
  assert.deepEqual([unknown.status, unknown.reasons, unknown.letter.reference], ['unknown-key', ['OPENPGP_KEY_UNKNOWN'], 'E']);
  const untrusting = openpgp.judgeOpenpgp(facts, null, now);
  assert.deepEqual([untrusting.status, untrusting.reasons, untrusting.letter.reference], ['unknown-key', ['OPENPGP_TRUST_NOT_GIVEN'], 'E']);
  const stranger = new GpgHome();
  assert.equal(stranger.verify(PAYLOAD, signature).letter, 'E');
  stranger.close();
});
