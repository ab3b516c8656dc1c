// Holds the reading of armor and packets around one signature against gpg: what it refuses is refused, what it lets pass is named.

import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { deflateRawSync } from 'node:zlib';

import { compare } from '../../support/openpgp-compare.ts';
import { GpgHome } from '../../support/openpgp-gpg.ts';
import { makeOpenpgpTestKey, makeSignatureBody, primaryPacket, signaturePacket } from '../../support/openpgp-keys.ts';
import { armor, dearmor, oldPacket, packet, u32 } from '../../support/openpgp-wire.ts';

const PAYLOAD = Buffer.from('tree abc\n\nhello\n');
const SIGNED_AT = 1_600_000_000;
let home: GpgHome;
before(() => {
  home = new GpgHome();
});
after(() => {
  home.close();
});

const key = makeOpenpgpTestKey('ed25519');
const good = key.sign(PAYLOAD, SIGNED_AT);
const S = dearmor(good);
const body = makeSignatureBody(key.raw, PAYLOAD, { createdAt: SIGNED_AT });
const bad = signaturePacket(key.raw, Buffer.from('other'), { createdAt: SIGNED_AT });
const v6 = dearmor(makeOpenpgpTestKey('ed25519-native', { version: 6 }).sign(PAYLOAD, SIGNED_AT));
const v5 = packet(2, Buffer.concat([Buffer.from([5]), body.subarray(1)]));
const literal = packet(11, Buffer.concat([Buffer.from([0x62, 0]), u32(0), PAYLOAD]));
const onePass = packet(4, Buffer.concat([Buffer.from([3, 0, 10, 22]), Buffer.from(key.keyId, 'hex'), Buffer.from([1])]));
const oneLine = `-----BEGIN PGP SIGNATURE-----\n\n${S.toString('base64')}\n-----END PGP SIGNATURE-----\n`;

function stream(...packets: readonly Uint8Array[]): string {
  return armor('SIGNATURE', Buffer.concat(packets));
}

const MALFORMED = 'OPENPGP_SIGNATURE_MALFORMED';
const MULTIPLE = 'OPENPGP_SIGNATURE_MULTIPLE';
const NOT_DETACHED = 'OPENPGP_SIGNATURE_NOT_DETACHED';

/** Signature, git's letter, our status or first reason. */
const CASES: Readonly<Record<string, readonly [signature: string, letter: string, ours: string]>> = {
  'CR LF': [good.replaceAll('\n', '\r\n'), 'G', 'good'],
  'white space at line ends': [good.replaceAll('\n', ' \t\n'), 'G', 'good'],
  'no checksum': [armor('SIGNATURE', S, { crc: null }), 'G', 'good'],
  'wrong checksum': [armor('SIGNATURE', S, { crc: 1 }), 'N', MALFORMED],
  'checksum cut off': [good.replace(/\n=(..)../, '\n=$1'), 'N', MALFORMED],
  'checksum in quoted-printable': [good.replace('\n=', '\n=3D'), 'N', MALFORMED],
  'no END line': [good.slice(0, good.indexOf('-----END')), 'G', MALFORMED],
  'no checksum, no END line': [armor('SIGNATURE', S, { crc: null }).split('-----END')[0] ?? '', 'G', MALFORMED],
  'END of another label': [good.replace('END PGP SIGNATURE', 'END PGP MESSAGE'), 'G', MALFORMED],
  'text after END': [`${good}hello\n`, 'G', MALFORMED],
  'empty lines after END': [`${good}\n\n  \n`, 'G', 'good'],
  'no last line feed': [good.trimEnd(), 'G', 'good'],
  'Comment and Version': [armor('SIGNATURE', S, { headers: 'Comment: x\nVersion: y\n' }), 'G', 'good'],
  'unknown headers': [armor('SIGNATURE', S, { headers: 'Foo: x\nBar:\n' }), 'G', 'good'],
  'header without a colon': [armor('SIGNATURE', S, { headers: 'Foox\n' }), 'N', MALFORMED],
  'header without a space': [armor('SIGNATURE', S, { headers: 'Foo:x\n' }), 'N', MALFORMED],
  'very long header': [armor('SIGNATURE', S, { headers: `Comment: ${'x'.repeat(25_000)}\n` }), 'G', 'good'],
  'no empty line': [good.replace('\n\n', '\n'), 'G', MALFORMED],
  'blank line of spaces': [good.replace('\n\n', '\n  \n'), 'G', 'good'],
  'two empty lines': [good.replace('\n\n', '\n\n\n'), 'G', 'good'],
  'empty line in the body': [good.replace(/\n=/, '\n\n='), 'G', 'good'],
  'foreign character': [good.replace('\n\n', '\n\n!'), 'G', MALFORMED],
  'line of dashes': [good.replace('\n=', '\n-----\n='), 'G', MALFORMED],
  'too much padding': [armor('SIGNATURE', S, { crc: null }).replace('\n-----END', '==\n-----END'), 'G', MALFORMED],
  'one long line': [oneLine, 'G', 'good'],
  'line beyond what gpg reads': [oneLine.replace('\n\n', `\n\n${' '.repeat(25_000)}`), 'N', MALFORMED],
  'label MESSAGE': [good.replaceAll('SIGNATURE', 'MESSAGE'), 'G', 'good'],
  'label SIGNED MESSAGE': [good.replaceAll('SIGNATURE', 'SIGNED MESSAGE'), 'N', MALFORMED],
  'leading space': [` ${good}`, 'N', MALFORMED],
  'text on the BEGIN line': [good.replace('SIGNATURE-----\n', 'SIGNATURE----- x\n'), 'N', MALFORMED],
  'BEGIN only': ['-----BEGIN PGP SIGNATURE-----\n', 'N', MALFORMED],
  empty: ['', 'N', MALFORMED],
  'two blocks': [good + good, 'E', MULTIPLE],
  'two blocks with text between': [`${good}\ntext\n${good}`, 'E', MULTIPLE],
  'a key block after it': [good + key.certificateArmored, 'G', MALFORMED],

  'old packet format': [stream(oldPacket(2, body)), 'G', 'good'],
  'good, good': [stream(S, S), 'E', MULTIPLE],
  'good, bad': [stream(S, bad), 'E', MULTIPLE],
  'bad, good': [stream(bad, S), 'E', MULTIPLE],
  'good, good of another hash': [stream(S, signaturePacket(key.raw, PAYLOAD, { createdAt: SIGNED_AT, hash: 8 })), 'E', MULTIPLE],
  'good, empty': [stream(S, packet(2, Buffer.alloc(0))), 'E', MULTIPLE],
  'good, v5': [stream(S, v5), 'G', MALFORMED],
  'good, v6': [stream(S, v6), 'G', MALFORMED],
  'v6, good': [stream(v6, S), 'N', MALFORMED],
  'v5 alone': [stream(v5), 'N', 'OPENPGP_SIGNATURE_VERSION_UNSUPPORTED'],
  'marker before': [stream(packet(10, Buffer.from('PGP')), S), 'G', 'good'],
  'marker after': [stream(S, packet(10, Buffer.from('PGP'))), 'G', 'good'],
  'padding before': [stream(packet(21, Buffer.alloc(3)), S), 'G', 'good'],
  'trust packet before': [stream(packet(12, Buffer.alloc(2)), S), 'G', MALFORMED],
  'private packet before': [stream(packet(60, Buffer.alloc(2)), S), 'G', MALFORMED],
  'unknown packet after': [stream(S, packet(30, Buffer.alloc(2))), 'G', MALFORMED],
  'user id after': [stream(S, packet(13, Buffer.from('x'))), 'G', MALFORMED],
  'user id before': [stream(packet(13, Buffer.from('x')), S), 'N', MALFORMED],
  'key before': [stream(primaryPacket(key.raw), S), 'N', MALFORMED],
  'key after': [stream(S, primaryPacket(key.raw)), 'G', MALFORMED],
  'sub-key after': [stream(S, packet(14, key.raw.body)), 'G', MALFORMED],
  'secret key before': [stream(packet(5, key.raw.body), S), 'N', MALFORMED],
  'encrypted data after': [stream(S, packet(18, Buffer.alloc(30, 1))), 'G', MALFORMED],
  'session key after': [stream(S, packet(1, Buffer.alloc(30, 3))), 'G', MALFORMED],
  'data after (SigSpoof)': [stream(S, literal), 'N', NOT_DETACHED],
  'data before': [stream(literal, S), 'N', NOT_DETACHED],
  'one-pass message': [stream(onePass, literal, S), 'N', NOT_DETACHED],
  'rubbish after': [stream(S, Buffer.from('garbage')), 'G', MALFORMED],
  'zeros after': [stream(S, Buffer.alloc(4)), 'G', MALFORMED],
  'second signature cut off': [stream(S, S.subarray(0, 40)), 'G', MALFORMED],
  'cut off': [stream(S.subarray(0, -3)), 'N', MALFORMED],
  'partial length': [
    stream(Buffer.from([0xc2, 0xe0 + 6]), body.subarray(0, 64), Buffer.from([body.length - 64]), body.subarray(64)),
    'N',
    MALFORMED,
  ],
  'indeterminate length': [stream(Buffer.from([0x8b]), body), 'N', MALFORMED],
  'bytes after the numbers': [stream(packet(2, Buffer.concat([body, Buffer.from([1, 2])]))), 'G', MALFORMED],
  'no packet': [stream(), 'N', MALFORMED],
};

for (const [name, [signature, letter, expected]] of Object.entries(CASES)) {
  test(`armor and packets: ${name}`, async () => {
    const { ours, gpg } = await compare(home, key.certificate, PAYLOAD, signature);
    assert.equal(gpg.letter, letter, `gpg: ${gpg.status}`);
    assert.equal(ours.letter.reference, letter, 'ours');
    assert.equal(ours.reasons[0] ?? ours.status, expected);
  });
}

test('armor and packets: a compressed signature is refused; gpg unpacks it', async () => {
  const compressed = stream(packet(8, Buffer.concat([Buffer.from([1]), deflateRawSync(S)])));
  const { ours, gpg } = await compare(home, key.certificate, PAYLOAD, compressed);
  assert.deepEqual([gpg.letter, ours.status, ours.reasons], ['G', 'malformed', [NOT_DETACHED]]);
});
