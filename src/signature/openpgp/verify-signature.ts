// Verifies one signature over bytes with one key: the only place where OpenPGP signatures meet node:crypto.

import { hash as digest, verify } from 'node:crypto';

import { concat } from '../../bytes/index.ts';
import { HASHES } from './algorithms.ts';
import { encodeInteger, encodeSequence } from './der.ts';
import type { PreparedKey } from './public-key.ts';
import type { SignaturePacket } from './signature-packet.ts';

/** Big-endian digits, filled up with zeros in front; null when there are too many. */
function padStart(digits: Uint8Array, length: number): Uint8Array | null {
  if (digits.length === length) return digits;
  if (digits.length > length) return null;
  const padded = new Uint8Array(length);
  padded.set(digits, length - digits.length);
  return padded;
}

function encodeForNode(signature: SignaturePacket, key: PreparedKey): Uint8Array | null {
  const [first, second] = signature.numbers;
  if (first === undefined) return null;
  if (key.algorithm === 1 || key.algorithm === 3) return padStart(first, key.size);
  if (key.algorithm === 27 || key.algorithm === 28) return first;
  if (second === undefined) return null;
  if (key.algorithm !== 22) return encodeSequence(encodeInteger(first), encodeInteger(second));
  const r = padStart(first, 32);
  const s = padStart(second, 32);
  return r === null || s === null ? null : concat(r, s);
}

/**
 * Whether the signature holds over `data` (framed as the signature's type wants it, text already canonical).
 * `unsupported`: hash unknown here, or shorter than the group of a DSA or ECDSA key (gpg refuses those, pkglue.c and seskey.c).
 */
export function verifySignature(signature: SignaturePacket, key: PreparedKey, data: Uint8Array): 'good' | 'bad' | 'unsupported' {
  const algorithm = HASHES[signature.hash];
  if (algorithm === undefined) return 'unsupported';
  if (key.algorithm !== signature.algorithm) return 'bad';
  const isGroup = key.algorithm === 17 || key.algorithm === 19;
  if (isGroup && algorithm.bits >> 3 < Math.min(key.size, 512) >> 3) return 'unsupported';
  const encoded = encodeForNode(signature, key);
  if (encoded === null) return 'bad';
  const input = concat(signature.prefix, data, signature.suffix);
  try {
    const isEdwards = key.algorithm === 22 || key.algorithm === 27 || key.algorithm === 28;
    const good = isEdwards
      ? verify(null, digest(algorithm.name, input, 'buffer'), key.keyObject, encoded)
      : verify(algorithm.name, input, key.keyObject, encoded);
    return good ? 'good' : 'bad';
  } catch {
    // OpenSSL builds may lack RIPEMD-160, SHA-1 signatures or a curve.
    return 'unsupported';
  }
}
