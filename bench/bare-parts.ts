// Cuts a generated commit down to what crypto.verify takes. It reads only what the generator writes, and shares no code with src/.

import { createPublicKey, hash } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

export interface BareSignature {
  readonly key: KeyObject;
  /** As crypto.verify takes it: null for Ed25519. */
  readonly digest: string | null;
  readonly signed: Buffer;
  readonly signature: Buffer;
}

const SIGNATURE_START = '\ngpgsig ';

function dearmor(armor: string): Buffer {
  const lines = armor.split('\n').filter((line) => line !== '' && !line.startsWith('-') && !line.startsWith('='));
  return Buffer.from(lines.join(''), 'base64');
}

/** The payload and the armored signature; null of an unsigned commit. */
function split(commit: Buffer): { payload: Buffer; armor: string } | null {
  const start = commit.indexOf(SIGNATURE_START) + 1;
  if (start === 0) return null;
  let end = commit.indexOf('\n', start) + 1;
  while (commit[end] === 0x20) end = commit.indexOf('\n', end) + 1;
  const armor = commit.toString('latin1', start + SIGNATURE_START.length - 1, end).replaceAll('\n ', '\n');
  return { payload: Buffer.concat([commit.subarray(0, start), commit.subarray(end)]), armor };
}

function sshString(bytes: Buffer, offset: number): { value: Buffer; raw: Buffer; end: number } {
  const end = offset + 4 + bytes.readUInt32BE(offset);
  return { value: bytes.subarray(offset + 4, end), raw: bytes.subarray(offset, end), end };
}

function sshStrings(bytes: Buffer, offset: number, count: number): { values: Buffer[]; raw: Buffer; end: number } {
  const values: Buffer[] = [];
  let end = offset;
  for (let i = 0; i < count; i++) {
    const part = sshString(bytes, end);
    values.push(part.value);
    end = part.end;
  }
  return { values, raw: bytes.subarray(offset, end), end };
}

const NOTHING = Buffer.alloc(0);

function ed25519Key(point: Buffer): KeyObject {
  return createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x: point.toString('base64url') } });
}

function base64urlNumber(value: Buffer): string {
  return (value[0] === 0 ? value.subarray(1) : value).toString('base64url');
}

function rsaKey(n: Buffer, e: Buffer): KeyObject {
  return createPublicKey({ format: 'jwk', key: { kty: 'RSA', n: base64urlNumber(n), e: base64urlNumber(e) } });
}

/** Holds the keys met so far, as every real verifier would. */
export class BareParser {
  readonly #sshKeys = new Map<string, KeyObject>();
  readonly #openpgpKeys = new Map<string, KeyObject>();

  /** `certificates`: armored, one after the other; may be empty. */
  constructor(certificates: string) {
    for (const armor of certificates.split(/(?=-----BEGIN )/)) if (armor.trim() !== '') this.#addCertificate(dearmor(armor));
  }

  /** What crypto.verify needs, or null of an unsigned commit. */
  parse(commit: Buffer): BareSignature | null {
    const parts = split(commit);
    if (parts === null) return null;
    return parts.armor.startsWith('-----BEGIN SSH')
      ? this.#parseSsh(parts.payload, dearmor(parts.armor))
      : this.#parseOpenpgp(parts.payload, dearmor(parts.armor));
  }

  // PROTOCOL.sshsig: magic, version, key, namespace, reserved, hash, signature.
  #parseSsh(payload: Buffer, blob: Buffer): BareSignature {
    const publicKey = sshString(blob, 10);
    const frame = sshStrings(blob, publicKey.end, 3);
    const digest = hash(frame.values[2]?.toString('latin1') ?? '', payload, 'buffer');
    const length = Buffer.of(0, 0, 0, digest.length);
    const signed = Buffer.concat([Buffer.from('SSHSIG'), frame.raw, length, digest]);
    const inner = sshString(blob, frame.end).value;
    const { values, end } = sshStrings(inner, 0, 2);
    const [type = NOTHING, signature = NOTHING] = values;
    const key = this.#sshKey(publicKey.value);
    switch (type.toString('latin1')) {
      case 'ssh-ed25519':
        return { key, digest: null, signed, signature };
      case 'sk-ssh-ed25519@openssh.com': {
        const [, , application = NOTHING] = sshStrings(publicKey.value, 0, 3).values;
        const touched = Buffer.concat([hash('sha256', application, 'buffer'), inner.subarray(end), hash('sha256', signed, 'buffer')]);
        return { key, digest: null, signed: touched, signature };
      }
      case 'rsa-sha2-512':
        return { key, digest: 'sha512', signed, signature };
      default:
        throw new Error(`the generator does not make ${type.toString('latin1')}`);
    }
  }

  #sshKey(blob: Buffer): KeyObject {
    const name = blob.toString('latin1');
    const known = this.#sshKeys.get(name);
    if (known !== undefined) return known;
    const [type = NOTHING, first = NOTHING] = sshStrings(blob, 0, 2).values;
    const key = type.equals(Buffer.from('ssh-rsa')) ? rsaKey(sshStrings(blob, 0, 3).values[2] ?? NOTHING, first) : ed25519Key(first);
    this.#sshKeys.set(name, key);
    return key;
  }

  // RFC 9580 §5.2.3: version, type, algorithm, hash, hashed subpackets, unhashed ones, two bytes of the digest, integers.
  #parseOpenpgp(payload: Buffer, armored: Buffer): BareSignature {
    const { body } = readPacket(armored, 0);
    const hashedEnd = 6 + body.readUInt16BE(4);
    const end = hashedEnd + 2 + body.readUInt16BE(hashedEnd);
    const trailer = Buffer.of(4, 0xff, 0, 0, hashedEnd >> 8, hashedEnd & 0xff);
    const data = Buffer.concat([payload, body.subarray(0, hashedEnd), trailer]);
    const key = this.#openpgpKeys.get(issuerOf(body.subarray(6, hashedEnd)));
    if (key === undefined) throw new Error('a signature by a key that is not in the keyring');
    if (body[3] !== 10) throw new Error('the generator signs with SHA-512');
    const first = readInteger(body, end + 2);
    if (body[2] === 1) return { key, digest: 'sha512', signed: data, signature: pad(first.value, 512) };
    const second = readInteger(body, first.end);
    return {
      key,
      digest: null,
      signed: hash('sha512', data, 'buffer'),
      signature: Buffer.concat([pad(first.value, 32), pad(second.value, 32)]),
    };
  }

  // RFC 9580 §5.5.2: version, creation time, algorithm, then the algorithm's fields.
  #addCertificate(packets: Buffer): void {
    const { body } = readPacket(packets, 0);
    const fingerprint = hash('sha1', Buffer.concat([Buffer.of(0x99, body.length >> 8, body.length & 0xff), body]));
    if (body[5] === 1) {
      const n = readInteger(body, 6);
      this.#openpgpKeys.set(fingerprint, rsaKey(n.value, readInteger(body, n.end).value));
    } else {
      const point = readInteger(body, 7 + (body[6] ?? 0)).value;
      this.#openpgpKeys.set(fingerprint, ed25519Key(point.subarray(1)));
    }
  }
}

function pad(value: Buffer, length: number): Buffer {
  return Buffer.concat([Buffer.alloc(length - value.length), value]);
}

function readInteger(bytes: Buffer, offset: number): { value: Buffer; end: number } {
  const end = offset + 2 + Math.ceil(bytes.readUInt16BE(offset) / 8);
  return { value: bytes.subarray(offset + 2, end), end };
}

/** The issuer fingerprint (subpacket 33), lower-case hex. */
function issuerOf(subpackets: Buffer): string {
  for (let offset = 0; offset < subpackets.length; offset += 1 + (subpackets[offset] ?? 0)) {
    if (subpackets[offset + 1] === 33) return subpackets.toString('hex', offset + 3, offset + 23);
  }
  throw new Error('a signature that does not name its key');
}

// RFC 9580 §4.2: both formats of a packet's header.
function readPacket(bytes: Buffer, offset: number): { body: Buffer } {
  const tag = bytes[offset] ?? 0;
  const first = bytes[offset + 1] ?? 0;
  let start = offset + 2;
  let length = first;
  if ((tag & 0x40) === 0) {
    const width = 1 << (tag & 3);
    length = bytes.readUIntBE(offset + 1, width);
    start = offset + 1 + width;
  } else if (first === 255) {
    length = bytes.readUInt32BE(offset + 2);
    start = offset + 6;
  } else if (first >= 192) {
    length = (first - 192) * 256 + (bytes[offset + 2] ?? 0) + 192;
    start = offset + 3;
  }
  return { body: bytes.subarray(start, start + length) };
}
