// Checks the signatures that a certificate's own key made over its parts, and no others.

import { MalformedError } from '../../errors.ts';
import { concat } from '../../bytes/index.ts';
import type { Component } from './certificate-packets.ts';
import { TAG } from './packets.ts';
import { frameKey, prepareKey } from './public-key.ts';
import type { PreparedKey } from './public-key.ts';
import { parseSignaturePacket } from './signature-packet.ts';
import type { SignaturePacket } from './signature-packet.ts';
import type { OpenpgpRevocation, OpenpgpVerificationKey } from './types.ts';
import { verifySignature } from './verify-signature.ts';

/** Signature types (RFC 9580 §5.2.1) that certificates are made of. */
export const TYPE = {
  certification: 0x10,
  lastCertification: 0x13,
  subkeyBinding: 0x18,
  primaryBinding: 0x19,
  direct: 0x1f,
  keyRevocation: 0x20,
  subkeyRevocation: 0x28,
  certificationRevocation: 0x30,
} as const;

// A flooded certificate must not cost minutes: real ones have fewer than a hundred self-signatures.
const MAXIMUM_VERIFICATIONS = 1000;
// Parsing is cheap, but not free.
const MAXIMUM_SIGNATURES = 50_000;

export function isCertification({ type }: SignaturePacket): boolean {
  return type >= TYPE.certification && type <= TYPE.lastCertification;
}

/** What a signature over a user id or attribute hashes before its trailer (RFC 9580 §5.2.4; v3 hashes no length). */
export function frameUserId(primary: Uint8Array, { tag, body: userId }: Component, version: number): Uint8Array {
  const { length } = userId;
  if (version === 3) return concat(primary, userId);
  const mark = tag === TAG.userAttribute ? 0xd1 : 0xb4;
  return concat(primary, new Uint8Array([mark, length >>> 24, length >>> 16, length >>> 8, length]), userId);
}

/** Checks signatures with one primary key, up to a bound on the whole certificate. */
export class SelfSignatures {
  readonly primary: OpenpgpVerificationKey;
  /** What signatures hash of the primary key. */
  readonly framed: Uint8Array;
  readonly #prepared: PreparedKey | null;
  readonly #now: number;
  #verifications = 0;
  #signatures = 0;

  constructor(primary: OpenpgpVerificationKey, now: number) {
    this.primary = primary;
    this.framed = frameKey(primary.version, primary.body);
    this.#prepared = prepareKey(primary);
    this.#now = now;
  }

  /** The signatures that claim to be by the primary key; those that cannot be read or are a stranger's are passed over. */
  select(bodies: readonly Uint8Array[]): SignaturePacket[] {
    return this.parseAll(bodies).filter((signature) => this.#isOwn(signature));
  }

  /** All signatures that can be read, newest first; of one date, the one that stands last first, as gpg has it. */
  parseAll(bodies: readonly Uint8Array[]): SignaturePacket[] {
    this.#signatures += bodies.length;
    if (this.#signatures > MAXIMUM_SIGNATURES)
      throw new MalformedError('OPENPGP_KEY_UNUSABLE', `more than ${MAXIMUM_SIGNATURES} signatures`);
    const parsed: SignaturePacket[] = [];
    for (const body of bodies) {
      try {
        parsed.push(parseSignaturePacket(body));
      } catch (error) {
        if (!(error instanceof MalformedError)) throw error;
      }
    }
    return parsed.toReversed().toSorted((a, b) => (b.createdAt ?? 0) - (a.createdAt ?? 0));
  }

  /** gpg knows v4 self-signatures by the key id alone. */
  #isOwn({ version, issuerKeyId, issuerFingerprint }: SignaturePacket): boolean {
    return version === 6 ? issuerFingerprint === this.primary.fingerprint : issuerKeyId === this.primary.keyId;
  }

  /**
   * Whether a self-signature holds by gpg's rules (sig-check.c): by this key, no older than it, nothing critical that is unknown, not MD5.
   * SHA-1 passes: certificates of before 2015 have nothing else. Throws MalformedError when the certificate has used up its bound.
   */
  holds(signature: SignaturePacket, data: Uint8Array): boolean {
    return this.holdsBy(signature, data, this.primary, this.#prepared);
  }

  /** The same with another key: a back-signature's sub-key, a designated revoker. */
  holdsBy(signature: SignaturePacket, data: Uint8Array, key: OpenpgpVerificationKey, prepared = prepareKey(key)): boolean {
    if (prepared === null || signature.hasCriticalUnknown || signature.createdAt === undefined) return false;
    if (signature.createdAt < key.createdAt || key.createdAt > this.#now) return false;
    if ((key.version === 6) !== (signature.version === 6)) return false;
    if (++this.#verifications > MAXIMUM_VERIFICATIONS) {
      throw new MalformedError('OPENPGP_KEY_UNUSABLE', `more than ${MAXIMUM_VERIFICATIONS} self-signatures to check`);
    }
    return verifySignature(signature, prepared, data) === 'good';
  }

  /** Whether a self-signature has itself run out (RFC 9580 §5.2.3.18). */
  isExpired({ createdAt, expiresAfter }: SignaturePacket): boolean {
    return createdAt !== undefined && expiresAfter !== undefined && expiresAfter !== 0 && (createdAt + expiresAfter) >>> 0 <= this.#now;
  }
}

/** The facts of a revocation. Superseded (1), retired (3) and user id no longer valid (32) are soft (RFC 9580 §5.2.3.31); all else is hard. */
export function describeRevocation({ createdAt, revocation }: SignaturePacket): OpenpgpRevocation {
  const reason = revocation?.reason ?? null;
  return { at: createdAt ?? 0, reason, text: revocation?.text ?? '', hard: reason !== 1 && reason !== 3 && reason !== 32 };
}

/** The one to report of several: a hard one before soft ones, the earliest of them. */
export function chooseRevocation(revocations: readonly OpenpgpRevocation[]): OpenpgpRevocation | null {
  let chosen: OpenpgpRevocation | null = null;
  for (const each of revocations) {
    if (chosen === null || (each.hard && !chosen.hard) || (each.hard === chosen.hard && each.at < chosen.at)) chosen = each;
  }
  return chosen;
}
