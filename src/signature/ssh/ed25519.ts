// Tells canonical Ed25519 signatures (S below the group order) from those that only lax implementations take.

import { encodeHex } from '../../bytes/index.ts';

// RFC 8032 §5.1: the order of the base point, L = 2^252 + 27742317777372353535851937790883648493, little-endian in signatures.
const L = 2n ** 252n + 27742317777372353535851937790883648493n;
const L_BYTES = Buffer.from(L.toString(16).padStart(64, '0'), 'hex').toReversed();

/** Whether S, the second half of the 64 bytes, is below L (RFC 8032 §5.1.7 step 1; OpenSSL and OpenSSH 10.3 ask for it). */
export function isCanonicalEd25519(signature: Uint8Array): boolean {
  for (let i = 31; i >= 0; i--) {
    const digit = signature[32 + i] ?? 0;
    const bound = L_BYTES[i] ?? 0;
    if (digit !== bound) return digit < bound;
  }
  return false;
}

/**
 * The signature with S reduced modulo L, or null where OpenSSH 9.2 refuses it too: it asks only that the top three bits of S be clear.
 * The reduced signature verifies exactly where 9.2 takes the given one.
 */
export function reduceEd25519(signature: Uint8Array): Uint8Array | null {
  if (((signature[63] ?? 0xff) & 0xe0) !== 0) return null;
  const s = BigInt(`0x${encodeHex(signature.slice(32).toReversed())}`);
  const reduced = Buffer.from((s % L).toString(16).padStart(64, '0'), 'hex').toReversed();
  return Buffer.concat([signature.subarray(0, 32), reduced]);
}
