// The FORMATS table: how each signature format begins, as git's gpg-interface.c tells them apart.

import type { SignatureFormat } from './types.ts';

/** A row for each format; a signature belongs to the first whose prefix it starts with, case and all. */
export const FORMATS: readonly { readonly format: SignatureFormat; readonly prefixes: readonly string[] }[] = [
  { format: 'openpgp', prefixes: ['-----BEGIN PGP SIGNATURE-----', '-----BEGIN PGP MESSAGE-----'] },
  { format: 'x509', prefixes: ['-----BEGIN SIGNED MESSAGE-----'] },
  { format: 'ssh', prefixes: ['-----BEGIN SSH SIGNATURE-----'] },
];

const encoder = new TextEncoder();
const ROWS = FORMATS.flatMap(({ format, prefixes }) => prefixes.map((prefix) => ({ format, prefix: encoder.encode(prefix) })));

/** Whether `bytes` hold `prefix` at `offset`. */
export function startsAt(bytes: Uint8Array, offset: number, prefix: Uint8Array): boolean {
  if (offset + prefix.length > bytes.length) return false;
  for (let i = 0; i < prefix.length; i++) if (bytes[offset + i] !== prefix[i]) return false;
  return true;
}

/** The format whose armor begins at `offset`, or null: git dies on such a signature in a commit and sees none in a tag. */
export function detectFormat(bytes: Uint8Array, offset = 0): SignatureFormat | null {
  for (const { format, prefix } of ROWS) if (startsAt(bytes, offset, prefix)) return format;
  return null;
}
