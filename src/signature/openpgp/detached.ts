// Finds the one signature packet in what git calls an OpenPGP signature, by gpg's rules of what may stand beside it.

import { MalformedError } from '../../errors.ts';
import type { ByteReader } from '../../bytes/index.ts';
import { limits } from '../../bytes/index.ts';
import { findArmor, readArmoredBlock } from './armor.ts';
import { failOpenpgp, malformed } from './malformed.ts';
import type { Packet } from './packets.ts';
import { packetReader, readPacket, TAG } from './packets.ts';
import { parseSignaturePacket } from './signature-packet.ts';
import type { SignaturePacket } from './signature-packet.ts';

export interface DetachedSignature {
  readonly signature: SignaturePacket;
  /** False when gpg reads it although it is not written as the standards say. */
  readonly canonical: boolean;
}

/** Reads the armored blocks, one after the other; their packets make one stream for gpg. */
function readArmor(armor: Uint8Array): { bytes: Uint8Array[]; canonical: boolean } {
  const first = readArmoredBlock(armor, 0);
  if (first.label !== 'SIGNATURE' && first.label !== 'MESSAGE') return malformed(`armor of ${first.label}`);
  const bytes = [first.bytes];
  let { canonical, end } = first;
  for (let next = findArmor(armor, end); next !== -1; next = findArmor(armor, end)) {
    if (bytes.length === limits.openpgpSignaturePackets) return malformed('too many armored blocks');
    const block = readArmoredBlock(armor, next);
    bytes.push(block.bytes);
    canonical = false;
    end = Math.max(block.end, next + 1);
  }
  // gpg ignores text after the block; nothing that makes signatures writes any.
  for (let i = end; i < armor.length && canonical; i++) {
    const code = armor[i] ?? 0;
    canonical = code === 10 || code === 13 || code === 32 || code === 9;
  }
  return { bytes, canonical };
}

type Place = 'first' | 'after';

/** Packets that are nothing to gpg wherever they stand. */
function isIgnored(tag: number): boolean {
  return tag === TAG.marker || tag === TAG.trust || tag === 15 || tag === 16 || tag === 19 || tag > 20;
}

/** Whether a packet that is no signature is as it should be, or only read past by gpg; throws where gpg finds no signature at all. */
function passOver(tag: number, place: Place): 'canonical' | 'tolerated' {
  if (tag === TAG.marker || tag === TAG.padding) return 'canonical';
  if (isIgnored(tag)) return 'tolerated';
  // Data of its own: literal, one-pass, compressed, encrypted with or without integrity.
  if (tag === 11 || tag === 4 || tag === TAG.compressed || tag === 9 || tag === 20) {
    return failOpenpgp('OPENPGP_SIGNATURE_NOT_DETACHED', `packet of type ${tag}`);
  }
  // Keys, user ids and session keys after the signature: gpg says GOODSIG, and mostly fails.
  return place === 'after' ? 'tolerated' : malformed(`packet of type ${tag}`);
}

/** A second signature is git's letter E, unless it is of a version that gpg cannot read and passes over. */
function refuseSecond(first: Uint8Array, second: Packet): void {
  if ((first[0] ?? 0) > 4) malformed('more than one signature', second.offset);
  if ((second.body[0] ?? 4) <= 4) failOpenpgp('OPENPGP_SIGNATURE_MULTIPLE', 'more than one signature', second.offset);
}

/** The body of the only signature packet in a stream of packets. */
function findSignature(blocks: readonly Uint8Array[]): { body: Uint8Array; canonical: boolean } {
  let canonical = true;
  let body: Uint8Array | null = null;
  let packets = 0;
  for (const bytes of blocks) {
    const reader = packetReader(bytes);
    while (reader.remaining > 0) {
      if (packets++ === limits.openpgpSignaturePackets) malformed('too many packets');
      const packet: Packet | null = body === null ? readPacket(reader) : tryReadPacket(reader);
      if (packet === null) return { body: body ?? malformed('no signature packet'), canonical: false };
      if (packet.tag === TAG.signature && body === null) ({ body } = packet);
      else if (packet.tag === TAG.signature) {
        if (body !== null) refuseSecond(body, packet);
        canonical = false;
      } else if (passOver(packet.tag, body === null ? 'first' : 'after') === 'tolerated') canonical = false;
      // A whole certificate may follow, whose signatures gpg does not count.
      if (packet.tag === TAG.publicKey && body !== null) return { body, canonical: false };
    }
  }
  return { body: body ?? malformed('no signature packet'), canonical };
}

/** Rubbish after a whole signature: gpg says GOODSIG, and fails. */
function tryReadPacket(reader: ByteReader): Packet | null {
  try {
    return readPacket(reader);
  } catch (error) {
    if (error instanceof MalformedError) return null;
    throw error;
  }
}

/**
 * Reads an armored detached signature. Throws MalformedError with an OpenpgpReason as its code: `…_MALFORMED`, `…_MULTIPLE`,
 * `…_NOT_DETACHED`, `…_VERSION_UNSUPPORTED`.
 */
export function parseDetachedSignature(armor: Uint8Array): DetachedSignature {
  if (armor.length > limits.signatureBytes) malformed('signature too long');
  const blocks = readArmor(armor);
  const found = findSignature(blocks.bytes);
  const signature = parseSignaturePacket(found.body);
  return { signature, canonical: blocks.canonical && found.canonical && signature.canonical };
}
