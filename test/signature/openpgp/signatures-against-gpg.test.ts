// Holds the judgement of single signatures (algorithms, types, times, issuers, subpackets) against gpg itself.

import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';

import { compare, NOW } from '../../support/openpgp-compare.ts';
import { GpgHome } from '../../support/openpgp-gpg.ts';
import { makeOpenpgpTestKey, signDetached } from '../../support/openpgp-keys.ts';
import type { OpenpgpKeyKind, SignatureOptions } from '../../support/openpgp-keys.ts';
import { dearmor, u32 } from '../../support/openpgp-wire.ts';

const PAYLOAD = Buffer.from('tree abc\nauthor A <a@b> 1 +0000\n\nhello  \nworld\n');
const SIGNED_AT = 1_600_000_000;
const KEY_AT = 1_500_000_000;
let home: GpgHome;
before(() => {
  home = new GpgHome();
});
after(() => {
  home.close();
});

const key = makeOpenpgpTestKey('ed25519');
const other = makeOpenpgpTestKey('ed25519');
const keyId = { type: 16, data: Buffer.from(key.keyId, 'hex') };
const createdAt = { type: 2, data: u32(SIGNED_AT) };

function fingerprintOf(hex: string): { type: number; data: Buffer } {
  return { type: 33, data: Buffer.concat([Buffer.from([4]), Buffer.from(hex, 'hex')]) };
}

/** What both must say: git's letter, and ours. */
type Expected = readonly [letter: string, status: string];

const CASES: Readonly<Record<string, readonly [Partial<SignatureOptions>, ...Expected]>> = {
  plain: [{}, 'G', 'good'],
  'v3 signature': [{ version: 3, hash: 8 }, 'G', 'unsupported'],
  'dated in the future': [{ createdAt: NOW + 1000 }, 'G', 'good'],
  'older than the key': [{ createdAt: KEY_AT - 1 }, 'E', 'not-allowed'],
  'ran out a second ago': [{ hashed: [{ type: 3, data: u32(NOW - SIGNED_AT - 1) }] }, 'X', 'expired-signature'],
  'runs out this second': [{ hashed: [{ type: 3, data: u32(NOW - SIGNED_AT) }] }, 'X', 'expired-signature'],
  'runs out next second': [{ hashed: [{ type: 3, data: u32(NOW - SIGNED_AT + 1) }] }, 'G', 'good'],
  'expiry beyond 32 bits wraps': [{ hashed: [{ type: 3, data: u32(0xffffffff) }] }, 'X', 'expired-signature'],
  'expiry of zero is none': [{ hashed: [{ type: 3, data: u32(0) }] }, 'G', 'good'],
  'unhashed expiry': [{ unhashed: [keyId, { type: 3, data: u32(1) }] }, 'G', 'good'],
  'no issuer fingerprint': [{ onlyHashed: [createdAt] }, 'G', 'good'],
  'no issuer at all': [{ onlyHashed: [createdAt], unhashed: [] }, 'E', 'unknown-key'],
  'issuer fingerprint only': [{ unhashed: [] }, 'G', 'good'],
  'issuer fingerprint only, unhashed': [{ onlyHashed: [createdAt], unhashed: [fingerprintOf(key.fingerprint)] }, 'E', 'unknown-key'],
  'fingerprint of nobody, key id right': [{ onlyHashed: [createdAt, fingerprintOf('11'.repeat(20))] }, 'G', 'unknown-key'],
  'fingerprint right, key id of nobody': [{ unhashed: [{ type: 16, data: Buffer.alloc(8, 1) }] }, 'G', 'good'],
  'fingerprint of another known key': [{ onlyHashed: [createdAt, fingerprintOf(other.fingerprint)] }, 'B', 'bad'],
  'fingerprint right, key id of another known key': [{ unhashed: [{ type: 16, data: Buffer.from(other.keyId, 'hex') }] }, 'G', 'good'],
  'wildcard key id': [{ onlyHashed: [createdAt], unhashed: [{ type: 16, data: Buffer.alloc(8) }] }, 'E', 'unknown-key'],
  'no creation time': [{ onlyHashed: [] }, 'E', 'malformed'],
  'creation time not hashed': [{ onlyHashed: [], unhashed: [keyId, createdAt] }, 'E', 'malformed'],
  'two creation times, the first too old': [{ onlyHashed: [{ type: 2, data: u32(5) }, createdAt] }, 'E', 'not-allowed'],
  'two creation times, the second too old': [{ onlyHashed: [createdAt, { type: 2, data: u32(5) }] }, 'G', 'good'],
  'unknown critical subpacket': [{ hashed: [{ type: 99, data: Buffer.alloc(1), critical: true }] }, 'B', 'bad'],
  'unknown critical subpacket, unhashed': [{ unhashed: [keyId, { type: 99, data: Buffer.alloc(1), critical: true }] }, 'B', 'bad'],
  'unknown subpacket': [{ hashed: [{ type: 99, data: Buffer.alloc(1) }] }, 'G', 'good'],
  'critical notation': [{ hashed: [{ type: 20, data: Buffer.from('\x80\0\0\0\0\x03\0\x01a@bc', 'latin1'), critical: true }] }, 'B', 'bad'],
};

for (const [name, [options, letter, status]] of Object.entries(CASES)) {
  test(`signature: ${name}`, async () => {
    const signature = signDetached(key.raw, PAYLOAD, { createdAt: SIGNED_AT, ...options });
    const { ours, gpg } = await compare(home, Buffer.concat([key.certificate, other.certificate]), PAYLOAD, signature);
    assert.equal(gpg.letter, letter, 'gpg');
    assert.equal(ours.letter.reference, letter, 'ours');
    assert.equal(ours.status, status);
    assert.equal(ours.reasons.length === 0, status === 'good');
  });
}

test('signature: over another payload', async () => {
  const { ours, gpg } = await compare(home, key.certificate, PAYLOAD, key.sign(Buffer.from('other'), SIGNED_AT));
  assert.deepEqual([gpg.letter, ours.letter.reference, ours.status, ours.reasons], ['B', 'B', 'bad', ['OPENPGP_SIGNATURE_BAD']]);
});

test('signature: types other than document signatures', async () => {
  for (const type of [0x02, 0x10, 0x13, 0x18, 0x1f, 0x20, 0x40, 0x50]) {
    const { ours, gpg } = await compare(home, key.certificate, PAYLOAD, signDetached(key.raw, PAYLOAD, { createdAt: SIGNED_AT, type }));
    assert.deepEqual([gpg.letter, ours.letter.reference, ours.reasons], ['E', 'E', ['OPENPGP_SIGNATURE_TYPE_WRONG']], `type ${type}`);
  }
});

test('signature: every critical subpacket number is known or unknown as gpg has it', async () => {
  for (const type of [1, 4, 5, 6, 7, 8, 9, 10, 11, 12, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 34, 37, 39, 40]) {
    const signature = signDetached(key.raw, PAYLOAD, {
      createdAt: SIGNED_AT,
      hashed: [{ type, data: Buffer.alloc(4, 4), critical: true }],
    });
    const { ours, gpg } = await compare(home, key.certificate, PAYLOAD, signature);
    assert.equal(ours.letter.reference, gpg.letter, `subpacket ${type}`);
  }
});

test('signature: text is hashed with CR LF, trailing blanks kept', async () => {
  const text = Buffer.from(PAYLOAD.toString().replaceAll('\n', '\r\n'));
  const { ours, gpg } = await compare(home, key.certificate, PAYLOAD, signDetached(key.raw, text, { createdAt: SIGNED_AT, type: 1 }));
  assert.deepEqual([gpg.letter, ours.status], ['G', 'good']);
});

test('signature: a text signature does not fix carriage returns, and is refused where there are any', async () => {
  const signature = signDetached(key.raw, Buffer.from('a\r\nb\r\nc '), { createdAt: SIGNED_AT, type: 1 });
  const { ours, gpg } = await compare(home, key.certificate, Buffer.from('a\r\r\nb\r\nc \r'), signature);
  assert.deepEqual([gpg.letter, ours.letter.reference, ours.reasons], ['G', 'G', ['OPENPGP_SIGNATURE_TYPE_WRONG']]);
});

const KINDS: readonly OpenpgpKeyKind[] = [
  'ed25519',
  'p256',
  'p384',
  'p521',
  'secp256k1',
  'brainpoolP256r1',
  'brainpoolP384r1',
  'brainpoolP512r1',
  'rsa1024',
  'rsa2048',
  'dsa1024',
  'dsa2048',
];

for (const kind of KINDS) {
  test(`algorithm: ${kind} with every hash`, async () => {
    const pair = makeOpenpgpTestKey(kind);
    // OpenSSL does not combine DSA with MD5 and RIPEMD-160.
    for (const hash of kind.startsWith('dsa') ? [2, 8, 9, 10, 11] : [1, 2, 3, 8, 9, 10, 11]) {
      const { ours, gpg } = await compare(home, pair.certificate, PAYLOAD, signDetached(pair.raw, PAYLOAD, { createdAt: SIGNED_AT, hash }));
      assert.equal(ours.letter.reference, gpg.letter, `hash ${hash}`);
      // SHA-1 and RIPEMD-160 are refused beyond gpg.
      assert.equal(ours.status === 'good', gpg.letter === 'G' && hash > 3, `hash ${hash}`);
    }
  });
}

test('algorithm: EdDSA numbers with leading zeros stripped', async () => {
  const signed = Array.from({ length: 1500 }, (_, i) => {
    const payload = Buffer.from(`payload ${i}`);
    return { payload, armored: key.sign(payload, SIGNED_AT) };
  });
  const full = Math.max(...signed.map(({ armored }) => dearmor(armored).length));
  const short = signed.filter(({ armored }) => dearmor(armored).length < full);
  assert.ok(short.length > 0);
  for (const { payload, armored } of short.slice(0, 6)) {
    const { ours, gpg } = await compare(home, key.certificate, payload, armored);
    assert.deepEqual([gpg.letter, ours.status], ['G', 'good']);
  }
});

test('what gpg cannot read is an extension: v6, and native Ed25519 and Ed448', async () => {
  for (const [kind, version, letter] of [
    ['ed25519-native', 4, 'E'],
    ['ed448', 4, 'E'],
    ['ed25519-native', 6, 'N'],
    ['ed448', 6, 'N'],
    ['rsa2048', 6, 'N'],
    ['p256', 6, 'N'],
  ] as const) {
    const pair = makeOpenpgpTestKey(kind, { version });
    const { ours, gpg } = await compare(home, pair.certificate, PAYLOAD, pair.sign(PAYLOAD, SIGNED_AT));
    assert.deepEqual([gpg.letter, ours.letter.reference, ours.status], [letter, letter, 'good'], `${kind} v${version}`);
    const forged = await compare(home, pair.certificate, Buffer.from('other'), pair.sign(PAYLOAD, SIGNED_AT));
    assert.deepEqual(
      [forged.gpg.letter, forged.ours.letter.reference, forged.ours.status],
      [letter, letter, 'bad'],
      `${kind} v${version} forged`,
    );
  }
});

test('algorithm: the signature names another algorithm than the key has; gpg does not mind', async () => {
  const { ours, gpg } = await compare(
    home,
    key.certificate,
    PAYLOAD,
    signDetached(key.raw, PAYLOAD, { createdAt: SIGNED_AT, algorithm: 19 }),
  );
  assert.deepEqual(
    [gpg.letter, ours.letter.reference, ours.status, ours.reasons],
    ['G', 'G', 'malformed', ['OPENPGP_SIGNATURE_MALFORMED']],
  );
});

test('algorithm: RSA below 1024 bits is refused beyond gpg', async () => {
  const weak = makeOpenpgpTestKey('rsa768');
  const { ours, gpg } = await compare(home, weak.certificate, PAYLOAD, weak.sign(PAYLOAD, SIGNED_AT));
  assert.deepEqual([gpg.letter, ours.letter.reference, ours.reasons], ['G', 'G', ['OPENPGP_ALGORITHM_WEAK']]);
});
