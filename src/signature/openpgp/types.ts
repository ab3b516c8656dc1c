// What an OpenPGP signature and a certificate say by cryptography alone: plain data, safe to cache and to send between threads.

import type { GitLetter } from '../letter.ts';

/** Why an OpenPGP signature was not accepted; each has a row in REASONS. */
export const OPENPGP_REASONS = [
  'OPENPGP_SIGNATURE_MALFORMED', // armor or packets break the format
  'OPENPGP_SIGNATURE_BAD', // well formed, does not verify
  'OPENPGP_SIGNATURE_MULTIPLE', // more than one signature: git answers E
  'OPENPGP_SIGNATURE_NOT_DETACHED', // carries data of its own
  'OPENPGP_SIGNATURE_TYPE_WRONG', // not a binary or text document signature
  'OPENPGP_SIGNATURE_VERSION_UNSUPPORTED', // v3, v5 and what comes later
  'OPENPGP_ALGORITHM_UNSUPPORTED',
  'OPENPGP_ALGORITHM_WEAK', // MD5 and the like
  'OPENPGP_SIGNATURE_EXPIRED',
  'OPENPGP_SIGNATURE_BEFORE_KEY', // older than the key it names
  'OPENPGP_CRITICAL_UNKNOWN', // unknown critical subpacket or notation
  'OPENPGP_TRUST_NOT_GIVEN', // no keyring was given or found
  'OPENPGP_KEY_UNKNOWN', // no certificate in the keyring has the issuer's key
  'OPENPGP_KEY_UNUSABLE', // the certificate has no valid self-signature or binding for the key
  'OPENPGP_KEY_NOT_FOR_SIGNING', // key flags do not allow signing
  'OPENPGP_SUBKEY_NOT_BACKED', // signing sub-key without a valid back-signature (0x19)
  'OPENPGP_KEY_EXPIRED',
  'OPENPGP_KEY_REVOKED',
  'OPENPGP_KEY_UNTRUSTED', // in the user's keyring, but its validity there is undefined or never
] as const;
export type OpenpgpReason = (typeof OPENPGP_REASONS)[number];

/** What one detached signature says: a pure function of payload, signature and the keys that were tried. */
export interface OpenpgpFacts {
  readonly format: 'openpgp';
  readonly status: 'good' | 'bad' | 'unknown-key' | 'malformed' | 'unsupported';
  /** Set when the status is not `good`. */
  readonly reason?: OpenpgpReason;
  readonly version?: number;
  /** RFC 9580 §5.2.1: 0 binary document, 1 text document. */
  readonly type?: number;
  /** Names as in `rsa`, `dsa`, `ecdsa`, `eddsaLegacy`, `ed25519`, `ed448`; `sha512`. */
  readonly algorithm?: string;
  readonly hash?: string;
  /** Lower-case hex of 16 digits. */
  readonly issuerKeyId?: string;
  /** Lower-case hex of 40 or 64 digits. */
  readonly issuerFingerprint?: string;
  /** Seconds since 1970, from hashed subpackets only. */
  readonly createdAt?: number;
  readonly expiresAt?: number;
  readonly signersUserId?: string;
  /** Fingerprints of every (sub-)key that was tried, so that a cache knows when a new key makes the answer stale. */
  readonly tried: readonly string[];
  /** Fingerprint of the (sub-)key under which the signature verified. */
  readonly key?: string;
  /** What is refused here although gpg does not mind it; gpg's letter is decided without them. */
  readonly refusals?: readonly OpenpgpReason[];
  /** Git's letters where the packets alone decide them: malformed, several signatures, and what gpg cannot read but is good here. */
  readonly letter?: { readonly reference: GitLetter; readonly modern: GitLetter };
}

/** A (sub-)key that can verify: what a worker thread needs of a certificate, and no more. */
export interface OpenpgpVerificationKey {
  readonly fingerprint: string;
  readonly keyId: string;
  readonly version: number;
  readonly algorithm: string;
  /** Seconds since 1970. */
  readonly createdAt: number;
  /** The public-key packet's body (RFC 9580 §5.5.2). */
  readonly body: Uint8Array;
}

export interface OpenpgpRevocation {
  readonly at: number;
  /** RFC 9580 §5.2.3.31, null when the packet gives none (which counts as hard). */
  readonly reason: number | null;
  readonly text: string;
  readonly hard: boolean;
}

/** What a certificate says of one of its keys that may sign. */
export interface OpenpgpKeyFacts {
  readonly key: OpenpgpVerificationKey;
  readonly isPrimary: boolean;
  /** Why it cannot sign, if it cannot, in gpg's order. */
  readonly unusable: OpenpgpReason | null;
  /** Seconds since 1970; null: never. The earlier of the key's own and the primary's. */
  readonly expiresAt: number | null;
  /** Of this key or of the primary. */
  readonly revoked: OpenpgpRevocation | null;
}

/** One certificate, its self-signatures already checked. */
export interface OpenpgpCertificate {
  /** Of the primary key. */
  readonly fingerprint: string;
  /** The primary user id as gpg would show it; empty when there is none. */
  readonly userId: string;
  readonly userIds: readonly { readonly userId: string; readonly revoked: boolean; readonly valid: boolean }[];
  readonly keys: readonly OpenpgpKeyFacts[];
}

/** What the user's own keyring thinks of a certificate, as `gpg --with-colons` says it. */
export type OpenpgpValidity = 'undefined' | 'never' | 'marginal' | 'fully' | 'ultimate';

/** What the given trust says of one OpenPGP signature. */
export interface OpenpgpJudgement {
  readonly status:
    | 'good'
    | 'bad'
    | 'unknown-key'
    | 'untrusted-key'
    | 'expired-signature'
    | 'expired-key'
    | 'revoked-key'
    | 'not-allowed'
    | 'malformed'
    | 'unsupported';
  /** Empty exactly when the status is `good`. */
  readonly reasons: readonly OpenpgpReason[];
  readonly key?: string;
  readonly primaryKey?: string;
  readonly userId?: string;
  readonly expiredAt?: number;
  readonly revoked?: OpenpgpRevocation;
  /** Git's letter with git 2.39 and GnuPG 2.2, and with git 2.55 and GnuPG 2.4. */
  readonly letter: { readonly reference: GitLetter; readonly modern: GitLetter };
}
