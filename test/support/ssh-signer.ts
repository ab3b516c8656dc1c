// Makes SSH keys, signatures and certificates in memory, FIDO keys included, so that tests and benchmarks need neither ssh-keygen nor hardware.

import { createHash, generateKeyPairSync, hash, sign as cryptoSign } from 'node:crypto';
import type { JsonWebKey, KeyObject } from 'node:crypto';

import { armorSshsig, mpint, str, u32, u64 } from './ssh-wire.ts';

export type SshKeyKind = 'ed25519' | 'ecdsa-p256' | 'ecdsa-p384' | 'ecdsa-p521' | 'rsa2048' | 'rsa4096' | 'sk-ed25519' | 'sk-ecdsa-p256';

export interface SshSignOptions {
  /** Default `git`. */
  readonly namespace?: string;
  /** The hash of the message inside SSHSIG; default sha512. */
  readonly hash?: 'sha256' | 'sha512';
  /** FIDO flags; default 1 (touched). */
  readonly flags?: number;
  /** FIDO counter; default 1. */
  readonly counter?: number;
  /** RSA's signature algorithm; default rsa-sha2-512. */
  readonly rsaAlgorithm?: 'rsa-sha2-256' | 'rsa-sha2-512' | 'ssh-rsa';
  /** Signs as a browser does (sk-ecdsa-p256 only). */
  readonly webauthn?: { readonly origin: string; readonly extensions?: Uint8Array; readonly clientData?: (challenge: string) => string };
}

export interface SshTestKey {
  readonly kind: SshKeyKind;
  /** The type inside the blob, for example `ssh-ed25519`, or a certificate's. */
  readonly type: string;
  readonly publicBlob: Buffer;
  /** `type base64 comment`, no newline. */
  readonly publicLine: string;
  /** `SHA256:…` of the blob. */
  readonly fingerprint: string;
  /** For tests that need more than SSHSIG. */
  readonly privateKey: KeyObject;
  /** The armored SSHSIG text, ending in a newline. */
  readonly sign: (payload: Uint8Array, options?: SshSignOptions) => string;
  /** The SSHSIG blob without its armor. */
  readonly signBlob: (payload: Uint8Array, options?: SshSignOptions) => Buffer;
  /** An SSH signature (`string type, string blob, …`) over the data itself, as certificates carry it. */
  readonly signRaw: (data: Uint8Array, options?: SshSignOptions) => Buffer;
}

export interface SshCertificateOptions {
  /** 1 user (default), 2 host. */
  readonly kind?: number;
  readonly serial?: bigint;
  readonly keyId?: string;
  /** Default `['tester@example.com']`. */
  readonly principals?: readonly string[];
  /** Seconds since 1970; default always. */
  readonly validAfter?: bigint;
  readonly validBefore?: bigint;
  readonly criticalOptions?: Readonly<Record<string, string>>;
  readonly extensions?: readonly string[];
  readonly caAlgorithm?: 'rsa-sha2-256' | 'rsa-sha2-512' | 'ssh-rsa';
  /** Changes the certificate's body before the CA signs it. */
  readonly corrupt?: (body: Buffer) => Buffer;
  /** Changes the signature after the CA made it. */
  readonly corruptSignature?: (signature: Buffer) => Buffer;
}

const APPLICATION = 'ssh:';
const CURVES = { 'ecdsa-p256': 'nistp256', 'ecdsa-p384': 'nistp384', 'ecdsa-p521': 'nistp521', 'sk-ecdsa-p256': 'nistp256' } as const;
const NODE_CURVES = { nistp256: 'P-256', nistp384: 'P-384', nistp521: 'P-521' } as const;
const CURVE_HASHES = { nistp256: 'sha256', nistp384: 'sha384', nistp521: 'sha512' } as const;

function curveOf(kind: SshKeyKind): 'nistp256' | 'nistp384' | 'nistp521' {
  if (kind === 'ecdsa-p256' || kind === 'ecdsa-p384' || kind === 'ecdsa-p521' || kind === 'sk-ecdsa-p256') return CURVES[kind];
  throw new Error(`${kind} has no curve`);
}

function makePrivateKey(kind: SshKeyKind): KeyObject {
  if (kind === 'ed25519' || kind === 'sk-ed25519') return generateKeyPairSync('ed25519').privateKey;
  if (kind === 'rsa2048' || kind === 'rsa4096')
    return generateKeyPairSync('rsa', { modulusLength: kind === 'rsa2048' ? 2048 : 4096 }).privateKey;
  return generateKeyPairSync('ec', { namedCurve: NODE_CURVES[curveOf(kind)] }).privateKey;
}

function part(jwk: JsonWebKey, name: 'e' | 'n' | 'x' | 'y'): Buffer {
  return Buffer.from(jwk[name] ?? '', 'base64url');
}

function encodePublicKey(kind: SshKeyKind, privateKey: KeyObject): { type: string; fields: Buffer } {
  const jwk = privateKey.export({ format: 'jwk' });
  if (kind === 'ed25519') return { type: 'ssh-ed25519', fields: str(part(jwk, 'x')) };
  if (kind === 'sk-ed25519') return { type: 'sk-ssh-ed25519@openssh.com', fields: Buffer.concat([str(part(jwk, 'x')), str(APPLICATION)]) };
  if (kind === 'rsa2048' || kind === 'rsa4096')
    return { type: 'ssh-rsa', fields: Buffer.concat([mpint(part(jwk, 'e')), mpint(part(jwk, 'n'))]) };
  const curve = curveOf(kind);
  const point = Buffer.concat([Buffer.of(4), part(jwk, 'x'), part(jwk, 'y')]);
  if (kind === 'sk-ecdsa-p256')
    return { type: 'sk-ecdsa-sha2-nistp256@openssh.com', fields: Buffer.concat([str(curve), str(point), str(APPLICATION)]) };
  return { type: `ecdsa-sha2-${curve}`, fields: Buffer.concat([str(curve), str(point)]) };
}

function signEcdsa(privateKey: KeyObject, digest: string, data: Uint8Array): Buffer {
  const pair = cryptoSign(digest, data, { key: privateKey, dsaEncoding: 'ieee-p1363' });
  return Buffer.concat([mpint(pair.subarray(0, pair.length / 2)), mpint(pair.subarray(pair.length / 2))]);
}

function signWebauthn(privateKey: KeyObject, data: Uint8Array, options: SshSignOptions): Buffer {
  const { origin, extensions = Buffer.alloc(0), clientData } = options.webauthn ?? { origin: '' };
  const challenge = Buffer.from(data).toString('base64url');
  const json = clientData?.(challenge) ?? `{"type":"webauthn.get","challenge":"${challenge}","origin":"${origin}","crossOrigin":false}`;
  const flags = options.flags ?? (extensions.length > 0 ? 0x81 : 0x01);
  const counter = u32(options.counter ?? 1);
  const signed = Buffer.concat([
    hash('sha256', APPLICATION, 'buffer'),
    Buffer.of(flags),
    counter,
    extensions,
    hash('sha256', json, 'buffer'),
  ]);
  const signature = str(signEcdsa(privateKey, 'sha256', signed));
  const type = str('webauthn-sk-ecdsa-sha2-nistp256@openssh.com');
  return Buffer.concat([type, signature, Buffer.of(flags), counter, str(origin), str(json), str(extensions)]);
}

function signRaw(kind: SshKeyKind, privateKey: KeyObject, data: Uint8Array, options: SshSignOptions): Buffer {
  if (options.webauthn !== undefined) return signWebauthn(privateKey, data, options);
  if (kind === 'ed25519') return Buffer.concat([str('ssh-ed25519'), str(cryptoSign(null, data, privateKey))]);
  if (kind === 'rsa2048' || kind === 'rsa4096') {
    const type = options.rsaAlgorithm ?? 'rsa-sha2-512';
    const digest = { 'rsa-sha2-256': 'sha256', 'rsa-sha2-512': 'sha512', 'ssh-rsa': 'sha1' }[type];
    return Buffer.concat([str(type), str(cryptoSign(digest, data, privateKey))]);
  }
  if (kind === 'ecdsa-p256' || kind === 'ecdsa-p384' || kind === 'ecdsa-p521') {
    const curve = curveOf(kind);
    return Buffer.concat([str(`ecdsa-sha2-${curve}`), str(signEcdsa(privateKey, CURVE_HASHES[curve], data))]);
  }
  // PROTOCOL.u2f, "SSH U2F signatures": the authenticator signs digests of the application and of the data, with flags and counter between.
  const tail = Buffer.concat([Buffer.of(options.flags ?? 1), u32(options.counter ?? 1)]);
  const signed = Buffer.concat([hash('sha256', APPLICATION, 'buffer'), tail, createHash('sha256').update(data).digest()]);
  const signature = kind === 'sk-ed25519' ? cryptoSign(null, signed, privateKey) : signEcdsa(privateKey, 'sha256', signed);
  const type = kind === 'sk-ed25519' ? 'sk-ssh-ed25519@openssh.com' : 'sk-ecdsa-sha2-nistp256@openssh.com';
  return Buffer.concat([str(type), str(signature), tail]);
}

function assembleKey(kind: SshKeyKind, type: string, publicBlob: Buffer, privateKey: KeyObject): SshTestKey {
  const signBlob = (payload: Uint8Array, options: SshSignOptions = {}): Buffer => {
    const namespace = str(options.namespace ?? 'git');
    const algorithm = options.hash ?? 'sha512';
    const reserved = str('');
    // PROTOCOL.sshsig §3: what is signed names namespace and hash, but not the key.
    const signed = Buffer.concat([Buffer.from('SSHSIG'), namespace, reserved, str(algorithm), str(hash(algorithm, payload, 'buffer'))]);
    const signature = str(signRaw(kind, privateKey, signed, options));
    return Buffer.concat([Buffer.from('SSHSIG'), u32(1), str(publicBlob), namespace, reserved, str(algorithm), signature]);
  };
  return {
    kind,
    type,
    publicBlob,
    publicLine: `${type} ${publicBlob.toString('base64')} test-${kind}`,
    fingerprint: `SHA256:${hash('sha256', publicBlob, 'base64').replace(/=+$/, '')}`,
    privateKey,
    signBlob,
    sign: (payload, options) => armorSshsig(signBlob(payload, options)),
    signRaw: (data, options = {}) => signRaw(kind, privateKey, data, options),
  };
}

/** A new key of the kind. RSA of 4096 bits takes a second or so. */
export function makeSshKey(kind: SshKeyKind): SshTestKey {
  const privateKey = makePrivateKey(kind);
  const { type, fields } = encodePublicKey(kind, privateKey);
  return assembleKey(kind, type, Buffer.concat([str(type), fields]), privateKey);
}

function certificateType(type: string): string {
  return type.endsWith('@openssh.com') ? type.replace('@openssh.com', '-cert-v01@openssh.com') : `${type}-cert-v01@openssh.com`;
}

/** The subject's key under a certificate of the CA (PROTOCOL.certkeys): it signs as before, and names itself by the certificate. */
export function makeSshCertificate(ca: SshTestKey, subject: SshTestKey, options: SshCertificateOptions = {}): SshTestKey {
  const type = certificateType(subject.type);
  const { fields } = encodePublicKey(subject.kind, subject.privateKey);
  const list = (names: readonly string[]): Buffer => str(Buffer.concat(names.map((name) => str(name))));
  const critical = Object.entries(options.criticalOptions ?? {}).map(([name, value]) => Buffer.concat([str(name), str(str(value))]));
  const extensions = (options.extensions ?? []).map((name) => Buffer.concat([str(name), str('')]));
  const body = Buffer.concat([
    str(type),
    str(Buffer.alloc(32, 7)),
    fields,
    u64(options.serial ?? 0n),
    u32(options.kind ?? 1),
    str(options.keyId ?? 'test certificate'),
    list(options.principals ?? ['tester@example.com']),
    u64(options.validAfter ?? 0n),
    u64(options.validBefore ?? 0xffff_ffff_ffff_ffffn),
    str(Buffer.concat(critical)),
    str(Buffer.concat(extensions)),
    str(''),
    str(ca.publicBlob),
  ]);
  const changed = options.corrupt?.(body) ?? body;
  const signature = ca.signRaw(changed, options.caAlgorithm === undefined ? {} : { rsaAlgorithm: options.caAlgorithm });
  const blob = Buffer.concat([changed, str(options.corruptSignature?.(signature) ?? signature)]);
  return assembleKey(subject.kind, type, blob, subject.privateKey);
}
