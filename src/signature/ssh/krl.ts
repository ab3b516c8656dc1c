// Parses OpenSSH's binary key revocation list (PROTOCOL.krl), refusing whatever OpenSSH 9.2 would not act upon.

import { MalformedError } from '../../errors.ts';
import { ByteReader, encodeHex } from '../../bytes/index.ts';
import { findBlobKeyType } from './key-types.ts';
import { fingerprintOf } from './public-key.ts';
import { parseKeyFields } from './resolve-key.ts';
import { SerialSet } from './serial-set.ts';
import { byteStringOf } from './text.ts';
import { readCString, readMpint, readName, readString } from './wire.ts';

/** What is revoked of the certificates of one CA. */
export interface RevokedCertificates {
  readonly serials: SerialSet;
  /** As byte strings. */
  readonly keyIds: Set<string>;
}

/** Everything that one file revokes. */
export interface RevokedSet {
  /** `SHA256:` fingerprints of plain keys. */
  readonly sha256: Set<string>;
  /** Lower-case hex. */
  readonly sha1: Set<string>;
  /** By the CA's `SHA256:` fingerprint; under the empty string, those of any CA. */
  readonly certificates: Map<string, RevokedCertificates>;
}

const CODE = 'SSH_REVOCATIONS_MALFORMED';
const MAGIC = Buffer.from('SSHKRL\n\0', 'latin1');

/** Whether the bytes are a binary list: OpenSSH reads anything else as a list of lines. */
export function isKrl(bytes: Uint8Array): boolean {
  return bytes.length >= MAGIC.length && MAGIC.compare(bytes, 0, MAGIC.length) === 0;
}

function nameOfCa(blob: Uint8Array): string {
  if (blob.length === 0) return '';
  const reader = new ByteReader(blob, CODE);
  const type = findBlobKeyType(readName(reader, 'CA key type'));
  if (type === undefined) return reader.fail('CA key: of no known type');
  const key = parseKeyFields(reader, type);
  // A certificate in this place is never equal to a CA's plain key.
  return key.certificate === undefined ? fingerprintOf(key.plain.blob) : `cert ${key.certificate.facts.blobSha256}`;
}

function readCertificateSubsection(type: number, body: Uint8Array, revoked: RevokedCertificates): void {
  const reader = new ByteReader(body, CODE);
  switch (type) {
    case 0x20:
      while (reader.remaining > 0) revoked.serials.add(reader.u64('serial'));
      break;
    case 0x21:
      revoked.serials.addRange(reader.u64('first serial'), reader.u64('last serial'));
      break;
    case 0x22:
      revoked.serials.addBitmap(reader.u64('offset of serials'), readMpint(reader, 'bitmap of serials'));
      break;
    case 0x23:
      while (reader.remaining > 0) revoked.keyIds.add(byteStringOf(readCString(reader, 'key id')));
      break;
    default:
      reader.fail(`certificate section 0x${type.toString(16)}: not supported`);
  }
  reader.expectEnd();
}

function readCertificates(body: Uint8Array, revoked: RevokedSet): void {
  const reader = new ByteReader(body, CODE);
  const ca = nameOfCa(readString(reader, 'CA key'));
  readString(reader, 'reserved');
  const known = revoked.certificates.get(ca) ?? { serials: new SerialSet(), keyIds: new Set<string>() };
  revoked.certificates.set(ca, known);
  while (reader.remaining > 0) readCertificateSubsection(reader.u8('section type'), readString(reader, 'section'), known);
}

function readBlobs(body: Uint8Array, size: number, add: (blob: Uint8Array) => void): void {
  const reader = new ByteReader(body, CODE);
  while (reader.remaining > 0) {
    const blob = readString(reader, 'revoked key');
    if (size !== 0 && blob.length !== size) reader.fail(`fingerprint: ${blob.length} bytes instead of ${size}`);
    add(blob);
  }
}

function readSection(type: number, body: Uint8Array, revoked: RevokedSet): void {
  switch (type) {
    case 1:
      return readCertificates(body, revoked);
    case 2:
      // A blob is compared with the plain key's canonical encoding, so its digest serves as well.
      return readBlobs(body, 0, (blob) => revoked.sha256.add(fingerprintOf(blob)));
    case 3:
      return readBlobs(body, 20, (digest) => revoked.sha1.add(encodeHex(digest)));
    case 5:
      return readBlobs(body, 32, (digest) => revoked.sha256.add(`SHA256:${Buffer.from(digest).toString('base64').replace(/=+$/, '')}`));
    default:
      // 4: signatures, which OpenSSH 9.4 dropped; 255: extensions, which 9.2 refuses.
      throw new MalformedError(CODE, `section ${type}: not supported`);
  }
}

/** Parses the list. Throws MalformedError, `SSH_REVOCATIONS_MALFORMED` or what a broken CA key throws; OpenSSH then accepts no signature at all. */
export function parseKrl(bytes: Uint8Array): RevokedSet {
  const reader = new ByteReader(bytes, CODE);
  reader.take(MAGIC.length, 'magic');
  const format = reader.u32('format version');
  if (format !== 1) reader.fail(`format version ${format}: not supported`);
  reader.u64('version');
  reader.u64('date');
  reader.u64('flags');
  readString(reader, 'reserved');
  readCString(reader, 'comment');
  const revoked: RevokedSet = { sha256: new Set(), sha1: new Set(), certificates: new Map() };
  while (reader.remaining > 0) {
    const type = reader.u8('section type');
    readSection(type, reader.lengthPrefixed('section', bytes.length), revoked);
  }
  return revoked;
}
