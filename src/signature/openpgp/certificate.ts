// Works out what a certificate says of its keys, by its valid self-signatures and gpg's rules (getkey.c, merge_selfsigs).

import { MalformedError } from '../../errors.ts';
import { isSigningAlgorithm } from './algorithms.ts';
import type { CertificatePackets, Component } from './certificate-packets.ts';
import { frameKey, parsePublicKey, prepareKey } from './public-key.ts';
import { chooseRevocation, describeRevocation, SelfSignatures, TYPE } from './self-signatures.ts';
import { parseSignaturePacket } from './signature-packet.ts';
import type { SignaturePacket } from './signature-packet.ts';
import { choosePrimaryUserId, decodeUserId, fromNewest, isLive, judgeUserId } from './user-ids.ts';
import type { UserIdFacts } from './user-ids.ts';
import type { OpenpgpCertificate, OpenpgpKeyFacts, OpenpgpReason, OpenpgpRevocation, OpenpgpVerificationKey } from './types.ts';

/** Finds the key of a designated revoker among everything that was loaded. */
export type FindRevoker = (fingerprint: string) => OpenpgpVerificationKey | undefined;

const FLAG_SIGN = 0x02;

/** What is to be said of the primary key. */
interface PrimaryFacts {
  readonly unusable: OpenpgpReason | null;
  readonly expiresAt: number | null;
  readonly revoked: OpenpgpRevocation | null;
}

function addSeconds(start: number, seconds: number | undefined): number | null {
  // gpg adds as 32-bit numbers, and wraps.
  return seconds === undefined || seconds === 0 ? null : (start + seconds) >>> 0;
}

function nonZero(seconds: number | undefined): number | undefined {
  return seconds === 0 ? undefined : seconds;
}

function maySign(flags: number | undefined, key: OpenpgpVerificationKey): boolean {
  // No flags at all: what the algorithm allows (getkey.c, parse_key_usage).
  return isSigningAlgorithm(key.body[5] ?? 0) && (flags === undefined || (flags & FLAG_SIGN) !== 0);
}

function isKeyRevocation(body: Uint8Array): boolean {
  return (body[0] === 3 ? body[2] : body[1]) === TYPE.keyRevocation;
}

/** The key's revocations; gpg's import finds them wherever in the certificate they stand (import.c, collapse and fix-up). */
function collectRevocations({ primary, userIds, subkeys }: CertificatePackets): Uint8Array[] {
  return [primary, ...userIds, ...subkeys].flatMap(({ signatures }) => signatures.filter(isKeyRevocation));
}

function revokePrimary(
  own: SelfSignatures,
  packets: CertificatePackets,
  direct: readonly SignaturePacket[],
  findRevoker: FindRevoker,
): OpenpgpRevocation | null {
  const revokers = new Set(direct.flatMap((signature) => signature.revokers ?? []));
  const found: OpenpgpRevocation[] = [];
  for (const signature of own.parseAll(collectRevocations(packets))) {
    let holds = isBy(signature, own.primary) && own.holds(signature, own.framed);
    for (const fingerprint of holds ? [] : revokers) {
      const revoker = findRevoker(fingerprint);
      holds ||= revoker !== undefined && isBy(signature, revoker) && own.holdsBy(signature, own.framed, revoker);
    }
    if (holds) found.push(describeRevocation(signature));
  }
  return chooseRevocation(found);
}

function isBy({ issuerKeyId, issuerFingerprint }: SignaturePacket, key: OpenpgpVerificationKey): boolean {
  return issuerKeyId === key.keyId || issuerFingerprint === key.fingerprint;
}

function judgePrimary(
  own: SelfSignatures,
  packets: CertificatePackets,
  userIds: readonly UserIdFacts[],
  findRevoker: FindRevoker,
): PrimaryFacts {
  const direct = own
    .select(packets.primary.signatures)
    .filter((signature) => signature.type === TYPE.direct && own.holds(signature, own.framed));
  const newest = direct.find((signature) => !own.isExpired(signature));
  const flags = newest?.keyFlags ?? fromNewest(userIds, (signature) => signature.keyFlags);
  const lifetime = nonZero(newest?.keyExpiresAfter) ?? fromNewest(userIds, (signature) => nonZero(signature.keyExpiresAfter));
  const revoked = revokePrimary(own, packets, direct, findRevoker);
  // gpg imports no v4 key without a certified user id; RFC 9580 §10.1.1 has v6 keys that need none.
  const isBound = userIds.some(({ isCertified }) => isCertified) || (own.primary.version === 6 && newest !== undefined);
  const unusable = !isBound ? 'OPENPGP_KEY_UNUSABLE' : maySign(flags, own.primary) ? null : 'OPENPGP_KEY_NOT_FOR_SIGNING';
  return { unusable, expiresAt: addSeconds(own.primary.createdAt, lifetime), revoked };
}

/** Whether the newest back-signature in a binding is by the sub-key (RFC 9580 §5.2.1.9); it may stand in the unhashed area. */
function isBacked(own: SelfSignatures, binding: SignaturePacket, subkey: OpenpgpVerificationKey, data: Uint8Array): boolean {
  let newest: SignaturePacket | null = null;
  for (const body of binding.embedded ?? []) {
    try {
      const signature = parseSignaturePacket(body);
      if (signature.type === TYPE.primaryBinding && (newest === null || (signature.createdAt ?? 0) > (newest.createdAt ?? 0)))
        newest = signature;
    } catch (error) {
      if (!(error instanceof MalformedError)) throw error;
    }
  }
  return newest !== null && own.holdsBy(newest, data, subkey, prepareKey(subkey));
}

function earlier(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
}

function judgeSubkey(own: SelfSignatures, component: Component, primary: PrimaryFacts): OpenpgpKeyFacts {
  const key = parsePublicKey(component.body);
  const data = Buffer.concat([own.framed, frameKey(key.version, key.body)]);
  let binding: SignaturePacket | null = null;
  const revocations: OpenpgpRevocation[] = [];
  for (const signature of own.select(component.signatures)) {
    // A revocation counts whatever its date; of the bindings the newest, even when it has run out.
    if (signature.type === TYPE.subkeyRevocation && own.holds(signature, data)) revocations.push(describeRevocation(signature));
    else if (signature.type === TYPE.subkeyBinding && binding === null && own.holds(signature, data)) binding = signature;
  }
  const revoked = chooseRevocation(revocations) ?? primary.revoked;
  if (binding === null || own.isExpired(binding) || primary.unusable === 'OPENPGP_KEY_UNUSABLE') {
    return { key, isPrimary: false, unusable: 'OPENPGP_KEY_UNUSABLE', expiresAt: primary.expiresAt, revoked };
  }
  const unusable = !maySign(binding.keyFlags, key)
    ? 'OPENPGP_KEY_NOT_FOR_SIGNING'
    : isBacked(own, binding, key, data)
      ? null
      : 'OPENPGP_SUBKEY_NOT_BACKED';
  return {
    key,
    isPrimary: false,
    unusable,
    expiresAt: earlier(addSeconds(key.createdAt, binding.keyExpiresAfter), primary.expiresAt),
    revoked,
  };
}

/**
 * The facts of one certificate at `now` (seconds since 1970).
 * Throws MalformedError `OPENPGP_KEY_UNUSABLE` when its primary key cannot be read or it has more self-signatures than any real one.
 */
export function judgeCertificate(
  packets: CertificatePackets,
  primary: OpenpgpVerificationKey,
  now: number,
  findRevoker: FindRevoker,
): OpenpgpCertificate {
  const own = new SelfSignatures(primary, now);
  const userIds = packets.userIds.map((component) => judgeUserId(own, component));
  const facts = judgePrimary(own, packets, userIds, findRevoker);
  const keys: OpenpgpKeyFacts[] = [{ key: primary, isPrimary: true, ...facts }];
  for (const component of packets.subkeys) {
    const subkey = tryJudgeSubkey(own, component, facts);
    if (subkey !== null) keys.push(subkey);
  }
  return {
    fingerprint: primary.fingerprint,
    userId: choosePrimaryUserId(userIds),
    userIds: userIds
      .filter(({ isAttribute }) => !isAttribute)
      .map((each) => ({ userId: decodeUserId(each.bytes), revoked: each.isRevoked, valid: isLive(each) })),
    keys,
  };
}

/** A sub-key of a kind that nobody here can read (or of another version than its primary) is passed over. */
function tryJudgeSubkey(own: SelfSignatures, component: Component, primary: PrimaryFacts): OpenpgpKeyFacts | null {
  const version = component.body[0];
  if (version !== own.primary.version || component.body.length < 6) return null;
  if (version === 4 && component.body.length > 0xffff) return null;
  return judgeSubkey(own, component, primary);
}
