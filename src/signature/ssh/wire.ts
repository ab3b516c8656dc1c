// Reads and writes SSH wire fields (RFC 4251 §5) the way OpenSSH's sshbuf does.

import { limits } from '../../bytes/index.ts';
import type { ByteReader } from '../../bytes/index.ts';

// OpenSSH's SSHBUF_MAX_BIGNUM: 16384 bits.
const MPINT_BYTES = 2048;

/** A `string` as a view. */
export function readString(reader: ByteReader, what: string): Uint8Array {
  return reader.lengthPrefixed(what, limits.sshStringBytes);
}

/**
 * A `string` that OpenSSH reads as a C string: no NUL, but one at its very end is dropped (sshbuf_get_cstring).
 * Returned as a view.
 */
export function readCString(reader: ByteReader, what: string): Uint8Array {
  const bytes = readString(reader, what);
  const nul = bytes.indexOf(0);
  if (nul === -1) return bytes;
  if (nul !== bytes.length - 1) reader.fail(`${what}: holds a NUL`);
  return bytes.subarray(0, nul);
}

/** A C string of a short name (a key type, a curve) with one character for each byte. */
export function readName(reader: ByteReader, what: string): string {
  const bytes = readCString(reader, what);
  if (bytes.length > 128) reader.fail(`${what}: ${bytes.length} bytes are too many for a name`);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

/** A non-negative `mpint` without its leading zeros, of which OpenSSH takes any number (sshbuf_get_bignum2_bytes_direct). */
export function readMpint(reader: ByteReader, what: string): Uint8Array {
  const bytes = readString(reader, what);
  const first = bytes[0] ?? 0;
  if (first >= 0x80) reader.fail(`${what}: negative`);
  if (bytes.length > MPINT_BYTES + 1 || (bytes.length === MPINT_BYTES + 1 && first !== 0)) reader.fail(`${what}: more than 16384 bits`);
  let start = 0;
  while (start < bytes.length && bytes[start] === 0) start++;
  return bytes.subarray(start);
}

/** The number of bits of a magnitude without leading zeros. */
export function bitLength(magnitude: Uint8Array): number {
  const first = magnitude[0];
  return first === undefined ? 0 : (magnitude.length - 1) * 8 + (32 - Math.clz32(first));
}

/** A `uint32`. */
export function encodeU32(value: number): Uint8Array {
  return Uint8Array.of((value >>> 24) & 0xff, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff);
}

/** A `string`, of bytes or of an ASCII name. */
export function encodeString(value: Uint8Array | string): Uint8Array {
  const bytes = typeof value === 'string' ? Buffer.from(value, 'latin1') : value;
  const encoded = new Uint8Array(4 + bytes.length);
  encoded.set(encodeU32(bytes.length));
  encoded.set(bytes, 4);
  return encoded;
}

/** A magnitude without leading zeros as an `mpint`. */
export function encodeMpint(magnitude: Uint8Array): Uint8Array {
  if ((magnitude[0] ?? 0) < 0x80) return encodeString(magnitude);
  const signed = new Uint8Array(magnitude.length + 1);
  signed.set(magnitude, 1);
  return encodeString(signed);
}
