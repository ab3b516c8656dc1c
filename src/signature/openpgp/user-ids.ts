// Judges the user ids of a certificate by their self-signatures, and finds the one to show (gpg: getkey.c, fixup_uidnode and cmp_user_ids).

import type { Component } from './certificate-packets.ts';
import { TAG } from './packets.ts';
import { frameUserId, isCertification, TYPE } from './self-signatures.ts';
import type { SelfSignatures } from './self-signatures.ts';
import type { SignaturePacket } from './signature-packet.ts';

/** One user id, judged by its newest valid self-signature. */
export interface UserIdFacts {
  readonly bytes: Uint8Array;
  /** A picture and the like: counts, but has no name. */
  readonly isAttribute: boolean;
  /** The newest valid self-certification or its revocation; null: none, the user id counts for nothing. */
  readonly newest: SignaturePacket | null;
  readonly isRevoked: boolean;
  readonly isExpired: boolean;
  /** Has a valid self-certification, whatever became of it: gpg imports such user ids only. */
  readonly isCertified: boolean;
}

/** Judges a user id or attribute by the self-signatures after it. */
export function judgeUserId(own: SelfSignatures, component: Component): UserIdFacts {
  let newest: SignaturePacket | null = null;
  let isCertified = false;
  for (const signature of own.select(component.signatures)) {
    const isRevocation = signature.type === TYPE.certificationRevocation;
    if (!isCertification(signature) && !isRevocation) continue;
    if (newest !== null && isRevocation) continue;
    if (!own.holds(signature, frameUserId(own.framed, component, signature.version))) continue;
    newest ??= signature;
    if (!isRevocation) {
      isCertified = true;
      break;
    }
  }
  const isRevoked = newest?.type === TYPE.certificationRevocation;
  const isAttribute = component.tag === TAG.userAttribute;
  return {
    bytes: component.body,
    isAttribute,
    newest,
    isRevoked,
    isExpired: newest !== null && !isRevoked && own.isExpired(newest),
    isCertified,
  };
}

/** Certified, and neither revoked nor run out. */
export function isLive({ newest, isRevoked, isExpired, isCertified }: UserIdFacts): boolean {
  return newest !== null && isCertified && !isRevoked && !isExpired;
}

/** Of the live user ids with a property, its value on the one with the newest self-signature. */
export function fromNewest<T>(userIds: readonly UserIdFacts[], pick: (signature: SignaturePacket) => T | undefined): T | undefined {
  let found: T | undefined;
  let date = -1;
  for (const userId of userIds) {
    if (!isLive(userId) || userId.newest === null) continue;
    const value = pick(userId.newest);
    const createdAt = userId.newest.createdAt ?? 0;
    if (value === undefined || createdAt <= date) continue;
    found = value;
    date = createdAt;
  }
  return found;
}

/** Bytes as stored: UTF-8 as it should be, else Latin-1 as some old keys have it. */
export function decodeUserId(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return Buffer.from(bytes).toString('latin1');
  }
}

/** Whether a user id comes before another of the same standing: newer, else longer, else greater (getkey.c, cmp_user_ids). */
function comesBefore(a: UserIdFacts, b: UserIdFacts): boolean {
  const byDate = (a.newest?.createdAt ?? 0) - (b.newest?.createdAt ?? 0);
  if (byDate !== 0) return byDate > 0;
  const byLength = a.bytes.length - b.bytes.length;
  return byLength === 0 ? Buffer.compare(a.bytes, b.bytes) > 0 : byLength > 0;
}

/** gpg's primary user id: of the live ones marked as primary, else of the live ones; else the first that ever was certified. */
export function choosePrimaryUserId(userIds: readonly UserIdFacts[]): string {
  const named = userIds.filter(({ isAttribute, isCertified }) => !isAttribute && isCertified);
  const live = named.filter(isLive);
  const marked = live.filter(({ newest }) => newest?.isPrimaryUserId === true);
  let chosen: UserIdFacts | undefined;
  for (const userId of marked.length > 0 ? marked : live) {
    if (chosen === undefined || comesBefore(userId, chosen)) chosen = userId;
  }
  chosen ??= named[0];
  return chosen === undefined ? '' : decodeUserId(chosen.bytes);
}
