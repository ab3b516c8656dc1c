// Reads the body of one signature packet (RFC 9580 §5.2), versions 3, 4 and 6.

import { ByteReader, concat, encodeHex, limits } from '../../bytes/index.ts';
import { HASHES, isSigningAlgorithm } from './algorithms.ts';
import { failOpenpgp, malformed } from './malformed.ts';
import { readSubpackets } from './subpackets.ts';
import type { Subpackets } from './subpackets.ts';

export interface SignaturePacket extends Subpackets {
  readonly version: number;
  /** RFC 9580 §5.2.1. */
  readonly type: number;
  /** RFC 9580 §9.1 and §9.5. */
  readonly algorithm: number;
  readonly hash: number;
  /** Hashed before the data: the salt of v6, else empty. */
  readonly prefix: Uint8Array;
  /** Hashed after the data (RFC 9580 §5.2.4). */
  readonly suffix: Uint8Array;
  /** The signature's numbers: big-endian, no leading zeros; or the native octets of Ed25519 and Ed448. */
  readonly numbers: readonly Uint8Array[];
  /** False when numbers have leading zeros or bytes follow them: gpg reads that. */
  readonly canonical: boolean;
}

const NO_BYTES = new Uint8Array(0);

/** One multi-precision integer (RFC 9580 §3.2), leading zeros stripped. */
export function readMpi(reader: ByteReader): { digits: Uint8Array; canonical: boolean } {
  const bits = reader.u16('integer length');
  const bytes = reader.take((bits + 7) >> 3, 'integer');
  let start = 0;
  while (start < bytes.length && bytes[start] === 0) start++;
  const digits = bytes.subarray(start);
  const real = digits.length === 0 ? 0 : digits.length * 8 - Math.clz32(digits[0] ?? 0) + 24;
  return { digits, canonical: real === bits };
}

function readNumbers(reader: ByteReader, algorithm: number): { numbers: Uint8Array[]; canonical: boolean } {
  if (algorithm === 27 || algorithm === 28) {
    // What is too short is no signature, but not malformed either: gpg does not look into these.
    const numbers = reader.take(Math.min(algorithm === 27 ? 64 : 114, reader.remaining), 'signature');
    return { numbers: [numbers], canonical: reader.remaining === 0 };
  }
  if (!isSigningAlgorithm(algorithm)) return { numbers: [], canonical: true };
  const first = readMpi(reader);
  if (algorithm === 1 || algorithm === 3) return { numbers: [first.digits], canonical: first.canonical && reader.remaining === 0 };
  const second = readMpi(reader);
  return { numbers: [first.digits, second.digits], canonical: first.canonical && second.canonical && reader.remaining === 0 };
}

function readVersion3(reader: ByteReader): SignaturePacket {
  if (reader.u8('hashed length') !== 5) malformed('v3 signature does not hash five octets');
  const suffix = reader.take(5, 'hashed octets');
  const createdAt = new DataView(suffix.buffer, suffix.byteOffset).getUint32(1);
  const issuerKeyId = encodeHex(reader.take(8, 'issuer key id'));
  const algorithm = reader.u8('algorithm');
  const hash = reader.u8('hash');
  reader.take(2, 'left 16 bits');
  const { numbers, canonical } = readNumbers(reader, algorithm);
  const type = suffix[0] ?? 0;
  return {
    version: 3,
    type,
    algorithm,
    hash,
    prefix: NO_BYTES,
    suffix,
    numbers,
    canonical,
    createdAt,
    issuerKeyId,
    hasCriticalUnknown: false,
  };
}

function readSalt(reader: ByteReader, hash: number): Uint8Array {
  const salt = reader.take(reader.u8('salt length'), 'salt');
  const algorithm = HASHES[hash];
  // RFC 9580 §5.2.3: the salt's size must match the hash's.
  if (algorithm !== undefined && algorithm.saltBytes !== salt.length) malformed('salt of the wrong size', reader.offset);
  return salt;
}

/**
 * Reads a signature packet's body, which views are taken of. Throws MalformedError `OPENPGP_SIGNATURE_MALFORMED`, or
 * `OPENPGP_SIGNATURE_VERSION_UNSUPPORTED` for any version but 3, 4 and 6.
 */
export function parseSignaturePacket(body: Uint8Array): SignaturePacket {
  if (body.length > limits.signatureBytes) malformed('signature packet too long');
  const reader = new ByteReader(body, 'OPENPGP_SIGNATURE_MALFORMED');
  const version = reader.u8('version');
  if (version === 3) return readVersion3(reader);
  if (version !== 4 && version !== 6) return failOpenpgp('OPENPGP_SIGNATURE_VERSION_UNSUPPORTED', `signature of version ${version}`);
  const type = reader.u8('type');
  const algorithm = reader.u8('algorithm');
  const hash = reader.u8('hash');
  const areas: Subpackets = { hasCriticalUnknown: false };
  readSubpackets(reader.take(version === 4 ? reader.u16('hashed length') : reader.u32('hashed length'), 'hashed area'), true, areas);
  const hashedEnd = reader.offset;
  readSubpackets(reader.take(version === 4 ? reader.u16('unhashed length') : reader.u32('unhashed length'), 'unhashed area'), false, areas);
  reader.take(2, 'left 16 bits');
  const prefix = version === 6 ? readSalt(reader, hash) : NO_BYTES;
  const { numbers, canonical } = readNumbers(reader, algorithm);
  // RFC 9580 §5.2.4: the trailer counts the hashed octets only.
  const trailer = new Uint8Array([version, 0xff, hashedEnd >>> 24, hashedEnd >>> 16, hashedEnd >>> 8, hashedEnd]);
  const suffix = concat(body.subarray(0, hashedEnd), trailer);
  return { version, type, algorithm, hash, prefix, suffix, numbers, canonical, ...areas };
}
