// Decodes base64 as OpenSSH's b64_pton does: white space anywhere, padding required, trailing bits zero. One pass, no strings.

import { allocateUncleared } from '../../bytes/index.ts';

const WHITE = 64;
const FOREIGN = 65;
const EQUALS = 0x3d;

const VALUES = new Uint8Array(256).fill(FOREIGN);
for (const [value, byte] of Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/').entries()) VALUES[byte] = value;
for (const byte of [0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x20]) VALUES[byte] = WHITE;

function isWhiteUpTo(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (VALUES[bytes[i] ?? 0] !== WHITE) return false;
  return true;
}

/** Whether [start, end) completes the padding after `digits` (2 or 3) digits of the last group. */
function isPadding(bytes: Uint8Array, start: number, end: number, digits: number): boolean {
  if (digits === 3) return isWhiteUpTo(bytes, start + 1, end);
  if (digits !== 2) return false;
  let second = start + 1;
  while (second < end && VALUES[bytes[second] ?? 0] === WHITE) second++;
  return second < end && bytes[second] === EQUALS && isWhiteUpTo(bytes, second + 1, end);
}

/**
 * Decodes groups of four digits for as long as nothing stands between them, which most of every signature is. Tells how many groups.
 */
function decodeGroups(bytes: Uint8Array, start: number, end: number, decoded: Uint8Array, offset: number): number {
  let to = offset;
  let i = start;
  for (; i + 4 <= end; i += 4) {
    const a = VALUES[bytes[i] ?? 0] ?? FOREIGN;
    const b = VALUES[bytes[i + 1] ?? 0] ?? FOREIGN;
    const c = VALUES[bytes[i + 2] ?? 0] ?? FOREIGN;
    const d = VALUES[bytes[i + 3] ?? 0] ?? FOREIGN;
    if ((a | b | c | d) >= WHITE) break;
    decoded[to++] = (a << 2) | (b >> 4);
    decoded[to++] = ((b & 0x0f) << 4) | (c >> 2);
    decoded[to++] = ((c & 0x03) << 6) | d;
  }
  return (i - start) >> 2;
}

/** The bytes that [start, end) of `bytes` encodes, or null where OpenSSH finds no base64. */
export function decodeOpensshBase64(bytes: Uint8Array, start: number, end: number): Uint8Array | null {
  const decoded = allocateUncleared(((end - start) * 3) >> 2);
  let length = 0;
  let group = 0;
  let digits = 0;
  for (let i = start; i < end; i++) {
    if (digits === 0) {
      const groups = decodeGroups(bytes, i, end, decoded, length);
      length += 3 * groups;
      i += 4 * groups;
      if (i === end) break;
    }
    const byte = bytes[i] ?? 0;
    const value = VALUES[byte] ?? FOREIGN;
    if (value < WHITE) {
      group = (group << 6) | value;
      if (++digits === 4) {
        decoded[length] = group >> 16;
        decoded[length + 1] = (group >> 8) & 0xff;
        decoded[length + 2] = group & 0xff;
        length += 3;
        group = 0;
        digits = 0;
      }
    } else if (value === FOREIGN) {
      if (byte !== EQUALS || !isPadding(bytes, i, end, digits)) return null;
      // The last group holds 12 or 18 bits, of which 8 or 16 count and the others must be zero.
      if ((group & (digits === 2 ? 0x0f : 0x03)) !== 0) return null;
      decoded[length++] = digits === 2 ? group >> 4 : group >> 10;
      if (digits === 3) decoded[length++] = (group >> 2) & 0xff;
      return decoded.subarray(0, length);
    }
  }
  return digits === 0 ? decoded.subarray(0, length) : null;
}
