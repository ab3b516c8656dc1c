// Reads `keytype base64` at a place of a line, as OpenSSH's sshkey_read does.

import { MalformedError } from '../../errors.ts';
import { ByteReader } from '../../bytes/index.ts';
import { decodeOpensshBase64 } from './base64.ts';
import { findBlobKeyType, findLineKeyType } from './key-types.ts';
import type { SshKeyType } from './key-types.ts';
import { parseKeyFields } from './resolve-key.ts';
import type { SshKeyBlob } from './resolve-key.ts';
import { readName } from './wire.ts';

const CODE = 'SSH_KEY_LINE_MALFORMED';

/** Index of the first space or tab from `start`, or the line's length. */
export function findBlank(line: string, start: number): number {
  let at = start;
  while (at < line.length && line[at] !== ' ' && line[at] !== '\t') at++;
  return at;
}

/** Index of the first character from `start` that is neither space nor tab. */
export function skipBlanks(line: string, start: number): number {
  let at = start;
  while (line[at] === ' ' || line[at] === '\t') at++;
  return at;
}

/** Whether a key type that OpenSSH knows stands at `start` of the line. */
export function isKeyType(line: string, start: number): boolean {
  return findLineKeyType(line.slice(start, findBlank(line, start))) !== undefined;
}

function isSameType(a: SshKeyType, b: SshKeyType): boolean {
  return a.kind === b.kind && a.isCertificate === b.isCertificate && a.curve === b.curve;
}

/**
 * The key at `start` of a line given as a byte string. An elliptic point is not yet held against its curve.
 * Throws MalformedError: `SSH_KEY_TOO_SHORT` for RSA below 1024 bits, another code for what is no key.
 */
export function parseKeyAt(line: string, start: number): SshKeyBlob {
  const typeEnd = findBlank(line, start);
  const type = findLineKeyType(line.slice(start, typeEnd));
  if (type === undefined || typeEnd === line.length) throw new MalformedError(CODE, 'no key type');
  const keyStart = skipBlanks(line, typeEnd);
  const token = Buffer.from(line.slice(keyStart, findBlank(line, keyStart)), 'latin1');
  const blob = decodeOpensshBase64(token, 0, token.length);
  if (blob === null) throw new MalformedError(CODE, 'the key is not base64');
  const reader = new ByteReader(blob, CODE);
  const blobType = findBlobKeyType(readName(reader, 'key type'));
  if (blobType === undefined || !isSameType(type, blobType))
    throw new MalformedError(CODE, 'the key is of another type than the line says');
  const key = parseKeyFields(reader, blobType);
  if (key.certificate?.caResult === 'bad') throw new MalformedError(CODE, "the certificate's CA signature does not verify");
  return key;
}
