// The nouns of judging: the cryptographic facts of one object, the check of its signature, the verdict.

import type { ObjectReason, SignableType, SignatureFormat } from '../object/index.ts';
import type { GitLetter, OpenpgpFacts, OpenpgpReason, OpenpgpRevocation, SshFacts, SshReason } from '../signature/index.ts';

/** Reasons that belong to no single format. */
export const VERIFY_REASONS = [
  'UNSIGNED',
  'SIGNATURE_FORMAT_UNKNOWN', // git dies on it
  'X509_UNSUPPORTED',
  'OBJECT_MISSING', // asked for by id, not in the repository
  'OBJECT_NOT_SIGNABLE', // a blob or a tree
  'INTERNAL_ERROR', // our bug, on this object
] as const;
export type VerifyReason = (typeof VERIFY_REASONS)[number];

/** Every code that a verdict can carry; each has a row in REASONS and a page in docs/reasons. */
export type ReasonCode = ObjectReason | SshReason | OpenpgpReason | VerifyReason;

/**
 * Everything that is a function of an object's bytes (for OpenPGP: and of the keys that were tried), and nothing else.
 * Plain JSON: this is what worker threads send and what the cache keeps by object id.
 */
export interface ObjectFacts {
  readonly oid: string;
  /** Null when the object is missing or neither a commit nor a tag. */
  readonly type: SignableType | null;
  /**
   * `none`: unsigned; `unknown`: there is a signature, of no format that git knows; `missing`, `other`: there is no such object, or one of
   * another type; `internal`: our code failed on it.
   */
  readonly format: SignatureFormat | 'none' | 'unknown' | 'missing' | 'other' | 'internal';
  readonly committer: string | null;
  readonly claimedAt: number | null;
  /** Absent where the object is as git writes it. */
  readonly problems?: readonly ObjectReason[];
  readonly signature?: SshFacts | OpenpgpFacts;
}

export type CheckStatus =
  | 'good'
  | 'bad'
  | 'unsigned'
  | 'unknown-key'
  | 'untrusted-key'
  | 'expired-signature'
  | 'expired-key'
  | 'revoked-key'
  | 'not-allowed'
  | 'malformed'
  | 'unsupported'
  | 'missing';

/** Who made a signature: the key that verified, and the name the trust gives it. Never the name the object gives itself. */
export interface SignerIdentity {
  /** SSH: `SHA256:…`; OpenPGP: the fingerprint of the (sub-)key that signed. */
  readonly key: string;
  readonly keyType?: string;
  /** SSH: the principal of the allowed signers. */
  readonly principal?: string;
  /** OpenPGP: the primary user id. */
  readonly userId?: string;
  /** OpenPGP: the certificate's fingerprint. */
  readonly primaryKey?: string;
  /** SSH: the `SHA256:…` of the CA whose certificate it was. */
  readonly certificateAuthority?: string;
  /** SSH: `file:line` that trusts the key. */
  readonly trustedBy?: string;
}

/** Details a policy may want later; present where known. Times are seconds since 1970. */
export interface CheckDetails {
  readonly signedAt?: number;
  readonly expiredAt?: number;
  readonly revoked?: OpenpgpRevocation;
  readonly validAfter?: number;
  readonly validBefore?: number;
  readonly fido?: SshFacts['fido'];
}

/** Cryptography and trust, before any decision: is this signature good, by which key, and does the given trust list that key. */
export interface SignatureCheck {
  readonly oid: string;
  readonly type: SignableType | null;
  readonly format: SignatureFormat | null;
  readonly status: CheckStatus;
  readonly signer: SignerIdentity | null;
  /** The committer (tagger) as the object says: `Name <mail>`, unescaped. */
  readonly committer: string | null;
  /** The time the object claims, seconds since 1970. */
  readonly claimedAt: number | null;
  /** Why it is not to be accepted: of the signature first, then of the object's bytes. */
  readonly reasons: readonly ReasonCode[];
  /** Worth knowing, no reason to refuse. */
  readonly notes: readonly ReasonCode[];
  readonly details: CheckDetails;
  /** Git's letters under both profiles; null where git dies instead of answering. */
  readonly letters: { readonly reference: GitLetter; readonly modern: GitLetter } | null;
}

/** A check with its decision. */
export interface Verdict extends SignatureCheck {
  readonly gitLetter: GitLetter | null;
  readonly decision: 'accepted' | 'rejected';
}
