// Checks one SSH signature (RFC 4253 §6.6 and OpenSSH's additions) over given bytes under a given key.

import { hash, verify as cryptoVerify } from 'node:crypto';

import type { ByteReader } from '../../bytes/index.ts';
import { ByteReader as Reader, concat, encodeBase64 } from '../../bytes/index.ts';
import { isCanonicalEd25519, reduceEd25519 } from './ed25519.ts';
import type { SshCurve } from './key-types.ts';
import type { SshVerifier } from './load-key.ts';
import { CURVE_BYTES } from './public-key.ts';
import { textOf } from './text.ts';
import type { SshFacts } from './types.ts';
import { encodeU32, readCString, readMpint, readName, readString } from './wire.ts';

/** What came of checking one signature. */
export interface SignatureOutcome {
  /** `lax`: Ed25519 with S of L or more, which verifies in OpenSSH before 10.3 only. */
  readonly result: 'good' | 'lax' | 'bad';
  /** The algorithm that the signature names. */
  readonly algorithm: string;
  readonly fido?: NonNullable<SshFacts['fido']>;
}

const CODE = 'SSH_SIGNATURE_MALFORMED';
const WEBAUTHN = 'webauthn-sk-ecdsa-sha2-nistp256@openssh.com';
const CURVE_DIGESTS: Readonly<Record<SshCurve, string>> = { nistp256: 'sha256', nistp384: 'sha384', nistp521: 'sha512' };
const RSA_DIGESTS: ReadonlyMap<string, string> = new Map([
  ['rsa-sha2-256', 'sha256'],
  ['rsa-sha2-512', 'sha512'],
]);

// A key or signature that OpenSSL will not even look at verifies nothing.
function isVerifiedBy(digest: string | null, data: Uint8Array, key: Parameters<typeof cryptoVerify>[2], signature: Uint8Array): boolean {
  try {
    return cryptoVerify(digest, data, key, signature);
  } catch {
    return false;
  }
}

function verifyEd25519(verifier: SshVerifier, data: Uint8Array, signature: Uint8Array): SignatureOutcome['result'] {
  if (signature.length !== 64) return 'bad';
  if (isCanonicalEd25519(signature)) return isVerifiedBy(null, data, verifier.key, signature) ? 'good' : 'bad';
  const reduced = reduceEd25519(signature);
  return reduced !== null && isVerifiedBy(null, data, verifier.key, reduced) ? 'lax' : 'bad';
}

function verifyEcdsa(verifier: SshVerifier, curve: SshCurve, data: Uint8Array, signature: Uint8Array): SignatureOutcome['result'] {
  const reader = new Reader(signature, CODE);
  const r = readMpint(reader, 'r');
  const s = readMpint(reader, 's');
  reader.expectEnd();
  const size = CURVE_BYTES[curve];
  if (r.length > size || s.length > size) return 'bad';
  const pair = new Uint8Array(2 * size);
  pair.set(r, size - r.length);
  pair.set(s, 2 * size - s.length);
  return isVerifiedBy(CURVE_DIGESTS[curve], data, verifier.p1363, pair) ? 'good' : 'bad';
}

function verifyRsa(verifier: SshVerifier, digest: string, data: Uint8Array, signature: Uint8Array): SignatureOutcome['result'] {
  const size = (verifier.id.bits + 7) >> 3;
  if (signature.length > size || signature.length === 0) return 'bad';
  // OpenSSH pads short signatures: a signer may drop leading zeros.
  const padded = signature.length === size ? signature : concat(new Uint8Array(size - signature.length), signature);
  return isVerifiedBy(digest, data, verifier.key, padded) ? 'good' : 'bad';
}

/** The fields that a browser adds (PROTOCOL.u2f, "SSH U2F signatures"), and what it signed in place of the data's digest. */
function parseWebauthn(
  reader: ByteReader,
  data: Uint8Array,
  flags: number,
): { origin: string; extensions: Uint8Array; digest: Uint8Array } | null {
  const origin = readCString(reader, 'origin');
  const clientData = readString(reader, 'client data');
  const extensions = readString(reader, 'extensions');
  reader.expectEnd();
  // 0x40: attested credential data follows, never in an assertion; 0x80: extensions follow.
  if (origin.includes(0x22) || (flags & 0x40) !== 0 || ((flags & 0x80) !== 0) !== extensions.length > 0) return null;
  const challenge = encodeBase64(data).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
  const start = concat(Buffer.from(`{"type":"webauthn.get","challenge":"${challenge}","origin":"`), origin, Buffer.from('"'));
  if (Buffer.compare(clientData.subarray(0, start.length), start) !== 0) return null;
  return { origin: textOf(origin), extensions, digest: hash('sha256', clientData, 'buffer') };
}

function checkSk(verifier: SshVerifier, algorithm: string, reader: ByteReader, data: Uint8Array): SignatureOutcome {
  const signature = readString(reader, 'signature');
  const flags = reader.u8('flags');
  const counter = reader.u32('counter');
  const plainFido = { flags, counter, userPresent: (flags & 1) !== 0, userVerified: (flags & 4) !== 0 };
  const wrapped = algorithm === WEBAUTHN ? parseWebauthn(reader, data, flags) : undefined;
  reader.expectEnd();
  const fido = wrapped === undefined || wrapped === null ? plainFido : { ...plainFido, origin: wrapped.origin };
  if (wrapped === null) return { result: 'bad', algorithm, fido };
  const signed = concat(
    verifier.applicationHash,
    Uint8Array.of(flags),
    encodeU32(counter),
    wrapped?.extensions ?? new Uint8Array(0),
    wrapped?.digest ?? hash('sha256', data, 'buffer'),
  );
  const result =
    verifier.kind === 'sk-ed25519' ? verifyEd25519(verifier, signed, signature) : verifyEcdsa(verifier, 'nistp256', signed, signature);
  return { result, algorithm, fido };
}

function isAlgorithmOf(verifier: SshVerifier, algorithm: string, allowSha1: boolean): boolean {
  if (verifier.kind === 'rsa') return RSA_DIGESTS.has(algorithm) || (allowSha1 && algorithm === 'ssh-rsa');
  return algorithm === verifier.id.type || (verifier.kind === 'sk-ecdsa' && algorithm === WEBAUTHN);
}

/**
 * Checks the signature blob (`string algorithm, string signature, …`) over the data.
 * `allowSha1`: OpenSSH takes `ssh-rsa` (SHA-1) from certificate authorities, never in SSHSIG.
 * Throws MalformedError `SSH_SIGNATURE_MALFORMED` when the blob breaks its format.
 */
export function checkSignatureBlob(verifier: SshVerifier, blob: Uint8Array, data: Uint8Array, allowSha1: boolean): SignatureOutcome {
  const reader = new Reader(blob, CODE);
  const algorithm = readName(reader, 'signature algorithm');
  if (!isAlgorithmOf(verifier, algorithm, allowSha1)) return { result: 'bad', algorithm };
  if (verifier.kind === 'sk-ed25519' || verifier.kind === 'sk-ecdsa') return checkSk(verifier, algorithm, reader, data);
  const signature = readString(reader, 'signature');
  reader.expectEnd();
  if (verifier.kind === 'ed25519') return { result: verifyEd25519(verifier, data, signature), algorithm };
  if (verifier.kind === 'rsa') return { result: verifyRsa(verifier, RSA_DIGESTS.get(algorithm) ?? 'sha1', data, signature), algorithm };
  return { result: verifyEcdsa(verifier, verifier.curve, data, signature), algorithm };
}
