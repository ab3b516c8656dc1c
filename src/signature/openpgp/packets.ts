// Cuts bytes into OpenPGP packets (RFC 9580 §4.2), old and new format; lengths that are not known beforehand are refused.

import { ByteReader } from '../../bytes/index.ts';
import { malformed } from './malformed.ts';

export interface Packet {
  readonly tag: number;
  /** A view into the input. */
  readonly body: Uint8Array;
  /** Of the packet's header, in bytes. */
  readonly offset: number;
}

/** Packet type numbers (RFC 9580 §5) that are looked at here. */
export const TAG = {
  signature: 2,
  publicKey: 6,
  compressed: 8,
  marker: 10,
  trust: 12,
  userId: 13,
  publicSubkey: 14,
  userAttribute: 17,
  padding: 21,
} as const;

function newLength(reader: ByteReader): number {
  const first = reader.u8('packet length');
  if (first < 192) return first;
  if (first < 224) return ((first - 192) << 8) + reader.u8('packet length') + 192;
  if (first === 255) return reader.u32('packet length');
  return malformed('partial packet length', reader.offset);
}

function oldLength(reader: ByteReader, kind: number): number {
  if (kind === 0) return reader.u8('packet length');
  if (kind === 1) return reader.u16('packet length');
  if (kind === 2) return reader.u32('packet length');
  return malformed('packet of indeterminate length', reader.offset);
}

/** Reads the packet at the reader's position. Throws MalformedError `OPENPGP_SIGNATURE_MALFORMED`. */
export function readPacket(reader: ByteReader): Packet {
  const { offset } = reader;
  const head = reader.u8('packet header');
  if ((head & 0x80) === 0) malformed('not a packet', offset);
  const isNew = (head & 0x40) !== 0;
  const tag = isNew ? head & 0x3f : (head >> 2) & 0x0f;
  if (tag === 0) malformed('packet type 0', offset);
  const length = isNew ? newLength(reader) : oldLength(reader, head & 3);
  return { tag, body: reader.take(length, 'packet'), offset };
}

export function packetReader(bytes: Uint8Array): ByteReader {
  return new ByteReader(bytes, 'OPENPGP_SIGNATURE_MALFORMED');
}
