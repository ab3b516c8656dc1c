// Holds the judgement of certificates (revocations, flags, expiry, user ids, sub-keys, back-signatures) against gpg itself.

import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';

import { compare, NOW } from '../../support/openpgp-compare.ts';
import { GpgHome } from '../../support/openpgp-gpg.ts';
import {
  makeRawKey,
  makeSignatureBody,
  primaryPacket,
  signaturePacket,
  signDetached,
  subkeyData,
  subkeyPackets,
  userIdData,
  userIdPackets,
} from '../../support/openpgp-keys.ts';
import type { RawOpenpgpKey } from '../../support/openpgp-keys.ts';
import { packet, u32 } from '../../support/openpgp-wire.ts';
import type { TestSubpacket } from '../../support/openpgp-wire.ts';

const PAYLOAD = Buffer.from('tree abc\n\nhello\n');
const SIGNED_AT = 1_600_000_000;
const KEY_AT = 1_500_000_000;
let home: GpgHome;
before(() => {
  home = new GpgHome();
});
after(() => {
  home.close();
});

const cat = (...parts: readonly Uint8Array[]): Buffer => Buffer.concat(parts);
const makeKey = (createdAt = KEY_AT): RawOpenpgpKey => makeRawKey('ed25519', { createdAt });
const subpacket = (type: number, data: Uint8Array | readonly number[], critical = false): TestSubpacket => ({
  type,
  data: Uint8Array.from(data),
  critical,
});
const flags = (value: number): TestSubpacket => subpacket(27, [value]);
const expires = (seconds: number): TestSubpacket => subpacket(9, u32(seconds));
const runsOut = (seconds: number): TestSubpacket => subpacket(3, u32(seconds));
const PRIMARY = subpacket(25, [1]);
const issuer = (key: RawOpenpgpKey): TestSubpacket => subpacket(16, Buffer.from(key.keyId, 'hex'));

function revocation(key: RawOpenpgpKey, reason: number | null, at = SIGNED_AT + 5, by = key): Buffer {
  return signaturePacket(by, key.framed, { type: 0x20, createdAt: at, hashed: reason === null ? [] : [subpacket(29, [reason, 104, 105])] });
}

function direct(key: RawOpenpgpKey, hashed: readonly TestSubpacket[], at = KEY_AT): Buffer {
  return signaturePacket(key, key.framed, { type: 0x1f, createdAt: at, hashed });
}

function certify(key: RawOpenpgpKey, userId: string, at: number, hashed: readonly TestSubpacket[], type = 0x13): Buffer {
  return signaturePacket(key, userIdData(key, Buffer.from(userId)), { type, createdAt: at, hashed });
}

function attribute(key: RawOpenpgpKey, at: number, hashed: readonly TestSubpacket[]): Buffer {
  const image = cat(Buffer.from([0x16, 0x01, 0x10, 0x00, 0x01, 0x01]), Buffer.alloc(12), Buffer.from([0xff, 0xd8, 0xff, 0xe0]));
  const body = cat(Buffer.from([image.length]), image);
  const data = cat(key.framed, Buffer.from([0xd1]), u32(body.length), body);
  return cat(packet(17, body), signaturePacket(key, data, { type: 0x13, createdAt: at, hashed }));
}

function revokerOf(key: RawOpenpgpKey): TestSubpacket {
  return subpacket(12, cat(Buffer.from([0x80, 22]), Buffer.from(key.fingerprint, 'hex')));
}

/** A back-signature's body over the pair, by whom and how the test likes. */
function back(
  primary: RawOpenpgpKey,
  subkey: RawOpenpgpKey,
  options?: { by?: RawOpenpgpKey; at?: number; type?: number; hash?: number; hashed?: readonly TestSubpacket[] },
): TestSubpacket {
  const { by = subkey, at = KEY_AT, type = 0x19, hash = 10, hashed = [] } = options ?? {};
  return subpacket(32, makeSignatureBody(by, subkeyData(primary, subkey), { type, createdAt: at, hash, hashed }));
}

interface Case {
  readonly certificates: Buffer;
  readonly by: RawOpenpgpKey;
  readonly at?: number;
  readonly forged?: boolean;
}

/** Runs one case: the letters agree, `good` is `G` exactly, and the user id is gpg's. */
function check(name: string, letter: string, make: () => Case, status?: string): void {
  test(`certificate: ${name}`, async () => {
    const { certificates, by, at = SIGNED_AT, forged } = make();
    const signature = signDetached(by, forged === true ? Buffer.from('other') : PAYLOAD, { createdAt: at });
    const { ours, gpg } = await compare(home, certificates, PAYLOAD, signature);
    assert.equal(gpg.letter, letter, `gpg: ${gpg.status}`);
    assert.equal(ours.letter.reference, letter, `ours: ${ours.status} ${ours.reasons.join()}`);
    assert.equal(ours.status === 'good', letter === 'G');
    if (status !== undefined) assert.equal(ours.reasons[0] ?? ours.status, status);
    if (letter !== 'E' && letter !== 'B' && !gpg.userId.includes('attribute')) {
      assert.equal(Buffer.from(ours.userId ?? '').toString('latin1'), gpg.userId);
      assert.deepEqual([ours.key, ours.primaryKey], [gpg.fingerprint, gpg.primary]);
    }
  });
}

/** One key with a user id `U`, and packets before and after it. */
function one(build: (key: RawOpenpgpKey) => Buffer): () => Case {
  return () => {
    const key = makeKey();
    return { certificates: cat(primaryPacket(key), build(key)), by: key };
  };
}

const uid = userIdPackets;

for (const reason of [null, 0, 1, 2, 3, 100])
  check(
    `revoked with reason ${reason}`,
    'R',
    one((key) => cat(revocation(key, reason), uid(key, 'U'))),
  );
check(
  'retired before the signature',
  'R',
  one((key) => cat(revocation(key, 3, SIGNED_AT - 5), uid(key, 'U'))),
);
check(
  'revoked by a stranger',
  'G',
  one((key) => cat(revocation(key, 0, SIGNED_AT, makeKey()), uid(key, 'U'))),
);
check(
  'revoked and expired: expired comes first',
  'Y',
  one((key) => cat(revocation(key, 0), uid(key, 'U', { hashed: [flags(3), expires(10)] }))),
);
check(
  'revocation older than the key',
  'G',
  one((key) => cat(revocation(key, 0, KEY_AT - 5), uid(key, 'U'))),
);
check(
  'revocation of the future',
  'R',
  one((key) => cat(revocation(key, 0, NOW + 500), uid(key, 'U'))),
);
check(
  'revocation that ran out',
  'R',
  one((key) => cat(signaturePacket(key, key.framed, { type: 0x20, createdAt: SIGNED_AT, hashed: [runsOut(5)] }), uid(key, 'U'))),
);
check(
  'revocation with MD5',
  'G',
  one((key) => cat(signaturePacket(key, key.framed, { type: 0x20, createdAt: SIGNED_AT, hash: 1 }), uid(key, 'U'))),
);
check(
  'revocation in the wrong place',
  'R',
  one((key) => cat(uid(key, 'U'), revocation(key, 0))),
);
check(
  'revocation in the second copy of the certificate',
  'R',
  one((key) => cat(uid(key, 'U'), primaryPacket(key), revocation(key, 0), uid(key, 'U'))),
);

for (const [name, letter, inDirect, revokes, given] of [
  ['designated revoker revoked', 'R', true, true, true],
  ['designated revoker did not revoke', 'G', true, false, true],
  ['revoker named in a user id certification only', 'G', false, true, true],
  ['designated revoker not at hand', 'G', true, true, false],
] as const) {
  check(name, letter, () => {
    const key = makeKey();
    const revoker = makeKey();
    const named = inDirect ? direct(key, [revokerOf(revoker)]) : Buffer.alloc(0);
    const revoked = revokes ? revocation(key, 0, SIGNED_AT, revoker) : Buffer.alloc(0);
    const userId = uid(key, 'U', { hashed: inDirect ? [flags(3)] : [flags(3), revokerOf(revoker)] });
    const others = given ? cat(primaryPacket(revoker), uid(revoker, 'R')) : Buffer.alloc(0);
    return { certificates: cat(others, primaryPacket(key), named, revoked, userId), by: key };
  });
}

for (const [value, letter] of [
  [0, 'E'],
  [1, 'E'],
  [2, 'G'],
  [3, 'G'],
  [4, 'E'],
  [0x0c, 'E'],
  [0x20, 'E'],
  [0x22, 'G'],
  [0x10, 'E'],
] as const) {
  check(
    `key flags ${value}`,
    letter,
    one((key) => uid(key, 'U', { hashed: [flags(value)] })),
  );
}
check(
  'no key flags',
  'G',
  one((key) => uid(key, 'U', { hashed: [] })),
);
check(
  'empty key flags',
  'E',
  one((key) => uid(key, 'U', { hashed: [subpacket(27, [])] })),
  'OPENPGP_KEY_NOT_FOR_SIGNING',
);
check(
  'key flags not hashed',
  'G',
  one((key) => uid(key, 'U', { hashed: [], unhashed: [issuer(key), flags(1)] })),
);
check(
  'key flags twice',
  'E',
  one((key) => uid(key, 'U', { hashed: [flags(1), flags(2)] })),
);
check(
  'direct signature: certify only, user id: sign',
  'E',
  one((key) => cat(direct(key, [flags(1)]), uid(key, 'U'))),
);
check(
  'direct signature: sign, user id: certify only',
  'G',
  one((key) => cat(direct(key, [flags(2)]), uid(key, 'U', { hashed: [flags(1)] }))),
);
check(
  'picture with newer flags',
  'E',
  one((key) => cat(uid(key, 'U'), attribute(key, KEY_AT + 50, [flags(1)]))),
);

check(
  'expired in direct signature',
  'Y',
  one((key) => cat(direct(key, [expires(5)]), uid(key, 'U'))),
);
check(
  'expired in direct signature, newer user id without',
  'Y',
  one((key) => cat(direct(key, [expires(5)]), uid(key, 'U', { createdAt: SIGNED_AT }))),
);
check(
  'long in direct signature, short in user id',
  'G',
  one((key) => cat(direct(key, [expires(0x30000000)]), uid(key, 'U', { hashed: [flags(3), expires(5)] }))),
);
check(
  'none in direct signature, short in user id',
  'Y',
  one((key) => cat(direct(key, []), uid(key, 'U', { hashed: [flags(3), expires(5)] }))),
);
check(
  'newer direct signature lifts expiry',
  'G',
  one((key) => cat(direct(key, [expires(5)]), direct(key, [], KEY_AT + 9), uid(key, 'U'))),
);
check(
  'direct signature that ran out',
  'G',
  one((key) => cat(direct(key, [flags(1), runsOut(5)]), uid(key, 'U'))),
);
check(
  'newer direct signature ran out',
  'E',
  one((key) => cat(direct(key, [flags(1)]), direct(key, [flags(2), runsOut(5)], KEY_AT + 2), uid(key, 'U'))),
);
check(
  'direct signature and no user id',
  'E',
  one((key) => direct(key, [flags(3)])),
  'OPENPGP_KEY_UNUSABLE',
);
for (const [offset, letter] of [
  [-1, 'Y'],
  [0, 'G'],
  [1, 'G'],
] as const) {
  check(
    `expires ${offset} seconds from now`,
    letter,
    one((key) => uid(key, 'U', { hashed: [flags(3), expires(NOW - KEY_AT + offset)] })),
  );
}
check(
  'expired before signing',
  'Y',
  one((key) => uid(key, 'U', { hashed: [flags(3), expires(10)] })),
);
check(
  'expiry beyond 32 bits wraps',
  'Y',
  one((key) => uid(key, 'U', { hashed: [flags(3), expires(0xffffffff)] })),
);
check(
  'extended: newer self-signature without expiry',
  'G',
  one((key) => cat(uid(key, 'A', { hashed: [flags(3), expires(5)] }), certify(key, 'A', KEY_AT + 2, [flags(3)]))),
);
check(
  'shortened: newer self-signature with expiry',
  'Y',
  one((key) => cat(uid(key, 'A'), certify(key, 'A', KEY_AT + 2, [flags(3), expires(9)]))),
);
check(
  'same second: the later one counts',
  'Y',
  one((key) => cat(uid(key, 'A'), certify(key, 'A', KEY_AT, [flags(3), expires(9)]))),
);
check(
  'same second: the later one counts, other way round',
  'G',
  one((key) => cat(uid(key, 'A', { hashed: [flags(3), expires(9)] }), certify(key, 'A', KEY_AT, [flags(3)]))),
);
check(
  'picture with expiry',
  'Y',
  one((key) => cat(uid(key, 'A'), attribute(key, KEY_AT + 50, [flags(3), expires(5)]))),
);

const SHORT = [flags(3), expires(5)];
const LONG = [flags(3), expires(0x30000000)];
check(
  'two user ids: newer without, older with expiry',
  'Y',
  one((key) => cat(uid(key, 'A', { createdAt: KEY_AT + 100 }), uid(key, 'B', { hashed: SHORT }))),
);
check(
  'two user ids: newer long, older short',
  'G',
  one((key) => cat(uid(key, 'A', { createdAt: KEY_AT + 100, hashed: LONG }), uid(key, 'B', { hashed: SHORT }))),
);
check(
  'two user ids: newer short, older long',
  'Y',
  one((key) => cat(uid(key, 'A', { hashed: LONG }), uid(key, 'B', { createdAt: KEY_AT + 100, hashed: SHORT }))),
);
check(
  'two user ids of one second: short first',
  'Y',
  one((key) => cat(uid(key, 'A', { hashed: SHORT }), uid(key, 'B', { hashed: LONG }))),
);
check(
  'two user ids of one second: short second',
  'G',
  one((key) => cat(uid(key, 'A', { hashed: LONG }), uid(key, 'B', { hashed: SHORT }))),
);
check(
  'two user ids: the older is primary',
  'G',
  one((key) => cat(uid(key, 'A', { createdAt: KEY_AT + 100 }), uid(key, 'B', { hashed: [flags(3), PRIMARY] }))),
);
check(
  'two user ids: both primary',
  'G',
  one((key) => cat(uid(key, 'A', { hashed: [flags(3), PRIMARY] }), uid(key, 'B', { createdAt: KEY_AT + 1, hashed: [flags(3), PRIMARY] }))),
);
for (const [first, second] of [
  ['BB', 'A'],
  ['A', 'BB'],
  ['B', 'A'],
  ['A', 'B'],
] as const) {
  check(
    `two user ids of one second: ${first} ${second}`,
    'G',
    one((key) => cat(uid(key, first), uid(key, second))),
  );
  check(
    `two primary user ids of one second: ${first} ${second}`,
    'G',
    one((key) => cat(uid(key, first, { hashed: [flags(3), PRIMARY] }), uid(key, second, { hashed: [flags(3), PRIMARY] }))),
  );
}
check(
  'first user id revoked',
  'G',
  one((key) => cat(uid(key, 'A'), certify(key, 'A', KEY_AT + 1, [], 0x30), uid(key, 'B'))),
);
check(
  'only user id revoked',
  'G',
  one((key) => cat(uid(key, 'A'), certify(key, 'A', KEY_AT + 1, [], 0x30))),
);
check(
  'revoked user id has no say in flags',
  'G',
  one((key) => cat(uid(key, 'A', { hashed: [flags(1)] }), certify(key, 'A', KEY_AT + 1, [], 0x30))),
);
check(
  'revoked user id has no say in expiry',
  'G',
  one((key) => cat(uid(key, 'A', { hashed: SHORT }), certify(key, 'A', KEY_AT + 1, [], 0x30))),
);
check(
  'user id revoked, then certified again',
  'G',
  one((key) => cat(uid(key, 'A'), certify(key, 'A', KEY_AT + 1, [], 0x30), certify(key, 'A', KEY_AT + 2, [flags(3)]))),
);
check(
  'certification ran out',
  'G',
  one((key) => uid(key, 'A', { hashed: [flags(3), runsOut(5)] })),
);
check(
  'newest certification ran out',
  'G',
  one((key) => cat(uid(key, 'A'), certify(key, 'A', KEY_AT + 2, [flags(1), runsOut(5)]))),
);
check(
  'self-signature of the future',
  'G',
  one((key) => uid(key, 'A', { createdAt: NOW + 100 })),
);
check(
  'self-signature older than the key',
  'E',
  one((key) => uid(key, 'A', { createdAt: KEY_AT - 1 })),
);
for (const [hash, letter] of [
  [1, 'E'],
  [2, 'G'],
  [3, 'G'],
  [8, 'G'],
] as const)
  check(
    `self-signature with hash ${hash}`,
    letter,
    one((key) => uid(key, 'A', { hash })),
  );
check(
  'self-signature with unknown critical subpacket',
  'E',
  one((key) => uid(key, 'A', { hashed: [flags(3), subpacket(99, [1], true)] })),
);
for (const [type, letter] of [
  [0x10, 'G'],
  [0x11, 'G'],
  [0x12, 'G'],
  [0x16, 'E'],
  [0x00, 'E'],
] as const)
  check(
    `self-signature of type ${type}`,
    letter,
    one((key) => uid(key, 'A', { type })),
  );
check(
  'v3 self-signature',
  'G',
  one((key) =>
    cat(
      packet(13, Buffer.from('A')),
      signaturePacket(key, cat(key.framed, Buffer.from('A')), { type: 0x13, version: 3, hash: 8, createdAt: KEY_AT }),
    ),
  ),
);
check(
  'v3 self-signature that hashes a length',
  'E',
  one((key) => uid(key, 'A', { version: 3, hash: 8 })),
);
check(
  'self-signature without a key id',
  'E',
  one((key) => uid(key, 'A', { unhashed: [] })),
);
check(
  'self-signature with another key id',
  'E',
  one((key) => uid(key, 'A', { unhashed: [subpacket(16, Buffer.alloc(8, 1))] })),
);
check(
  'certified by a stranger only',
  'E',
  one((key) =>
    cat(packet(13, Buffer.from('A')), signaturePacket(makeKey(), userIdData(key, Buffer.from('A')), { type: 0x13, createdAt: KEY_AT })),
  ),
);
check(
  'no user id',
  'E',
  one(() => Buffer.alloc(0)),
);
check(
  'user id in UTF-8',
  'G',
  one((key) => uid(key, 'Jürgen')),
);
check(
  'unknown packet before the self-signature',
  'G',
  one((key) => cat(packet(13, Buffer.from('V')), packet(60, Buffer.from([1])), certify(key, 'V', KEY_AT, [flags(3)]))),
);
check(
  'trust packets',
  'G',
  one((key) => cat(packet(12, Buffer.from([1, 2])), uid(key, 'V'), packet(12, Buffer.from([1, 2])))),
);
check('key of the future', 'E', () => {
  const key = makeKey(NOW + 5);
  return { certificates: cat(primaryPacket(key), uid(key, 'A')), by: key, at: NOW + 6 };
});

/** A certify-only primary and a signing sub-key. */
function pair(
  build: (primary: RawOpenpgpKey, subkey: RawOpenpgpKey) => Buffer,
  options?: { subkeyAt?: number; at?: number; forged?: boolean },
): () => Case {
  return () => {
    const primary = makeKey();
    const subkey = makeKey(options?.subkeyAt);
    const certificates = cat(primaryPacket(primary), uid(primary, 'P', { hashed: [flags(1)] }), build(primary, subkey));
    return { certificates, by: subkey, at: options?.at ?? SIGNED_AT, forged: options?.forged ?? false };
  };
}

/** A binding alone, without the sub-key's packet. */
function bind(
  primary: RawOpenpgpKey,
  subkey: RawOpenpgpKey,
  at: number,
  hashed: readonly TestSubpacket[],
  type = 0x18,
  by = primary,
): Buffer {
  return signaturePacket(by, subkeyData(primary, subkey), { type, createdAt: at, hashed });
}

const UNBACKED = 'OPENPGP_SUBKEY_NOT_BACKED';
check(
  'signing sub-key',
  'G',
  pair((p, s) => subkeyPackets(p, s)),
);
for (const [value, letter] of [
  [0, 'E'],
  [1, 'E'],
  [2, 'G'],
  [4, 'E'],
  [0x20, 'E'],
] as const)
  check(
    `sub-key with flags ${value}`,
    letter,
    pair((p, s) => subkeyPackets(p, s, { flags: value })),
  );
check(
  'sub-key without back-signature',
  'E',
  pair((p, s) => subkeyPackets(p, s, { backed: false })),
  UNBACKED,
);
check(
  'sub-key without back-signature, forged',
  'B',
  pair((p, s) => subkeyPackets(p, s, { backed: false }), { forged: true }),
);
check(
  'sub-key for encryption, forged',
  'E',
  pair((p, s) => subkeyPackets(p, s, { flags: 4 }), { forged: true }),
);
check(
  'back-signature by another key',
  'E',
  pair((p, s) => subkeyPackets(p, s, { backed: false, extra: [back(p, s, { by: makeKey() })] })),
  UNBACKED,
);
check(
  'back-signature for another primary',
  'E',
  pair((p, s) => subkeyPackets(p, s, { backed: false, extra: [back(makeKey(), s)] })),
  UNBACKED,
);
check(
  'back-signature of another type',
  'E',
  pair((p, s) => subkeyPackets(p, s, { backed: false, extra: [back(p, s, { type: 0x18 })] })),
  UNBACKED,
);
check(
  'back-signature with MD5',
  'E',
  pair((p, s) => subkeyPackets(p, s, { backed: false, extra: [back(p, s, { hash: 1 })] })),
);
check(
  'back-signature with SHA-1',
  'G',
  pair((p, s) => subkeyPackets(p, s, { backed: false, extra: [back(p, s, { hash: 2 })] })),
);
check(
  'back-signature older than the key',
  'E',
  pair((p, s) => subkeyPackets(p, s, { backed: false, extra: [back(p, s, { at: KEY_AT - 5 })] })),
);
check(
  'back-signature that ran out',
  'G',
  pair((p, s) => subkeyPackets(p, s, { backed: false, extra: [back(p, s, { hashed: [runsOut(5)] })] })),
);
check(
  'back-signature not hashed',
  'G',
  pair((p, s) => subkeyPackets(p, s, { backed: false, signature: { unhashed: [issuer(p), back(p, s)] } })),
);
check(
  'newest back-signature is bad',
  'E',
  pair((p, s) => subkeyPackets(p, s, { backed: false, extra: [back(p, s), back(p, s, { by: makeKey(), at: KEY_AT + 5 })] })),
);
check(
  'second back-signature of one second is bad',
  'G',
  pair((p, s) => subkeyPackets(p, s, { backed: false, extra: [back(p, s), back(p, s, { by: makeKey() })] })),
);
check(
  'binding ran out',
  'E',
  pair((p, s) => subkeyPackets(p, s, { extra: [runsOut(5)] })),
);
check(
  'newest binding ran out',
  'E',
  pair((p, s) => cat(subkeyPackets(p, s), bind(p, s, KEY_AT + 9, [flags(2), runsOut(5)]))),
);
check(
  'newest binding is for encryption',
  'E',
  pair((p, s) => cat(subkeyPackets(p, s), bind(p, s, KEY_AT + 9, [flags(4)]))),
);
check(
  'newest binding has no back-signature',
  'E',
  pair((p, s) => cat(subkeyPackets(p, s), bind(p, s, KEY_AT + 9, [flags(2)]))),
);
check(
  'sub-key expired',
  'Y',
  pair((p, s) => subkeyPackets(p, s, { extra: [expires(5)] })),
);
for (const reason of [null, 0, 1, 2, 3]) {
  check(
    `sub-key revoked with reason ${reason}`,
    'R',
    pair((p, s) => cat(subkeyPackets(p, s), bind(p, s, SIGNED_AT + 1, reason === null ? [] : [subpacket(29, [reason])], 0x28))),
  );
}
check(
  'sub-key revoked by itself',
  'G',
  pair((p, s) => cat(subkeyPackets(p, s), bind(p, s, SIGNED_AT + 1, [], 0x28, s))),
);
check(
  'sub-key revoked, then bound again',
  'R',
  pair((p, s) => cat(subkeyPackets(p, s), bind(p, s, KEY_AT + 1, [], 0x28), bind(p, s, KEY_AT + 9, [flags(2), back(p, s)]))),
);
check(
  'binding by a stranger',
  'E',
  pair((p, s) => cat(packet(14, s.body), bind(p, s, KEY_AT, [flags(2), back(p, s)], 0x18, makeKey()))),
);
check(
  'no binding',
  'E',
  pair((_, s) => packet(14, s.body)),
);
check(
  'binding with SHA-1',
  'G',
  pair((p, s) => subkeyPackets(p, s, { signature: { hash: 2 } })),
);
check(
  'binding with MD5',
  'E',
  pair((p, s) => subkeyPackets(p, s, { signature: { hash: 1 } })),
);
check(
  'sub-key older than its primary',
  'G',
  pair((p, s) => subkeyPackets(p, s, { signature: { createdAt: KEY_AT } }), { subkeyAt: KEY_AT - 100 }),
);
check(
  'binding older than the sub-key',
  'G',
  pair((p, s) => subkeyPackets(p, s, { signature: { createdAt: KEY_AT } }), { subkeyAt: KEY_AT + 100 }),
);
check(
  'signature between primary and sub-key',
  'E',
  pair((p, s) => subkeyPackets(p, s), { subkeyAt: KEY_AT + 100, at: KEY_AT + 50 }),
);
check(
  'sub-key of the future',
  'E',
  pair((p, s) => subkeyPackets(p, s), { subkeyAt: NOW + 100, at: NOW + 150 }),
);
check('primary expired, sub-key not', 'Y', () => {
  const [primary, subkey] = [makeKey(), makeKey()];
  return {
    certificates: cat(primaryPacket(primary), uid(primary, 'P', { hashed: [flags(1), expires(5)] }), subkeyPackets(primary, subkey)),
    by: subkey,
  };
});
check('primary revoked, sub-key signs', 'R', () => {
  const [primary, subkey] = [makeKey(), makeKey()];
  return {
    certificates: cat(primaryPacket(primary), revocation(primary, 1), uid(primary, 'P'), subkeyPackets(primary, subkey)),
    by: subkey,
  };
});

test('a sub-key adopted by a thief speaks for its owner only, in either order (CVE-2025-30258)', async () => {
  const [victim, thief, subkey] = [makeKey(), makeKey(), makeKey()];
  const owned = cat(primaryPacket(victim), uid(victim, 'Victim'), subkeyPackets(victim, subkey));
  const stolen = cat(
    primaryPacket(thief),
    uid(thief, 'Thief'),
    subkeyPackets(thief, subkey, { backed: false }),
    bind(thief, subkey, SIGNED_AT, [], 0x28),
  );
  for (const certificates of [cat(owned, stolen), cat(stolen, owned)]) {
    const { ours } = await compare(home, certificates, PAYLOAD, signDetached(subkey, PAYLOAD, { createdAt: SIGNED_AT }));
    assert.deepEqual([ours.status, ours.primaryKey, ours.userId], ['good', victim.fingerprint, 'Victim']);
  }
  const { ours, gpg } = await compare(
    home,
    cat(primaryPacket(thief), uid(thief, 'Thief'), subkeyPackets(thief, subkey, { backed: false })),
    PAYLOAD,
    signDetached(subkey, PAYLOAD, { createdAt: SIGNED_AT }),
  );
  assert.equal(ours.reasons[0], UNBACKED);
  assert.notEqual(gpg.primary, thief.fingerprint);
});

test('a revocation without the right key id counts here, though gpg does not find it', async () => {
  const key = makeKey();
  const hidden = signaturePacket(key, key.framed, { type: 0x20, createdAt: SIGNED_AT, unhashed: [subpacket(16, Buffer.alloc(8, 1))] });
  const { ours, gpg } = await compare(
    home,
    cat(primaryPacket(key), hidden, uid(key, 'U')),
    PAYLOAD,
    signDetached(key, PAYLOAD, { createdAt: SIGNED_AT }),
  );
  assert.deepEqual([gpg.letter, ours.status], ['G', 'revoked-key']);
});

test('a user id in Latin-1 is checked by its bytes', async () => {
  const key = makeKey();
  const certificates = cat(primaryPacket(key), uid(key, Buffer.from([0x4a, 0xfc, 0x72])));
  const { ours, gpg } = await compare(home, certificates, PAYLOAD, signDetached(key, PAYLOAD, { createdAt: SIGNED_AT }));
  assert.deepEqual([gpg.letter, ours.status, ours.userId], ['G', 'good', 'J\u00fcr']);
});
