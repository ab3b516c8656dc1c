// Makes OpenPGP keys, certificates and signatures of every kind in memory, with node:crypto alone, so that tests and benchmarks need no gpg.

import { createHash, createPublicKey, generateKeyPairSync, sign as cryptoSign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

import { makeMultiPrimeRsaKey } from './openpgp-multiprime.ts';
import { armor, encodeSubpackets, mpi, packet, u16, u32 } from './openpgp-wire.ts';
import type { TestSubpacket } from './openpgp-wire.ts';

/** `ed25519` is EdDSA legacy (22), as gpg makes it; `ed25519-native` (27) and `ed448` (28) are RFC 9580's. */
export type OpenpgpKeyKind =
  | 'ed25519'
  | 'ed25519-native'
  | 'ed448'
  | 'p256'
  | 'p384'
  | 'p521'
  | 'secp256k1'
  | 'brainpoolP256r1'
  | 'brainpoolP384r1'
  | 'brainpoolP512r1'
  | 'rsa768'
  | 'rsa1024'
  | 'rsa2048'
  | 'rsa3072'
  | 'rsa4096'
  | 'dsa1024'
  | 'dsa2048';

export interface RawOpenpgpKey {
  readonly kind: OpenpgpKeyKind;
  readonly version: 4 | 6;
  readonly algorithm: number;
  readonly createdAt: number;
  /** The public-key packet's body. */
  readonly body: Buffer;
  /** What a signature over the key hashes: the framed body (RFC 9580 §5.2.4). */
  readonly framed: Buffer;
  readonly fingerprint: string;
  readonly keyId: string;
  readonly privateKey: KeyObject;
}

export interface SignatureOptions {
  /** RFC 9580 §5.2.1; default 0. */
  readonly type?: number;
  /** The id; default 10 (SHA-512). */
  readonly hash?: number;
  readonly createdAt: number;
  /** Further hashed subpackets, after creation time and issuer fingerprint. */
  readonly hashed?: readonly TestSubpacket[];
  /** Replaces all hashed subpackets. */
  readonly onlyHashed?: readonly TestSubpacket[];
  /** Replaces the unhashed subpackets (default: the issuer's key id, for v4). */
  readonly unhashed?: readonly TestSubpacket[];
  /** 3, 4 or 6; default the key's. */
  readonly version?: number;
  /** Written instead of the key's algorithm id. */
  readonly algorithm?: number;
}

const HASHES: Readonly<Record<number, string>> = {
  1: 'md5',
  2: 'sha1',
  3: 'ripemd160',
  8: 'sha256',
  9: 'sha384',
  10: 'sha512',
  11: 'sha224',
};
const SALT_BYTES: Readonly<Record<number, number>> = { 8: 16, 9: 24, 10: 32, 11: 16 };
const CURVES: Readonly<Record<string, { readonly name: string; readonly oid: string; readonly bytes: number }>> = {
  p256: { name: 'prime256v1', oid: '2a8648ce3d030107', bytes: 32 },
  p384: { name: 'secp384r1', oid: '2b81040022', bytes: 48 },
  p521: { name: 'secp521r1', oid: '2b81040023', bytes: 66 },
  secp256k1: { name: 'secp256k1', oid: '2b8104000a', bytes: 32 },
  brainpoolP256r1: { name: 'brainpoolP256r1', oid: '2b2403030208010107', bytes: 32 },
  brainpoolP384r1: { name: 'brainpoolP384r1', oid: '2b240303020801010b', bytes: 48 },
  brainpoolP512r1: { name: 'brainpoolP512r1', oid: '2b240303020801010d', bytes: 64 },
};

/** The integers of a DER SEQUENCE of INTEGERs, or of anything that is made of nested ones. */
function derIntegers(der: Buffer): Buffer[] {
  const found: Buffer[] = [];
  let offset = 0;
  while (offset < der.length) {
    const tag = der[offset] ?? 0;
    let length = der[offset + 1] ?? 0;
    offset += 2;
    if (length > 0x80) {
      const count = length - 0x80;
      length = der.readUIntBE(offset, count);
      offset += count;
    }
    const value = der.subarray(offset, offset + length);
    offset += length;
    if (tag === 0x30) found.push(...derIntegers(value));
    else if (tag === 0x02) found.push(value);
    else if (tag === 0x03) found.push(...derIntegers(value.subarray(1)));
  }
  return found;
}

function makeMaterial(kind: OpenpgpKeyKind): { algorithm: number; material: Buffer; privateKey: KeyObject } {
  if (kind.startsWith('rsa')) {
    const bits = Number(kind.slice(3));
    const privateKey = bits === 4096 ? makeMultiPrimeRsaKey(bits) : generateKeyPairSync('rsa', { modulusLength: bits }).privateKey;
    const integers = derIntegers(createPublicKey(privateKey).export({ type: 'pkcs1', format: 'der' }));
    return { algorithm: 1, material: Buffer.concat(integers.map(mpi)), privateKey };
  }
  if (kind === 'dsa1024' || kind === 'dsa2048') {
    const modulusLength = Number(kind.slice(3));
    const { publicKey, privateKey } = generateKeyPairSync('dsa', { modulusLength, divisorLength: modulusLength === 1024 ? 160 : 256 });
    return { algorithm: 17, material: Buffer.concat(derIntegers(publicKey.export({ type: 'spki', format: 'der' })).map(mpi)), privateKey };
  }
  const curve = CURVES[kind];
  if (curve !== undefined) {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: curve.name });
    const point = publicKey.export({ type: 'spki', format: 'der' }).subarray(-(2 * curve.bytes + 1));
    const oid = Buffer.from(curve.oid, 'hex');
    return { algorithm: 19, material: Buffer.concat([Buffer.from([oid.length]), oid, mpi(point)]), privateKey };
  }
  const pair = kind === 'ed448' ? generateKeyPairSync('ed448') : generateKeyPairSync('ed25519');
  const point = pair.publicKey.export({ type: 'spki', format: 'der' }).subarray(kind === 'ed448' ? -57 : -32);
  if (kind === 'ed448') return { algorithm: 28, material: point, privateKey: pair.privateKey };
  if (kind === 'ed25519-native') return { algorithm: 27, material: point, privateKey: pair.privateKey };
  const oid = Buffer.from('2b06010401da470f01', 'hex');
  const material = Buffer.concat([Buffer.from([oid.length]), oid, mpi(Buffer.concat([Buffer.from([0x40]), point]))]);
  return { algorithm: 22, material, privateKey: pair.privateKey };
}

/** The key of a public-key body, with its fingerprint (RFC 9580 §5.5.4). */
export function makeRawKey(kind: OpenpgpKeyKind, options?: { readonly createdAt?: number; readonly version?: 4 | 6 }): RawOpenpgpKey {
  const createdAt = options?.createdAt ?? 1_500_000_000;
  const version = options?.version ?? 4;
  const { algorithm, material, privateKey } = makeMaterial(kind);
  const head = Buffer.concat([Buffer.from([version]), u32(createdAt), Buffer.from([algorithm])]);
  const body = version === 4 ? Buffer.concat([head, material]) : Buffer.concat([head, u32(material.length), material]);
  const framed =
    version === 4
      ? Buffer.concat([Buffer.from([0x99]), u16(body.length), body])
      : Buffer.concat([Buffer.from([0x9b]), u32(body.length), body]);
  const fingerprint = createHash(version === 4 ? 'sha1' : 'sha256')
    .update(framed)
    .digest('hex');
  const keyId = version === 4 ? fingerprint.slice(24) : fingerprint.slice(0, 16);
  return { kind, version, algorithm, createdAt, body, framed, fingerprint, keyId, privateKey };
}

function signDigestOf(key: RawOpenpgpKey, data: Buffer, hash: string): Buffer {
  if (key.algorithm === 27 || key.algorithm === 28) return cryptoSign(null, createHash(hash).update(data).digest(), key.privateKey);
  if (key.algorithm === 22) {
    const signature = cryptoSign(null, createHash(hash).update(data).digest(), key.privateKey);
    return Buffer.concat([mpi(signature.subarray(0, 32)), mpi(signature.subarray(32))]);
  }
  if (key.algorithm === 1) return mpi(cryptoSign(hash, data, key.privateKey));
  return Buffer.concat(derIntegers(cryptoSign(hash, data, key.privateKey)).map(mpi));
}

/** The body of a signature packet over `data` (already framed as its type wants). */
export function makeSignatureBody(key: RawOpenpgpKey, data: Uint8Array, options: SignatureOptions): Buffer {
  const version = options.version ?? key.version;
  const type = options.type ?? 0;
  const hashId = options.hash ?? 10;
  const hash = HASHES[hashId] ?? 'sha512';
  const algorithm = options.algorithm ?? key.algorithm;
  if (version === 3) {
    const hashed = Buffer.concat([Buffer.from([type]), u32(options.createdAt)]);
    const input = Buffer.concat([data, hashed]);
    const left = createHash(hash).update(input).digest().subarray(0, 2);
    const head = Buffer.concat([Buffer.from([3, 5]), hashed, Buffer.from(key.keyId, 'hex'), Buffer.from([algorithm, hashId]), left]);
    return Buffer.concat([head, signDigestOf(key, input, hash)]);
  }
  const issuer = { type: 33, data: Buffer.concat([Buffer.from([key.version]), Buffer.from(key.fingerprint, 'hex')]) };
  const hashed = encodeSubpackets(options.onlyHashed ?? [{ type: 2, data: u32(options.createdAt) }, issuer, ...(options.hashed ?? [])]);
  const unhashed = encodeSubpackets(options.unhashed ?? (version === 4 ? [{ type: 16, data: Buffer.from(key.keyId, 'hex') }] : []));
  const size = version === 6 ? u32 : u16;
  const head = Buffer.concat([Buffer.from([version, type, algorithm, hashId]), size(hashed.length), hashed]);
  const salt = version === 6 ? Buffer.alloc(SALT_BYTES[hashId] ?? 16, 7) : Buffer.alloc(0);
  const input = Buffer.concat([salt, data, head, Buffer.from([version, 0xff]), u32(head.length)]);
  const left = createHash(hash).update(input).digest().subarray(0, 2);
  const tail = version === 6 ? [Buffer.from([salt.length]), salt] : [];
  return Buffer.concat([head, size(unhashed.length), unhashed, left, ...tail, signDigestOf(key, input, hash)]);
}

/** What a certification of a user id hashes before its trailer (RFC 9580 §5.2.4). */
export function userIdData(primary: RawOpenpgpKey, userId: Uint8Array): Buffer {
  return Buffer.concat([primary.framed, Buffer.from([0xb4]), u32(userId.length), userId]);
}

/** What a binding, back-signature or revocation of a sub-key hashes. */
export function subkeyData(primary: RawOpenpgpKey, subkey: RawOpenpgpKey): Buffer {
  return Buffer.concat([primary.framed, subkey.framed]);
}

/** A signature packet. */
export function signaturePacket(key: RawOpenpgpKey, data: Uint8Array, options: SignatureOptions): Buffer {
  return packet(2, makeSignatureBody(key, data, options));
}

/** A user id packet and its self-certification (0x13), key flags `certify, sign` unless `hashed` says other. */
export function userIdPackets(primary: RawOpenpgpKey, userId: string | Uint8Array, options?: Partial<SignatureOptions>): Buffer {
  const bytes = typeof userId === 'string' ? Buffer.from(userId) : userId;
  const defaults = { type: 0x13, createdAt: primary.createdAt, hashed: [{ type: 27, data: Buffer.from([3]) }] };
  return Buffer.concat([packet(13, bytes), signaturePacket(primary, userIdData(primary, bytes), { ...defaults, ...options })]);
}

/** A sub-key packet and its binding (0x18), with a back-signature (0x19) in it unless `backed` is false. */
export function subkeyPackets(
  primary: RawOpenpgpKey,
  subkey: RawOpenpgpKey,
  options?: {
    readonly backed?: boolean;
    readonly flags?: number;
    readonly signature?: Partial<SignatureOptions>;
    readonly extra?: readonly TestSubpacket[];
  },
): Buffer {
  const data = subkeyData(primary, subkey);
  const back = { type: 32, data: makeSignatureBody(subkey, data, { type: 0x19, createdAt: subkey.createdAt }) };
  const hashed = [
    { type: 27, data: Buffer.from([options?.flags ?? 2]) },
    ...(options?.extra ?? []),
    ...(options?.backed === false ? [] : [back]),
  ];
  const binding = { type: 0x18, createdAt: subkey.createdAt, hashed, ...options?.signature };
  return Buffer.concat([packet(14, subkey.body), signaturePacket(primary, data, binding)]);
}

export function primaryPacket(primary: RawOpenpgpKey): Buffer {
  return packet(6, primary.body);
}

/** A detached signature over a payload, armored. */
export function signDetached(key: RawOpenpgpKey, payload: Uint8Array, options: SignatureOptions): string {
  return armor('SIGNATURE', signaturePacket(key, payload, options));
}

export interface OpenpgpTestKey {
  readonly kind: OpenpgpKeyKind;
  readonly raw: RawOpenpgpKey;
  readonly fingerprint: string;
  readonly keyId: string;
  readonly userId: string;
  readonly certificate: Buffer;
  readonly certificateArmored: string;
  /** The armored detached binary signature, `createdAt` in seconds since 1970. */
  readonly sign: (payload: Uint8Array, createdAt: number) => string;
}

/** A key with one user id and a self-certification, ready to sign; `createdAt` defaults to July 2017. */
export function makeOpenpgpTestKey(
  kind: OpenpgpKeyKind,
  options?: { readonly createdAt?: number; readonly version?: 4 | 6; readonly userId?: string; readonly expiresAfter?: number },
): OpenpgpTestKey {
  const raw = makeRawKey(kind, options);
  const userId = options?.userId ?? `Test ${kind} <${kind}@example.com>`;
  const expiry = options?.expiresAfter === undefined ? [] : [{ type: 9, data: u32(options.expiresAfter) }];
  const hashed = [{ type: 27, data: Buffer.from([3]) }, ...expiry];
  // A v6 certificate carries its flags in a direct-key signature (RFC 9580 §10.1.1).
  const direct = raw.version === 6 ? signaturePacket(raw, raw.framed, { type: 0x1f, createdAt: raw.createdAt, hashed }) : Buffer.alloc(0);
  const certificate = Buffer.concat([primaryPacket(raw), direct, userIdPackets(raw, userId, { hashed })]);
  return {
    kind,
    raw,
    fingerprint: raw.fingerprint,
    keyId: raw.keyId,
    userId,
    certificate,
    certificateArmored: armor('PUBLIC KEY BLOCK', certificate),
    sign: (payload, createdAt) => signDetached(raw, payload, { createdAt }),
  };
}
