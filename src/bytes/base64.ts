// Base64 as RFC 4648 §4 defines it, canonical: padded, no foreign characters, trailing bits zero.

import { MalformedError } from '../errors.ts';

const WHITE_SPACE = /[\t\n\v\f\r ]+/g;

/** Bytes as padded base64. */
export function encodeBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

/**
 * Canonical base64 as bytes. With `allowWhiteSpace`, ASCII white space may stand anywhere (OpenSSH's and OpenPGP's armors).
 * Throws MalformedError `BASE64_MALFORMED`: node's own decoder skips what it does not know, so its answer is held against a re-encoding.
 */
export function parseBase64(text: string, options?: { readonly allowWhiteSpace?: boolean }): Uint8Array {
  const dense = options?.allowWhiteSpace === true ? text.replace(WHITE_SPACE, '') : text;
  const bytes = Buffer.from(dense, 'base64');
  if (bytes.toString('base64') !== dense) throw new MalformedError('BASE64_MALFORMED', 'not canonical base64');
  return bytes;
}
