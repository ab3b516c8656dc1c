// Writes the little DER that node:crypto wants for keys and signatures which OpenPGP writes in its own way.

import { concat } from '../../bytes/index.ts';

function header(tag: number, length: number): Uint8Array {
  if (length < 0x80) return new Uint8Array([tag, length]);
  if (length < 0x100) return new Uint8Array([tag, 0x81, length]);
  return new Uint8Array([tag, 0x82, length >> 8, length]);
}

/** Any DER value shorter than 64 KiB. */
export function encodeDer(tag: number, ...content: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of content) length += part.length;
  return concat(header(tag, length), ...content);
}

const ZERO = new Uint8Array([0]);

/** A non-negative INTEGER; `digits` big-endian without leading zeros. */
export function encodeInteger(digits: Uint8Array): Uint8Array {
  if (digits.length === 0) return encodeDer(0x02, ZERO);
  return (digits[0] ?? 0) > 0x7f ? encodeDer(0x02, ZERO, digits) : encodeDer(0x02, digits);
}

export function encodeSequence(...content: readonly Uint8Array[]): Uint8Array {
  return encodeDer(0x30, ...content);
}

export function encodeBitString(content: Uint8Array): Uint8Array {
  return encodeDer(0x03, ZERO, content);
}
