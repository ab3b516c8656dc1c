// Reads the body of a public-key packet (RFC 9580 §5.5.2), and makes of it a key that node:crypto can verify with.

import { createPublicKey, hash } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

import { ByteReader, concat, encodeHex, parseHex } from '../../bytes/index.ts';
import { CURVES, ED25519_LEGACY_OID, PUBLIC_KEY_NAMES } from './algorithms.ts';
import { encodeBitString, encodeDer, encodeInteger, encodeSequence } from './der.ts';
import { failOpenpgp } from './malformed.ts';
import { readMpi } from './signature-packet.ts';
import type { OpenpgpVerificationKey } from './types.ts';

/** A key ready to verify. */
export interface PreparedKey {
  readonly keyObject: KeyObject;
  /** RFC 9580 §9.1. */
  readonly algorithm: number;
  /** Bytes of the RSA modulus, bits of the group order of DSA and ECDSA; 0 for the others. */
  readonly size: number;
}

const OID_RSA = parseHex('06092a864886f70d010101');
const OID_DSA = parseHex('06072a8648ce380401');
const OID_EC = parseHex('06072a8648ce3d0201');
const OID_ED25519 = parseHex('06032b6570');
const OID_ED448 = parseHex('06032b6571');
const NULL = new Uint8Array([5, 0]);
// gpg has no upper limit; a modulus beyond 16,384 bits costs OpenSSL more than a verification should, and OpenSSL refuses it.
const MAXIMUM_MPI_BYTES = 2048;

/** What a signature over the key hashes of it (RFC 9580 §5.2.4); the fingerprint is the hash of this (§5.5.4). */
export function frameKey(version: number, body: Uint8Array): Uint8Array {
  const { length } = body;
  const head = version === 6 ? [0x9b, length >>> 24, length >>> 16, length >>> 8, length] : [0x99, length >>> 8, length];
  return concat(new Uint8Array(head), body);
}

/**
 * Reads the head of a public-key body and computes its fingerprint.
 * Throws MalformedError `OPENPGP_KEY_UNUSABLE` for versions other than 4 and 6, and for bodies that are cut off.
 */
export function parsePublicKey(body: Uint8Array): OpenpgpVerificationKey {
  const reader = new ByteReader(body, 'OPENPGP_KEY_UNUSABLE');
  const version = reader.u8('key version');
  if (version !== 4 && version !== 6) return failOpenpgp('OPENPGP_KEY_UNUSABLE', `key of version ${version}`);
  if (version === 4 && body.length > 0xffff) return failOpenpgp('OPENPGP_KEY_UNUSABLE', 'key too long');
  const createdAt = reader.u32('creation time');
  const number = reader.u8('algorithm');
  const algorithm = PUBLIC_KEY_NAMES[number] ?? `unknown-${number}`;
  const fingerprint = hash(version === 6 ? 'sha256' : 'sha1', frameKey(version, body), 'hex');
  const keyId = version === 6 ? fingerprint.slice(0, 16) : fingerprint.slice(24);
  return { fingerprint, keyId, version, algorithm, createdAt, body: new Uint8Array(body) };
}

function importSpki(...content: readonly Uint8Array[]): KeyObject {
  return createPublicKey({ key: Buffer.from(encodeSequence(...content)), format: 'der', type: 'spki' });
}

function readNumber(reader: ByteReader): Uint8Array {
  const { digits } = readMpi(reader);
  if (digits.length > MAXIMUM_MPI_BYTES) reader.fail('integer too long');
  return digits;
}

function prepareRsa(reader: ByteReader, algorithm: number): PreparedKey {
  const modulus = readNumber(reader);
  const exponent = readNumber(reader);
  // A huge public exponent makes one verification as slow as a thousand; real keys use 65537 or less.
  if (exponent.length > 8) reader.fail('exponent too long');
  const key = encodeSequence(encodeInteger(modulus), encodeInteger(exponent));
  return { keyObject: importSpki(encodeSequence(OID_RSA, NULL), encodeBitString(key)), algorithm, size: modulus.length };
}

function prepareDsa(reader: ByteReader): PreparedKey {
  const p = readNumber(reader);
  const q = readNumber(reader);
  const g = readNumber(reader);
  const y = readNumber(reader);
  const parameters = encodeSequence(encodeInteger(p), encodeInteger(q), encodeInteger(g));
  const bits = q.length * 8 - Math.clz32(q[0] ?? 0) + 24;
  return { keyObject: importSpki(encodeSequence(OID_DSA, parameters), encodeBitString(encodeInteger(y))), algorithm: 17, size: bits };
}

function prepareCurve(reader: ByteReader, algorithm: number): PreparedKey | null {
  const oid = reader.take(reader.u8('curve length'), 'curve');
  const point = readNumber(reader);
  const name = encodeHex(oid);
  if (algorithm === 22) {
    if (name !== ED25519_LEGACY_OID || point.length !== 33 || point[0] !== 0x40) return null;
    return { keyObject: importSpki(encodeSequence(OID_ED25519), encodeBitString(point.subarray(1))), algorithm, size: 0 };
  }
  const curve = CURVES[name];
  // Only the uncompressed form exists in OpenPGP (RFC 9580 §11.2.1).
  if (curve === undefined || point.length !== 1 + 2 * curve.coordinateBytes || point[0] !== 4) return null;
  const keyObject = importSpki(encodeSequence(OID_EC, encodeDer(0x06, oid)), encodeBitString(point));
  return { keyObject, algorithm, size: curve.bits };
}

function prepareNative(reader: ByteReader, algorithm: number): PreparedKey {
  const [oid, length] = algorithm === 27 ? [OID_ED25519, 32] : [OID_ED448, 57];
  return { keyObject: importSpki(encodeSequence(oid), encodeBitString(reader.take(length, 'public key'))), algorithm, size: 0 };
}

/**
 * The key as node:crypto takes it, or null when algorithm, curve or numbers are not supported (by us or by this OpenSSL).
 * Never throws: OpenSSL refuses points off the curve and other nonsense, which is the same answer.
 */
export function prepareKey(key: OpenpgpVerificationKey): PreparedKey | null {
  try {
    const reader = new ByteReader(key.body, 'OPENPGP_KEY_UNUSABLE');
    reader.take(5, 'head');
    const algorithm = reader.u8('algorithm');
    if (key.version === 6) reader.take(4, 'material length');
    if (algorithm === 1 || algorithm === 3) return prepareRsa(reader, algorithm);
    if (algorithm === 17) return prepareDsa(reader);
    if (algorithm === 19 || algorithm === 22) return prepareCurve(reader, algorithm);
    if (algorithm === 27 || algorithm === 28) return prepareNative(reader, algorithm);
    return null;
  } catch {
    return null;
  }
}
