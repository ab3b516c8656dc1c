// Reads a revocation file, binary or a list of keys, and tells whether it revokes a key.

import { MalformedError } from '../../errors.ts';
import { limits } from '../../bytes/index.ts';
import { parseKeyAt, skipBlanks } from './key-line.ts';
import { isKrl, parseKrl } from './krl.ts';
import type { RevokedCertificates, RevokedSet } from './krl.ts';
import { makeKeyObject } from './key-object.ts';
import { fingerprintOf } from './public-key.ts';
import { byteStringOf, byteStringOfText } from './text.ts';
import type { SshCertificateFacts, SshFacts, SshKeyId } from './types.ts';

/** A parsed revocation file. */
export interface SshRevocations {
  readonly path: string;
  readonly revoked: RevokedSet;
}

const CODE = 'SSH_REVOCATIONS_MALFORMED';

/** The fingerprint of the key on one line; null where there is none to compare. Throws MalformedError. */
function parseLine(line: string): string | null {
  const start = skipBlanks(line, 0);
  const first = line[start];
  if (first === undefined || first === '#' || first === '\n') return null;
  try {
    const { plain } = parseKeyAt(line, start);
    // OpenSSH does not read on after a point off its curve.
    if (plain.material.kind === 'ecdsa' || plain.material.kind === 'sk-ecdsa') makeKeyObject(plain.material);
    return fingerprintOf(plain.blob);
  } catch (error) {
    if (error instanceof MalformedError && error.code === 'SSH_KEY_TOO_SHORT') return null;
    throw error;
  }
}

function parseKeyList(bytes: Uint8Array, path: string): RevokedSet {
  const sha256 = new Set<string>();
  let number = 0;
  for (let start = 0; start < bytes.length;) {
    number++;
    const lf = bytes.indexOf(0x0a, start);
    const end = lf === -1 ? bytes.length : lf + 1;
    const whole = byteStringOf(bytes.subarray(start, Math.min(end, start + limits.trustLineBytes)));
    const nul = whole.indexOf('\0');
    try {
      const fingerprint = parseLine(nul === -1 ? whole : whole.slice(0, nul));
      if (fingerprint !== null) sha256.add(fingerprint);
    } catch (error) {
      if (!(error instanceof MalformedError)) throw error;
      throw new MalformedError(CODE, `${path}:${number}: ${error.message}: one public key a line is wanted`, number);
    }
    start = end;
  }
  return { sha256, sha1: new Set(), certificates: new Map() };
}

/**
 * Parses a revocation file: OpenSSH's binary list (`ssh-keygen -k`) or a list of public keys, one a line. `path` is for messages only.
 * Throws MalformedError `SSH_REVOCATIONS_MALFORMED` with the offset (binary) or line: git then takes no signature for good, and neither may we.
 */
export function parseRevocations(bytes: Uint8Array, options: { readonly path: string }): SshRevocations {
  const { path } = options;
  if (bytes.length > limits.trustFileBytes) throw new MalformedError(CODE, `${path}: more than ${limits.trustFileBytes} bytes`);
  if (!isKrl(bytes)) return { path, revoked: parseKeyList(bytes, path) };
  try {
    return { path, revoked: parseKrl(bytes) };
  } catch (error) {
    if (!(error instanceof MalformedError)) throw error;
    throw new MalformedError(CODE, `${path}: ${error.message}`, error.offset);
  }
}

function isKeyRevoked(revoked: RevokedSet, key: SshKeyId): boolean {
  return revoked.sha256.has(key.sha256) || revoked.sha1.has(key.sha1);
}

function isCertificateRevoked(list: RevokedCertificates | undefined, certificate: SshCertificateFacts): boolean {
  if (list === undefined) return false;
  return list.keyIds.has(byteStringOfText(certificate.keyId)) || list.serials.has(BigInt(certificate.serial));
}

/** Whether any of the files revokes the key, its certificate or its certificate's CA (ssh_krl_check_key, sshkey_check_revoked). */
export function isRevoked(revocations: readonly SshRevocations[], facts: Pick<SshFacts, 'key' | 'certificate'>): boolean {
  const { key, certificate } = facts;
  return revocations.some(({ revoked }) => {
    if (key !== undefined && isKeyRevoked(revoked, key)) return true;
    if (certificate === undefined) return false;
    if (isKeyRevoked(revoked, certificate.ca)) return true;
    const { certificates } = revoked;
    return (
      isCertificateRevoked(certificates.get(certificate.ca.sha256), certificate) || isCertificateRevoked(certificates.get(''), certificate)
    );
  });
}
