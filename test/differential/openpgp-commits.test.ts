// Holds our letters and verdicts on OpenPGP-signed commits against git and gpg, by the user's keyring and by keyring files.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { after, before, suite } from 'node:test';

import type { GitLetter, ReasonCode } from '../../src/index.ts';
import { append, bend, commitFrom, commitOf } from '../support/differential-objects.ts';
import type { Sign } from '../support/differential-objects.ts';
import { assertAgreement } from '../support/differential.ts';
import type { Row, Scene } from '../support/differential.ts';
import { GpgHome } from '../support/openpgp-gpg.ts';
import {
  makeOpenpgpTestKey,
  makeRawKey,
  primaryPacket,
  signaturePacket,
  signDetached,
  subkeyPackets,
  userIdPackets,
} from '../support/openpgp-keys.ts';
import type { OpenpgpKeyKind, SignatureOptions } from '../support/openpgp-keys.ts';
import { armor, dearmor, u32 } from '../support/openpgp-wire.ts';
import { TestRepository } from '../support/repository.ts';

const AT = 1_700_000_000;
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
  'rsa4096',
  'dsa1024',
  'dsa2048',
];

let repository: TestRepository;
/** As its owner left it: validity of every kind, by `trust-model direct`. */
let home: GpgHome;
/** The same keys, all of them ultimately trusted: what a keyring file stands for. */
let trusting: GpgHome;
const UNDEFINED = 2;
const NEVER = 3;
const MARGINAL = 4;
const FULLY = 5;
const ULTIMATE = 6;

/** Every certificate, with its fingerprint and its owner's ownertrust. */
const CERTIFICATES: (readonly [certificate: Buffer, fingerprint: string, ownertrust: number])[] = [];

function listed(certificate: Buffer, fingerprint: string, ownertrust = ULTIMATE): void {
  CERTIFICATES.push([certificate, fingerprint, ownertrust]);
}

const keys = KINDS.map((kind) => makeOpenpgpTestKey(kind));
for (const each of keys) listed(each.certificate, each.fingerprint);
const key = makeOpenpgpTestKey('ed25519', { userId: 'C O Mitter <committer@example.com>' });
listed(key.certificate, key.fingerprint);
const other = makeOpenpgpTestKey('p256', { userId: 'Other <other@example.com>' });
listed(other.certificate, other.fingerprint);
const stranger = makeOpenpgpTestKey('ed25519');

function trustedAs(ownertrust: number): ReturnType<typeof makeOpenpgpTestKey> {
  const made = makeOpenpgpTestKey('ed25519', { userId: `Level ${ownertrust} <${ownertrust}@example.com>` });
  listed(made.certificate, made.fingerprint, ownertrust);
  return made;
}
const levels = {
  undefined: trustedAs(UNDEFINED),
  never: trustedAs(NEVER),
  marginal: trustedAs(MARGINAL),
  fully: trustedAs(FULLY),
  ultimate: trustedAs(ULTIMATE),
};

const expired = makeOpenpgpTestKey('ed25519', { userId: 'Expired <expired@example.com>', expiresAfter: AT - 1_500_000_000 - 86_400 });
listed(expired.certificate, expired.fingerprint);
const later = makeOpenpgpTestKey('ed25519', { userId: 'Later <later@example.com>', expiresAfter: AT - 1_500_000_000 + 86_400 });
listed(later.certificate, later.fingerprint);
const living = makeOpenpgpTestKey('ed25519', { userId: 'Living <living@example.com>', expiresAfter: 2_000_000_000 });
listed(living.certificate, living.fingerprint);

/** The key's own revocation, which gpg wants right behind the primary key. */
function revokedKey(reason: number, createdAt: number, expiresAfter?: number): { sign: Sign } {
  const raw = makeRawKey('ed25519');
  const revocation = signaturePacket(raw, raw.framed, { type: 0x20, createdAt, hashed: [{ type: 29, data: Buffer.of(reason) }] });
  const hashed = [{ type: 27, data: Buffer.of(3) }, ...(expiresAfter === undefined ? [] : [{ type: 9, data: u32(expiresAfter) }])];
  listed(
    Buffer.concat([primaryPacket(raw), revocation, userIdPackets(raw, `Revoked ${reason} ${createdAt}`, { hashed })]),
    raw.fingerprint,
  );
  return { sign: (payload) => signDetached(raw, payload, { createdAt: AT }) };
}
const compromised = revokedKey(2, AT + 1);
const retired = revokedKey(3, AT + 100_000);
const expiredAndRevoked = revokedKey(2, AT + 1, 1000);

/** A primary key that only certifies, and a sub-key. */
function subkeyOf(options: Parameters<typeof subkeyPackets>[2], expiresAfter?: number): Sign {
  const primary = makeRawKey('ed25519');
  const subkey = makeRawKey('p256');
  const extra = expiresAfter === undefined ? [] : [{ type: 9, data: u32(expiresAfter) }];
  const name = `Sub-key ${CERTIFICATES.length} <sub@example.com>`;
  const flags = { hashed: [{ type: 27, data: Buffer.of(1) }] };
  listed(
    Buffer.concat([primaryPacket(primary), userIdPackets(primary, name, flags), subkeyPackets(primary, subkey, { extra, ...options })]),
    primary.fingerprint,
  );
  return (payload) => signDetached(subkey, payload, { createdAt: AT });
}
const subkeys = {
  good: subkeyOf({}),
  notBacked: subkeyOf({ backed: false }),
  encrypting: subkeyOf({ flags: 4 }),
  expired: subkeyOf({}, 1000),
};
const certifier = makeRawKey('ed25519');
listed(
  Buffer.concat([
    primaryPacket(certifier),
    userIdPackets(certifier, 'Certifier <c@example.com>', { hashed: [{ type: 27, data: Buffer.of(1) }] }),
  ]),
  certifier.fingerprint,
);

function by(signer: { readonly sign: (payload: Uint8Array, createdAt: number) => string }): Sign {
  return (payload) => signer.sign(payload, AT);
}

function withOptions(options: Partial<SignatureOptions>): Sign {
  return (payload) => signDetached(key.raw, payload, { createdAt: AT, ...options });
}

function agree(rows: Readonly<Record<string, Row>>, scene: Scene): Promise<void> {
  return assertAgreement(repository, 'commit', rows, scene);
}

function byKeyring(rows: Readonly<Record<string, Row>>): Promise<void> {
  return agree(rows, { gnupgHome: home.directory });
}

/** The same by the user's keyring and by a file; all keys of the rows are ultimately trusted. */
async function byBoth(rows: Readonly<Record<string, Row>>): Promise<void> {
  await byKeyring(rows);
  await agree(rows, { gnupgHome: trusting.directory, files: { keyrings: [join(repository.home, 'keyring.pgp')] } });
}

before(() => {
  repository = TestRepository.create();
  home = new GpgHome();
  trusting = new GpgHome();
  for (const each of [home, trusting]) each.import(Buffer.concat(CERTIFICATES.map(([bytes]) => bytes)));
  const ownertrust = (level: (certificate: (typeof CERTIFICATES)[number]) => number): string =>
    CERTIFICATES.map((each) => `${each[1].toUpperCase()}:${level(each)}:\n`).join('');
  home.run(
    ['--import-ownertrust'],
    ownertrust(([, , level]) => level),
  );
  trusting.run(
    ['--import-ownertrust'],
    ownertrust(() => 6),
  );
  repository.writeFile('keyring.pgp', trusting.export());
  for (const { directory } of [home, trusting]) writeFileSync(join(directory, 'gpg.conf'), 'trust-model direct\n');
});
after(async () => {
  home.close();
  trusting.close();
  await repository.remove();
});

test('t7510: good, fudged, fudged with NUL, unknown, unsigned', async () => {
  const good = commitOf({ message: 'initial\n' }, by(key));
  await byBoth({
    good: [good, 'G'],
    fudged: [bend(good, 'initial', 'forged'), 'B'],
    'fudged with NUL': [append(good, 'Qwik\0\n'), 'B'],
    'unknown key': [commitOf({}, by(stranger)), 'E'],
    unsigned: [commitOf({}), 'N'],
    'NUL in the message': [commitOf({ message: 'a\0b' }, by(key)), 'G', ['MESSAGE_NUL']],
    'not UTF-8': [commitOf({ message: Buffer.from('\xff\xfe\n', 'latin1') }, by(key)), 'G'],
    'the committer is somebody else': [commitOf({ committer: 'Else <else@example.org>' }, by(key)), 'G'],
    'no committer': [commitFrom((text) => text.replace(/committer .*\n/, ''), by(key)), 'N'],
    'a date beyond the year 9999': [commitOf({ time: 253_402_300_800 }, by(key)), 'G'],
    'a date beyond 64 bits': [commitFrom((text) => text.replace(/(committer .*>).*/, '$1 99999999999999999999 +0000'), by(key)), 'G'],
  });
});

test('t7510: double signatures', async () => {
  const good = (payload: Uint8Array): string => key.sign(payload, AT);
  const both = (payload: Uint8Array): string => `${good(payload)}${other.sign(payload, AT)}`;
  const twice = (payload: Uint8Array): string =>
    armor('SIGNATURE', Buffer.concat([dearmor(good(payload)), dearmor(other.sign(payload, AT))]));
  const unknownBeside = (payload: Uint8Array): string =>
    armor('SIGNATURE', Buffer.concat([dearmor(good(payload)), dearmor(stranger.sign(payload, AT))]));
  const badAndGood = (payload: Uint8Array): string =>
    armor('SIGNATURE', Buffer.concat([dearmor(good(Buffer.from('x'))), dearmor(good(payload))]));
  await byBoth({
    'two armors': [commitOf({}, both), 'E'],
    'two packets in one armor': [commitOf({}, twice), 'E'],
    'bad and good in one armor': [commitOf({}, badAndGood), 'E'],
    'known and unknown in one armor': [commitOf({}, unknownBeside), 'E'],
    'one header, another after it': [
      bend(commitOf({}, good), '\n\nmessage', `\ngpgsig ${other.sign(Buffer.from('x'), AT).trimEnd().replaceAll('\n', '\n ')}\n\nmessage`),
      'E',
    ],
  });
});

test('every key algorithm', async () => {
  const rows: Record<string, Row> = {};
  for (const each of keys) {
    const good = commitOf({ message: each.kind }, by(each));
    rows[each.kind] = [good, 'G'];
    rows[`${each.kind}, fudged`] = [append(good, '!'), 'B'];
  }
  await byBoth(rows);
});

test('every digest', async () => {
  const byDigest =
    (hash: number): Sign =>
    (payload) =>
      signDetached(keys.find(({ kind }) => kind === 'rsa2048')?.raw ?? key.raw, payload, { createdAt: AT, hash });
  await byBoth({
    'SHA-224': [commitOf({}, byDigest(11)), 'G'],
    'SHA-256': [commitOf({}, byDigest(8)), 'G'],
    'SHA-384': [commitOf({}, byDigest(9)), 'G'],
    'SHA-512': [commitOf({}, byDigest(10)), 'G'],
    'SHA-1': [commitOf({}, byDigest(2)), 'G', ['OPENPGP_ALGORITHM_WEAK']],
    'RIPEMD-160': [commitOf({}, byDigest(3)), 'G', ['OPENPGP_ALGORITHM_WEAK']],
    MD5: [commitOf({}, byDigest(1)), 'E'],
    unknown: [commitOf({}, withOptions({ hash: 77 })), 'N'],
    'SHA3-256, which gpg does not have': [commitOf({}, withOptions({ hash: 12 })), 'N'],
    'Tiger, which gpg has and does not take': [commitOf({}, withOptions({ hash: 6 })), 'E'],
    none: [commitOf({}, withOptions({ hash: 0 })), 'E'],
    'unknown, over a key': [commitOf({}, withOptions({ hash: 77, type: 0x10 })), 'E'],
  });
});

test('signatures that name another algorithm than their key has', async () => {
  const named = (algorithm: number, signer = key.raw): Buffer =>
    commitOf({}, (payload) => signDetached(signer, payload, { createdAt: AT, algorithm }));
  const rsa = keys.find(({ kind }) => kind === 'rsa2048')?.raw ?? key.raw;
  const malformed: readonly ReasonCode[] = ['OPENPGP_SIGNATURE_MALFORMED'];
  await byBoth({
    'ECDSA for EdDSA': [named(19), 'G', malformed],
    'DSA for EdDSA': [named(17), 'G', malformed],
    'RSA for EdDSA': [named(1), 'E'],
    'sign-only RSA for RSA': [named(3, rsa), 'G', malformed],
    'native Ed25519 for EdDSA': [named(27), 'E'],
    'Ed448 for EdDSA': [named(28), 'E'],
    'ElGamal for EdDSA': [named(16), 'E'],
    'unknown for EdDSA': [named(99), 'E'],
  });
});

test('times: expired keys and signatures, the future', async () => {
  await byBoth({
    'key expired before signing': [commitOf({}, by(expired)), 'Y'],
    'key expired since': [commitOf({}, by(later)), 'Y'],
    'key that will expire': [commitOf({}, by(living)), 'G'],
    'signature expired': [commitOf({}, withOptions({ hashed: [{ type: 3, data: u32(10) }] })), 'X'],
    'signature that will expire': [commitOf({}, withOptions({ hashed: [{ type: 3, data: u32(1_000_000_000) }] })), 'G'],
    'signature older than the key': [commitOf({}, withOptions({ createdAt: 1_400_000_000 })), 'E'],
    'signature from the future': [commitOf({}, withOptions({ createdAt: 4_000_000_000 })), 'G'],
    'sub-key expired': [commitOf({}, subkeys.expired), 'Y'],
  });
});

test('revoked keys, whatever the reason and the date', async () => {
  await byBoth({
    compromised: [commitOf({}, compromised.sign), 'R'],
    'retired, long after signing': [commitOf({}, retired.sign), 'R'],
    'expired and revoked': [commitOf({}, expiredAndRevoked.sign), 'Y'],
  });
});

test('sub-keys and what keys may do', async () => {
  await byBoth({
    'sub-key': [commitOf({}, subkeys.good), 'G'],
    'sub-key that did not agree': [commitOf({}, subkeys.notBacked), 'E'],
    'sub-key for encryption': [commitOf({}, subkeys.encrypting), 'E'],
    'primary key that only certifies': [commitOf({}, (payload) => signDetached(certifier, payload, { createdAt: AT })), 'E'],
  });
});

test('kinds of signatures', async () => {
  const lines = 'line \nline\t\n\nend\n';
  await byBoth({
    text: [
      commitOf({ message: lines }, (payload) =>
        signDetached(key.raw, Buffer.from(Buffer.from(payload).toString('latin1').replaceAll('\n', '\r\n'), 'latin1'), {
          createdAt: AT,
          type: 1,
        }),
      ),
      'G',
    ],
    'of a key': [commitOf({}, withOptions({ type: 0x10 })), 'E'],
    standalone: [commitOf({}, withOptions({ type: 2 })), 'E'],
    'version 3': [
      commitOf({}, (payload) =>
        signDetached(keys.find(({ kind }) => kind === 'rsa2048')?.raw ?? key.raw, payload, { createdAt: AT, version: 3 }),
      ),
      'G',
      ['OPENPGP_SIGNATURE_VERSION_UNSUPPORTED'],
    ],
    'version 5': [commitOf({}, withOptions({ version: 5 })), 'N'],
    'critical unknown': [commitOf({}, withOptions({ hashed: [{ type: 99, data: Buffer.of(1), critical: true }] })), 'B'],
    'critical unknown, not hashed': [
      commitOf(
        {},
        withOptions({
          unhashed: [
            { type: 16, data: Buffer.from(key.keyId, 'hex') },
            { type: 99, data: Buffer.of(1), critical: true },
          ],
        }),
      ),
      'B',
    ],
  });
});

test('armor', async () => {
  const good = commitOf({}, by(key));
  const malformed: readonly ReasonCode[] = ['OPENPGP_SIGNATURE_MALFORMED'];
  await byBoth({
    'labelled MESSAGE': [bend(bend(good, 'BEGIN PGP SIGNATURE', 'BEGIN PGP MESSAGE'), 'END PGP SIGNATURE', 'END PGP MESSAGE'), 'G'],
    'END of another label': [bend(good, 'END PGP SIGNATURE', 'END PGP MESSAGE'), 'G', malformed],
    'no END': [bend(good, ' -----END PGP SIGNATURE-----\n', ''), 'G', malformed],
    'text behind END': [bend(good, 'END PGP SIGNATURE-----\n', 'END PGP SIGNATURE-----\n junk\n'), 'G', malformed],
    'a wrong checksum': [bend(good, /\n =..../, '\n =AAAA'), 'N'],
    'no checksum': [bend(good, /\n =....(?=\n)/, ''), 'G'],
    'a header': [bend(good, 'SIGNATURE-----\n ', 'SIGNATURE-----\n Version: test\n '), 'G'],
    truncated: [bend(good, /(BEGIN PGP SIGNATURE-----\n \n .{40}).*\n(?: .*\n)* (-----END)/, '$1\n $2'), 'N'],
    empty: [bend(good, /(BEGIN PGP SIGNATURE-----\n)(?: .*\n)* (-----END)/, '$1 \n $2'), 'N'],
    'only the first line': [bend(good, /(BEGIN PGP SIGNATURE-----\n)(?: .*\n)*/, '$1'), 'N'],
    garbage: [bend(good, /(BEGIN PGP SIGNATURE-----\n \n )./, '$1!'), 'N'],
  });
});

suite("the user's own trust", () => {
  const signed = (): Record<string, Buffer> =>
    Object.fromEntries(Object.entries(levels).map(([name, each]) => [name, commitOf({}, by(each))]));
  const untrusted: readonly ReasonCode[] = ['OPENPGP_KEY_UNTRUSTED'];
  const expect = (
    minimum: string | null,
    letters: Readonly<Record<string, readonly [GitLetter, (readonly ReasonCode[])?]>>,
  ): Promise<void> => {
    repository.tryGit(['config', '--unset', 'gpg.minTrustLevel']);
    if (minimum !== null) repository.config('gpg.minTrustLevel', minimum);
    const commits = signed();
    const rows = Object.entries(letters).map(([name, [letter, refused]]): readonly [string, Row] => {
      const bytes = commits[name] ?? Buffer.alloc(0);
      return [name, refused === undefined ? [bytes, letter] : [bytes, letter, refused]];
    });
    return byKeyring(Object.fromEntries(rows));
  };

  test('every validity, and every gpg.minTrustLevel', async () => {
    await expect(null, { undefined: ['U', untrusted], never: ['U'], marginal: ['G'], fully: ['G'], ultimate: ['G'] });
    await expect('undefined', { undefined: ['U', untrusted], never: ['U'], marginal: ['G'], fully: ['G'], ultimate: ['G'] });
    await expect('MARGINAL', { undefined: ['U'], never: ['U'], marginal: ['G'], fully: ['G'], ultimate: ['G'] });
    await expect('fully', { undefined: ['U'], never: ['U'], marginal: ['G'], fully: ['G'], ultimate: ['G'] });
    await expect('ultimate', { undefined: ['U'], never: ['U'], marginal: ['G'], fully: ['G'], ultimate: ['G'] });
    await expect(null, { fully: ['G'] });
  });
});
