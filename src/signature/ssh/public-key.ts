// Parses the fields of an SSH public key and names the key by its canonical encoding.

import { hash } from 'node:crypto';

import { MalformedError } from '../../errors.ts';
import type { ByteReader } from '../../bytes/index.ts';
import { concat } from '../../bytes/index.ts';
import type { SshCurve, SshKeyType } from './key-types.ts';
import { textOf } from './text.ts';
import type { SshKeyId } from './types.ts';
import { bitLength, encodeMpint, encodeString, readCString, readMpint, readName, readString } from './wire.ts';

/** The numbers of one plain public key, structure checked, curve membership not yet. */
export type SshKeyMaterial =
  | { readonly kind: 'ed25519' | 'sk-ed25519'; readonly point: Uint8Array; readonly application: Uint8Array }
  | { readonly kind: 'ecdsa' | 'sk-ecdsa'; readonly curve: SshCurve; readonly point: Uint8Array; readonly application: Uint8Array }
  | { readonly kind: 'rsa'; readonly e: Uint8Array; readonly n: Uint8Array }
  | { readonly kind: 'dss'; readonly p: Uint8Array; readonly q: Uint8Array; readonly g: Uint8Array; readonly y: Uint8Array };

/** A plain public key as parsed. */
export interface SshPublicKey {
  readonly type: SshKeyType;
  readonly material: SshKeyMaterial;
  /** The canonical encoding: what the key's fingerprints and revocation lists are made over. */
  readonly blob: Uint8Array;
}

/** Bytes of a coordinate on each curve. */
export const CURVE_BYTES: Readonly<Record<SshCurve, number>> = { nistp256: 32, nistp384: 48, nistp521: 66 };
const CURVE_BITS: Readonly<Record<SshCurve, number>> = { nistp256: 256, nistp384: 384, nistp521: 521 };

// OpenSSH's SSH_RSA_MINIMUM_MODULUS_SIZE; the default of RequiredRSASize is not asked by ssh-keygen -Y.
const RSA_MINIMUM_BITS = 1024;
const NOTHING = new Uint8Array(0);

function parseEd25519(reader: ByteReader, kind: 'ed25519' | 'sk-ed25519'): SshKeyMaterial {
  const point = readString(reader, 'ed25519 key');
  if (point.length !== 32) reader.fail(`ed25519 key: ${point.length} bytes instead of 32`);
  return { kind, point, application: kind === 'ed25519' ? NOTHING : readCString(reader, 'application') };
}

function parseEcdsa(reader: ByteReader, kind: 'ecdsa' | 'sk-ecdsa', curve: SshCurve): SshKeyMaterial {
  if (readName(reader, 'curve') !== curve) reader.fail('curve: not the one that the key type names');
  const point = readString(reader, 'point');
  // Compressed points are refused by OpenSSH, and so is the point at infinity.
  if (point.length !== 1 + 2 * CURVE_BYTES[curve] || point[0] !== 4) reader.fail('point: not an uncompressed point of the curve');
  return { kind, curve, point, application: kind === 'ecdsa' ? NOTHING : readCString(reader, 'application') };
}

function parseRsa(reader: ByteReader): SshKeyMaterial {
  const e = readMpint(reader, 'e');
  const n = readMpint(reader, 'n');
  if (bitLength(n) < RSA_MINIMUM_BITS) throw new MalformedError('SSH_KEY_TOO_SHORT', `RSA modulus: ${bitLength(n)} bits`, reader.offset);
  return { kind: 'rsa', e, n };
}

function parseDss(reader: ByteReader): SshKeyMaterial {
  return { kind: 'dss', p: readMpint(reader, 'p'), q: readMpint(reader, 'q'), g: readMpint(reader, 'g'), y: readMpint(reader, 'y') };
}

function parseMaterial(reader: ByteReader, type: SshKeyType): SshKeyMaterial {
  if (type.kind === 'ed25519' || type.kind === 'sk-ed25519') return parseEd25519(reader, type.kind);
  if (type.kind === 'rsa') return parseRsa(reader);
  if (type.kind === 'dss') return parseDss(reader);
  if (type.curve === undefined) return reader.fail('key type: no curve');
  return parseEcdsa(reader, type.kind, type.curve);
}

function encodePlain(type: SshKeyType, material: SshKeyMaterial): Uint8Array {
  const name = encodeString(type.plainName);
  switch (material.kind) {
    case 'ed25519':
      return concat(name, encodeString(material.point));
    case 'sk-ed25519':
      return concat(name, encodeString(material.point), encodeString(material.application));
    case 'ecdsa':
      return concat(name, encodeString(material.curve), encodeString(material.point));
    case 'sk-ecdsa':
      return concat(name, encodeString(material.curve), encodeString(material.point), encodeString(material.application));
    case 'rsa':
      return concat(name, encodeMpint(material.e), encodeMpint(material.n));
    case 'dss':
      return concat(name, encodeMpint(material.p), encodeMpint(material.q), encodeMpint(material.g), encodeMpint(material.y));
  }
}

/**
 * Reads the fields that follow the type name (and, in a certificate, the nonce).
 * Throws MalformedError with the reader's code, or `SSH_KEY_TOO_SHORT` for RSA below 1024 bits.
 */
export function parsePublicKeyFields(reader: ByteReader, type: SshKeyType): SshPublicKey {
  const material = parseMaterial(reader, type);
  return { type, material, blob: encodePlain(type, material) };
}

/** `SHA256:` and unpadded base64 of the digest of the bytes, as ssh-keygen prints fingerprints. */
export function fingerprintOf(bytes: Uint8Array): string {
  const digest = hash('sha256', bytes, 'base64');
  return `SHA256:${digest.endsWith('=') ? digest.slice(0, digest.indexOf('=')) : digest}`;
}

function bitsOf(material: SshKeyMaterial): number {
  if (material.kind === 'rsa') return bitLength(material.n);
  if (material.kind === 'dss') return bitLength(material.p);
  return material.kind === 'ecdsa' || material.kind === 'sk-ecdsa' ? CURVE_BITS[material.curve] : 256;
}

/** The names under which facts, files and revocation lists know the key. */
export function identifyKey(key: SshPublicKey): SshKeyId {
  const application =
    'application' in key.material && key.type.kind.startsWith('sk-') ? { application: textOf(key.material.application) } : {};
  return {
    type: key.type.plainName,
    sha256: fingerprintOf(key.blob),
    sha1: hash('sha1', key.blob, 'hex'),
    bits: bitsOf(key.material),
    ...application,
  };
}
