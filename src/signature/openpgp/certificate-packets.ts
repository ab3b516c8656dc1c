// Groups the packets of keyring files into certificates: armored or binary, one or thousands, with text between armored blocks.

import { MalformedError } from '../../errors.ts';
import { findArmor, readArmoredBlock } from './armor.ts';
import { packetReader, readPacket, TAG } from './packets.ts';
import type { Packet } from './packets.ts';

/** A user id, user attribute or sub-key, and the bodies of the signatures after it. */
export interface Component {
  /** Packet type. */
  readonly tag: number;
  readonly body: Uint8Array;
  readonly signatures: Uint8Array[];
}

/** One certificate as it stands in the file, nothing checked. */
export interface CertificatePackets {
  /** For messages: which block or byte. */
  readonly position: string;
  readonly primary: Component;
  /** User ids and user attributes, in order: gpg takes key flags and expiry from both. */
  readonly userIds: Component[];
  readonly subkeys: Component[];
}

/** What could not be read, and where. */
export interface CertificateProblem {
  readonly position: string;
  readonly message: string;
}

/** Where a file's packets come from. */
interface PacketSource {
  readonly position: string;
  readonly bytes: Uint8Array;
}

function describeError(error: unknown): string {
  if (error instanceof MalformedError) return error.message;
  throw error;
}

/** The packet streams of a file: the file itself when its first byte is a packet's, else every armored key block in it. */
function splitSources(bytes: Uint8Array, problems: CertificateProblem[]): PacketSource[] {
  // A byte order mark before armor has the high bit that a packet has.
  const isMarked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  if (isMarked) return splitSources(bytes.subarray(3), problems);
  if (((bytes[0] ?? 0) & 0x80) !== 0) return [{ position: '', bytes }];
  const sources: PacketSource[] = [];
  let offset = findArmor(bytes, 0);
  while (offset !== -1) {
    const position = `armor at byte ${offset}`;
    let end = offset + 1;
    try {
      const block = readArmoredBlock(bytes, offset);
      end = Math.max(block.end, end);
      if (block.label.startsWith('PUBLIC KEY BLOCK') || block.label.startsWith('PRIVATE KEY BLOCK'))
        sources.push({ position, bytes: block.bytes });
      else problems.push({ position, message: `armor of ${block.label}, not of a public key` });
    } catch (error) {
      problems.push({ position, message: describeError(error) });
    }
    offset = findArmor(bytes, end);
  }
  if (sources.length === 0 && problems.length === 0) problems.push({ position: 'byte 0', message: 'no OpenPGP certificate found' });
  return sources;
}

/** Puts a packet where it belongs; returns the certificate that is open afterwards. */
function addPacket(
  packet: Packet,
  position: string,
  open: CertificatePackets | null,
  into: CertificatePackets[],
): CertificatePackets | null {
  const component: Component = { tag: packet.tag, body: packet.body, signatures: [] };
  if (packet.tag === TAG.publicKey) {
    const certificate = { position, primary: component, userIds: [], subkeys: [] };
    into.push(certificate);
    return certificate;
  }
  if (open === null) return null;
  if (packet.tag === TAG.userId || packet.tag === TAG.userAttribute) open.userIds.push(component);
  else if (packet.tag === TAG.publicSubkey) open.subkeys.push(component);
  return open;
}

function groupSource(source: PacketSource, into: CertificatePackets[], problems: CertificateProblem[]): void {
  const reader = packetReader(source.bytes);
  let open: CertificatePackets | null = null;
  let latest: Component | null = null;
  while (reader.remaining > 0) {
    const position = source.position === '' ? `byte ${reader.offset}` : `${source.position}, packet at byte ${reader.offset}`;
    let packet: Packet;
    try {
      packet = readPacket(reader);
    } catch (error) {
      problems.push({ position, message: describeError(error) });
      return;
    }
    if (packet.tag === TAG.signature) latest?.signatures.push(packet.body);
    else if (packet.tag === 5) {
      problems.push({ position, message: 'a secret key; export the public one' });
      open = latest = null;
    } else if (packet.tag !== TAG.trust && packet.tag !== TAG.marker && packet.tag !== TAG.padding) {
      open = addPacket(packet, position, open, into);
      latest = lastComponent(packet.tag, open, latest);
    }
  }
}

/** The component that the next signatures belong to; as with gpg, packets of other kinds change nothing. */
function lastComponent(tag: number, open: CertificatePackets | null, before: Component | null): Component | null {
  if (open === null) return null;
  if (tag === TAG.publicKey) return open.primary;
  if (tag === TAG.userId || tag === TAG.userAttribute) return open.userIds.at(-1) ?? null;
  return tag === TAG.publicSubkey ? (open.subkeys.at(-1) ?? null) : before;
}

/** Every certificate of a file, and what could not be read. Never throws on bad bytes. */
export function splitCertificates(bytes: Uint8Array): { certificates: CertificatePackets[]; problems: CertificateProblem[] } {
  const problems: CertificateProblem[] = [];
  const certificates: CertificatePackets[] = [];
  for (const source of splitSources(bytes, problems)) groupSource(source, certificates, problems);
  return { certificates, problems };
}

function mergeComponents(into: Component[], from: readonly Component[]): void {
  const nameOf = ({ tag, body }: Component): string => `${tag} ${Buffer.from(body).toString('latin1')}`;
  const byBody = new Map(into.map((component) => [nameOf(component), component]));
  for (const component of from) {
    const key = nameOf(component);
    const known = byBody.get(key);
    if (known !== undefined) for (const body of component.signatures) known.signatures.push(body);
    else {
      byBody.set(key, component);
      into.push(component);
    }
  }
}

/** Adds to a certificate what another copy of it holds: a revocation in one copy counts for all. */
export function mergeCertificate(into: CertificatePackets, from: CertificatePackets): void {
  for (const body of from.primary.signatures) into.primary.signatures.push(body);
  mergeComponents(into.userIds, from.userIds);
  mergeComponents(into.subkeys, from.subkeys);
}
