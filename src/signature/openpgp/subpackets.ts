// Reads the subpackets of a signature (RFC 9580 §5.2.3.7) into what is known of it.

import { ByteReader, encodeHex, limits } from '../../bytes/index.ts';
import { malformed } from './malformed.ts';

/** What the subpackets say; the first of several wins, as with gpg. */
export interface Subpackets {
  /** Seconds since 1970; hashed only. */
  createdAt?: number;
  /** Seconds after creation, 0 is never; hashed only. */
  expiresAfter?: number;
  /** Seconds after the key's creation, 0 is never; hashed only. */
  keyExpiresAfter?: number;
  /** The first byte of the key flags, 0 when the subpacket is empty; hashed only. */
  keyFlags?: number;
  isPrimaryUserId?: boolean;
  signersUserId?: string;
  revocation?: { readonly reason: number; readonly text: string };
  /** Hashed, else unhashed. */
  issuerKeyId?: string;
  /** Hashed only: gpg does not look for it elsewhere. */
  issuerFingerprint?: string;
  /** Fingerprints of keys that may revoke (RFC 9580 §5.2.3.23); hashed only. */
  revokers?: string[];
  /** Bodies of embedded signatures, hashed and unhashed. */
  embedded?: Uint8Array[];
  /** A critical subpacket or notation that gpg 2.2 does not know. */
  hasCriticalUnknown: boolean;
}

// What gpg 2.2.40 takes as known when critical (parse-packet.c, can_handle_critical); measured for all numbers below 60. No notation is known.
const KNOWN_CRITICAL: ReadonlySet<number> = new Set([2, 3, 4, 5, 6, 7, 9, 11, 12, 16, 21, 22, 24, 25, 26, 27, 29, 30, 32, 33]);

function readLength(reader: ByteReader): number {
  const first = reader.u8('subpacket length');
  if (first < 192) return first;
  if (first < 255) return ((first - 192) << 8) + reader.u8('subpacket length') + 192;
  return reader.u32('subpacket length');
}

function readU32(data: Uint8Array): number {
  if (data.length < 4) malformed('subpacket too short');
  return new DataView(data.buffer, data.byteOffset, 4).getUint32(0);
}

function text(data: Uint8Array): string {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('utf8');
}

function takeHashed(into: Subpackets, type: number, data: Uint8Array): void {
  if (type === 2) into.createdAt ??= readU32(data);
  else if (type === 3) into.expiresAfter ??= readU32(data);
  else if (type === 9) into.keyExpiresAfter ??= readU32(data);
  else if (type === 12) {
    // Class octet (0x80 set), algorithm, fingerprint.
    if (data.length >= 22 && ((data[0] ?? 0) & 0x80) !== 0) (into.revokers ??= []).push(encodeHex(data.subarray(2)));
  } else if (type === 25) into.isPrimaryUserId ??= data[0] !== undefined && data[0] !== 0;
  else if (type === 27) into.keyFlags ??= data[0] ?? 0;
  else if (type === 28) into.signersUserId ??= text(data);
  else if (type === 29 && data.length > 0) into.revocation ??= { reason: data[0] ?? 0, text: text(data.subarray(1)) };
  else if (type === 33) {
    const version = data[0] ?? 0;
    if ((version === 4 && data.length === 21) || (version === 6 && data.length === 33))
      into.issuerFingerprint ??= encodeHex(data.subarray(1));
  }
}

function takeEither(into: Subpackets, type: number, data: Uint8Array): void {
  if (type === 16) {
    if (data.length < 8) malformed('issuer key id too short');
    into.issuerKeyId ??= encodeHex(data.subarray(0, 8));
  } else if (type === 32) (into.embedded ??= []).push(data);
}

/**
 * Reads one area into `into`. Throws MalformedError `OPENPGP_SIGNATURE_MALFORMED` when a subpacket runs over the area's end
 * or there are more than limits allow.
 */
export function readSubpackets(area: Uint8Array, isHashed: boolean, into: Subpackets): void {
  const reader = new ByteReader(area, 'OPENPGP_SIGNATURE_MALFORMED');
  for (let count = 0; reader.remaining > 0; count++) {
    if (count === limits.openpgpSubpackets) malformed('too many subpackets');
    const length = readLength(reader);
    if (length === 0) malformed('empty subpacket');
    const head = reader.u8('subpacket type');
    const data = reader.take(length - 1, 'subpacket');
    const type = head & 0x7f;
    // gpg answers BADSIG for an unknown critical subpacket in either area.
    if (head > 0x7f && !KNOWN_CRITICAL.has(type)) into.hasCriticalUnknown = true;
    if (isHashed) takeHashed(into, type, data);
    takeEither(into, type, data);
  }
}
