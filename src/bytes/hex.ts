// Lower-case hexadecimal, strict both ways.

import { MalformedError } from '../errors.ts';

/** Bytes as lower-case hex. */
export function encodeHex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}

/** Hex of either case as bytes. Throws MalformedError `HEX_MALFORMED` on anything else. */
export function parseHex(text: string): Uint8Array {
  if (text.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(text)) {
    throw new MalformedError('HEX_MALFORMED', 'not an even number of hex digits');
  }
  return new Uint8Array(Buffer.from(text, 'hex'));
}
