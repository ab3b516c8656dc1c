// Resolves a key blob, plain or certificate, to a key to verify under, and remembers the answer: a history has few keys.

import { MalformedError } from '../../errors.ts';
import { ByteReader } from '../../bytes/index.ts';
import { parseCertificateBody } from './certificate.ts';
import type { CheckedCertificate } from './certificate.ts';
import { findBlobKeyType } from './key-types.ts';
import type { SshKeyType } from './key-types.ts';
import { loadVerifier } from './load-key.ts';
import type { SshVerifier } from './load-key.ts';
import { parsePublicKeyFields } from './public-key.ts';
import type { SshPublicKey } from './public-key.ts';
import type { SshReason } from './types.ts';
import { readName, readString } from './wire.ts';

/** A key blob taken apart: the plain key, and the certificate around it where there is one. */
export interface SshKeyBlob {
  readonly plain: SshPublicKey;
  readonly certificate?: CheckedCertificate;
}

export type ResolvedKey =
  | { readonly ok: true; readonly verifier: SshVerifier; readonly certificate?: CheckedCertificate }
  | { readonly ok: false; readonly status: 'malformed' | 'unsupported'; readonly reason: SshReason };

/** Parses a key blob whose type name is already read: `reader` stands behind it. Throws MalformedError. */
export function parseKeyFields(reader: ByteReader, type: SshKeyType): SshKeyBlob {
  if (type.isCertificate) readString(reader, 'nonce');
  const plain = parsePublicKeyFields(reader, type);
  if (type.isCertificate) return { plain, certificate: parseCertificateBody(reader) };
  reader.expectEnd();
  return { plain };
}

// The codes that parsing and loading keys throw, and what they mean for the signature.
function judgeFailure(error: unknown): ResolvedKey {
  if (!(error instanceof MalformedError)) throw error;
  if (error.code === 'SSH_KEY_UNSUPPORTED') return { ok: false, status: 'unsupported', reason: 'SSH_KEY_UNSUPPORTED' };
  if (error.code === 'SSH_KEY_TOO_SHORT') return { ok: false, status: 'unsupported', reason: 'SSH_KEY_TOO_SHORT' };
  if (error.code === 'SSH_CERTIFICATE_MALFORMED') return { ok: false, status: 'malformed', reason: 'SSH_CERTIFICATE_MALFORMED' };
  return { ok: false, status: 'malformed', reason: 'SSH_SIGNATURE_MALFORMED' };
}

function resolveAnew(blob: Uint8Array): ResolvedKey {
  try {
    const naming = new ByteReader(blob, 'SSH_SIGNATURE_MALFORMED');
    const type = findBlobKeyType(readName(naming, 'key type'));
    if (type === undefined) return { ok: false, status: 'unsupported', reason: 'SSH_KEY_UNSUPPORTED' };
    const reader = new ByteReader(blob, type.isCertificate ? 'SSH_CERTIFICATE_MALFORMED' : 'SSH_SIGNATURE_MALFORMED');
    readName(reader, 'key type');
    const { plain, certificate } = parseKeyFields(reader, type);
    const verifier = loadVerifier(plain);
    return certificate === undefined ? { ok: true, verifier } : { ok: true, verifier, certificate };
  } catch (error) {
    return judgeFailure(error);
  }
}

// Bounds: hostile histories may bring a new key with every commit. Larger blobs (certificates with many principals) are parsed each time.
const CACHED_KEYS = 4096;
const CACHED_BLOB_BYTES = 4096;
const cache = new Map<string, ResolvedKey>();

/** The key that a blob holds, with its certificate's CA signature checked. Never throws; asked again for the same blob it answers from memory. */
export function resolveKey(blob: Uint8Array): ResolvedKey {
  if (blob.length > CACHED_BLOB_BYTES) return resolveAnew(blob);
  const name = Buffer.from(blob.buffer, blob.byteOffset, blob.byteLength).toString('latin1');
  const known = cache.get(name);
  if (known !== undefined) return known;
  const resolved = resolveAnew(blob);
  // A Map iterates in the order of insertion: the oldest entry goes.
  if (cache.size >= CACHED_KEYS)
    for (const oldest of cache.keys()) {
      cache.delete(oldest);
      break;
    }
  cache.set(name, resolved);
  return resolved;
}
