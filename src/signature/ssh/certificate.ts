// Parses an OpenSSH certificate (PROTOCOL.certkeys) and checks its CA's signature at once, as OpenSSH does.

import { MalformedError } from '../../errors.ts';
import { ByteReader, limits } from '../../bytes/index.ts';
import { findBlobKeyType } from './key-types.ts';
import { loadVerifier } from './load-key.ts';
import { fingerprintOf, parsePublicKeyFields } from './public-key.ts';
import type { SshPublicKey } from './public-key.ts';
import { textOf } from './text.ts';
import type { SshCertificateFacts } from './types.ts';
import { checkSignatureBlob } from './verify-signature.ts';
import type { SignatureOutcome } from './verify-signature.ts';
import { readCString, readName, readString } from './wire.ts';

const CODE = 'SSH_CERTIFICATE_MALFORMED';
// OpenSSH sets no bound of its own; it knows seven options in all.
const MAXIMUM_OPTIONS = 1024;

export interface CheckedCertificate {
  readonly facts: SshCertificateFacts;
  /** What the CA's signature is worth; a `bad` one makes OpenSSH refuse the whole key. */
  readonly caResult: SignatureOutcome['result'];
}

function readList(bytes: Uint8Array, what: string, maximum: number): string[] {
  const reader = new ByteReader(bytes, CODE);
  const names: string[] = [];
  while (reader.remaining > 0) {
    if (names.length >= maximum) reader.fail(`${what}: more than ${maximum}`);
    names.push(textOf(readCString(reader, what)));
  }
  return names;
}

function readOptions(bytes: Uint8Array, what: string): string[] {
  const reader = new ByteReader(bytes, CODE);
  const names: string[] = [];
  while (reader.remaining > 0) {
    if (names.length >= MAXIMUM_OPTIONS) reader.fail(`${what}: more than ${MAXIMUM_OPTIONS}`);
    names.push(textOf(readString(reader, `${what} name`)));
    readString(reader, `${what} value`);
  }
  return names;
}

function parseCaKey(blob: Uint8Array): SshPublicKey {
  const reader = new ByteReader(blob, CODE);
  const type = findBlobKeyType(readName(reader, 'CA key type'));
  if (type === undefined || type.isCertificate) return reader.fail('CA key: neither a known nor a plain key');
  const key = parsePublicKeyFields(reader, type);
  reader.expectEnd();
  return key;
}

/**
 * Reads what follows the subject's key in a certificate, up to its end, and checks the CA's signature over all before it.
 * `reader` stands behind the subject's key; its bytes are the whole certificate.
 * Throws MalformedError: `SSH_CERTIFICATE_MALFORMED`, or what loading the CA's key throws.
 */
export function parseCertificateBody(reader: ByteReader): CheckedCertificate {
  const serial = reader.u64('serial');
  const kind = reader.u32('certificate type');
  const keyId = textOf(readCString(reader, 'key id'));
  const principals = readString(reader, 'principals');
  const validAfter = reader.u64('valid after');
  const validBefore = reader.u64('valid before');
  const criticalOptions = readString(reader, 'critical options');
  const extensions = readString(reader, 'extensions');
  readString(reader, 'reserved');
  const caBlob = readString(reader, 'CA key');
  const signed = reader.bytes.subarray(0, reader.offset);
  const signature = readString(reader, 'CA signature');
  reader.expectEnd();
  if (kind !== 1 && kind !== 2) throw new MalformedError(CODE, `certificate type: ${kind} is neither user nor host`);
  const ca = loadVerifier(parseCaKey(caBlob));
  const outcome = checkSignatureBlob(ca, signature, signed, true);
  return {
    caResult: outcome.result,
    facts: {
      kind,
      serial: serial.toString(),
      keyId,
      principals: readList(principals, 'principals', limits.sshPrincipals),
      validAfter: validAfter.toString(),
      validBefore: validBefore.toString(),
      criticalOptions: readOptions(criticalOptions, 'critical option'),
      extensions: readOptions(extensions, 'extension'),
      ca: ca.id,
      caAlgorithm: outcome.algorithm,
      blobSha256: fingerprintOf(reader.bytes),
    },
  };
}
