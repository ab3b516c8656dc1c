// Throws damaged signatures and certificates at the parsers: no exception, no `good` that was not there.

import assert from 'node:assert/strict';
import test from 'node:test';

import fc from 'fast-check';

import { openpgp } from '../../../src/signature/index.ts';
import { judge, NOW } from '../../support/openpgp-compare.ts';
import { makeOpenpgpTestKey, makeRawKey, primaryPacket, subkeyPackets, userIdPackets } from '../../support/openpgp-keys.ts';
import { armor, dearmor, packet } from '../../support/openpgp-wire.ts';

const PAYLOAD = Buffer.from('tree abc\n\nhello\n');
const SIGNED_AT = 1_600_000_000;
const keys = (['ed25519', 'p256', 'rsa1024', 'dsa1024', 'ed448'] as const).map((kind) => makeOpenpgpTestKey(kind));
const v6 = makeOpenpgpTestKey('ed25519-native', { version: 6 });
const all = [...keys, v6];
const certificates = Buffer.concat(all.map(({ certificate }) => certificate));
const parsed = await openpgp.parseCertificates(certificates, NOW);
const index = openpgp.indexOpenpgpKeys(parsed.certificates.flatMap((each) => each.keys.map(({ key }) => key)));
const trust = openpgp.trustOpenpgpCertificates(parsed.certificates);

function statusOf(signature: Uint8Array, payload: Uint8Array = PAYLOAD): string {
  return openpgp.judgeOpenpgp(openpgp.establishOpenpgpFacts(payload, signature, index), trust, NOW).status;
}

const anyKey = fc.constantFrom(...all);
const edits = fc.array(fc.record({ at: fc.nat(), value: fc.nat(255), kind: fc.constantFrom('set', 'insert', 'remove', 'cut', 'repeat') }), {
  minLength: 1,
  maxLength: 4,
});

function damage(bytes: Buffer, changes: readonly { at: number; value: number; kind: string }[]): Buffer {
  let result = bytes;
  for (const { at, value, kind } of changes) {
    const place = result.length === 0 ? 0 : at % result.length;
    const head = result.subarray(0, place);
    if (kind === 'set') result = Buffer.concat([head, Buffer.from([value]), result.subarray(place + 1)]);
    else if (kind === 'insert') result = Buffer.concat([head, Buffer.from([value]), result.subarray(place)]);
    else if (kind === 'remove') result = Buffer.concat([head, result.subarray(place + 1)]);
    else if (kind === 'cut') result = Buffer.concat([head]);
    else result = Buffer.concat([head, result.subarray(Math.max(0, place - value)), result.subarray(place)]);
  }
  return result;
}

test('random bytes are never good, with and without armor', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
      assert.notEqual(statusOf(bytes), 'good');
      assert.notEqual(statusOf(Buffer.from(armor('SIGNATURE', bytes))), 'good');
      assert.notEqual(statusOf(Buffer.from(armor('SIGNATURE', packet(2, Buffer.concat([Buffer.from([4, 0]), bytes]))))), 'good');
    }),
    { numRuns: 2000 },
  );
});

test('a damaged packet is never good over another payload, and its letter is never G without its reasons', () => {
  const signatures = new Map(all.map((key) => [key, dearmor(key.sign(PAYLOAD, SIGNED_AT))]));
  fc.assert(
    fc.property(anyKey, edits, (key, changes) => {
      const bytes = Buffer.from(armor('SIGNATURE', damage(signatures.get(key) ?? Buffer.alloc(0), changes)));
      assert.notEqual(statusOf(bytes, Buffer.from('other')), 'good');
      const judgement = openpgp.judgeOpenpgp(openpgp.establishOpenpgpFacts(PAYLOAD, bytes, index), trust, NOW);
      assert.equal(judgement.status === 'good', judgement.reasons.length === 0);
    }),
    { numRuns: 3000 },
  );
});

test('a hashed octet or a number that changes is never good', () => {
  const [key] = keys;
  assert.ok(key !== undefined);
  const packetBytes = dearmor(key.sign(PAYLOAD, SIGNED_AT));
  const hashedEnd = 2 + 6 + packetBytes.readUInt16BE(6);
  for (let at = 2; at < packetBytes.length; at++) {
    // Unhashed area and the two octets of the digest are not signed.
    const isSigned = at < hashedEnd || at >= hashedEnd + 2 + packetBytes.readUInt16BE(hashedEnd) + 2;
    if (!isSigned) continue;
    for (const bit of [1, 0x80]) {
      const changed = Buffer.from(packetBytes);
      changed[at] = (changed[at] ?? 0) ^ bit;
      assert.notEqual(statusOf(Buffer.from(armor('SIGNATURE', changed))), 'good', `octet ${at}`);
    }
  }
});

test('damaged armor is good only when it still holds the same packet', () => {
  fc.assert(
    fc.property(anyKey, edits, (key, changes) => {
      const armored = Buffer.from(key.sign(PAYLOAD, SIGNED_AT));
      const damaged = damage(armored, changes);
      assert.notEqual(statusOf(damaged, Buffer.from('other')), 'good');
      statusOf(damaged);
    }),
    { numRuns: 500 },
  );
});

test('damaged certificates throw nothing, and vouch for no stranger', async () => {
  const [primary, subkey, stranger] = [makeRawKey('ed25519'), makeRawKey('ed25519'), makeOpenpgpTestKey('ed25519')];
  const certificate = Buffer.concat([primaryPacket(primary), userIdPackets(primary, 'U'), subkeyPackets(primary, subkey)]);
  const signature = stranger.sign(PAYLOAD, SIGNED_AT);
  await fc.assert(
    fc.asyncProperty(edits, fc.boolean(), async (changes, isArmored) => {
      const damaged = damage(certificate, changes);
      const file = isArmored ? Buffer.from(armor('PUBLIC KEY BLOCK', damaged)) : damaged;
      assert.notEqual((await judge(file, PAYLOAD, signature)).status, 'good');
    }),
    { numRuns: 1000 },
  );
});

test('random bytes as certificates throw nothing', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
      const { certificates: found } = await openpgp.parseCertificates(Buffer.concat([Buffer.from([0x99]), bytes]), NOW);
      assert.ok(found.every(({ keys: facts }) => facts.every(({ unusable }) => unusable !== null)));
    }),
    { numRuns: 1000 },
  );
});

test('hostile sizes cost little: a megabyte of armor, of headers, of packets, of subpackets', () => {
  const million = 1_000_000;
  const hostile = [
    `-----BEGIN PGP SIGNATURE-----\n\n${'A'.repeat(million)}\n-----END PGP SIGNATURE-----\n`,
    `-----BEGIN PGP SIGNATURE-----\n${'a: b\n'.repeat(million / 5)}`,
    `-----BEGIN PGP SIGNATURE-----\n${'-'.repeat(million)}`,
    '-----BEGIN PGP SIGNATURE-----\n\n'.repeat(million / 31),
    `-----BEGIN PGP SIGNATURE-----\n\n${'='.repeat(million)}`,
    `-----BEGIN PGP SIGNATURE-----\n\n${'\n'.repeat(million)}`,
    armor('SIGNATURE', Buffer.concat(Array.from({ length: 100_000 }, () => packet(10, Buffer.from('PGP'))))),
    armor('SIGNATURE', packet(2, Buffer.concat([Buffer.from([4, 0, 1, 10, 0xff, 0xff]), Buffer.alloc(65_535, 1)]))),
  ];
  for (const signature of hostile) {
    const started = performance.now();
    assert.notEqual(statusOf(Buffer.from(signature)), 'good');
    assert.ok(performance.now() - started < 500, signature.slice(0, 60));
  }
});
