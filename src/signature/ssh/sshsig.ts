// Parses an SSHSIG blob (PROTOCOL.sshsig §2).

import { MalformedError } from '../../errors.ts';
import { ByteReader } from '../../bytes/index.ts';
import { parseSshArmor } from './armor.ts';
import { readCString, readString } from './wire.ts';

const CODE = 'SSH_SIGNATURE_MALFORMED';
const MAGIC = Buffer.from('SSHSIG');

/** The fields of one SSHSIG; all are views of the blob. */
export interface Sshsig {
  /** 0 or 1: OpenSSH refuses only what is above 1. */
  readonly version: number;
  readonly publicKey: Uint8Array;
  readonly namespace: Uint8Array;
  /** Ignored by OpenSSH, whatever it holds: what is signed has an empty string in its place. */
  readonly reserved: Uint8Array;
  readonly hash: 'sha256' | 'sha512';
  /** `string algorithm, string signature, …` */
  readonly signature: Uint8Array;
}

function parseHash(name: Uint8Array): Sshsig['hash'] {
  const text = Buffer.from(name.buffer, name.byteOffset, name.byteLength).toString('latin1', 0, 16);
  if (text !== 'sha256' && text !== 'sha512') throw new MalformedError(CODE, 'hash: neither sha256 nor sha512');
  return text;
}

/** Parses a blob without its armor. Throws MalformedError `SSH_SIGNATURE_MALFORMED`. */
export function parseSshsigBlob(blob: Uint8Array): Sshsig {
  const reader = new ByteReader(blob, CODE);
  if (MAGIC.compare(reader.take(MAGIC.length, 'magic')) !== 0) reader.fail('magic: not SSHSIG');
  const version = reader.u32('version');
  if (version > 1) reader.fail(`version: ${version} is not known`);
  const publicKey = readString(reader, 'public key');
  const namespace = readCString(reader, 'namespace');
  const reserved = readString(reader, 'reserved');
  const hash = parseHash(readCString(reader, 'hash'));
  const signature = readString(reader, 'signature');
  reader.expectEnd();
  return { version, publicKey, namespace, reserved, hash, signature };
}

/** Parses an armored signature as strictly as OpenSSH 9.2. Throws MalformedError `SSH_SIGNATURE_MALFORMED`. */
export function parseSshsig(armor: Uint8Array): Sshsig {
  const { blob, hasCrLf } = parseSshArmor(armor);
  if (hasCrLf) throw new MalformedError(CODE, 'signature: the BEGIN line ends in CR LF', 0);
  return parseSshsigBlob(blob);
}
