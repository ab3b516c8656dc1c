// What an SSH signature says by cryptography alone, and what trusting one needs: plain data, safe to cache and to send between threads.

import type { GitLetter } from '../letter.ts';

/** Why an SSH signature was not accepted; each has a row in REASONS. */
export const SSH_REASONS = [
  'SSH_SIGNATURE_MALFORMED', // armor or blob breaks the SSHSIG format
  'SSH_SIGNATURE_BAD', // well formed, does not verify
  'SSH_SIGNATURE_NOT_CANONICAL', // verifies in lax implementations only (for example Ed25519 with S >= L)
  'SSH_KEY_UNSUPPORTED', // key type or signature algorithm that is not checked here (ssh-dss, unknown)
  'SSH_KEY_TOO_SHORT', // RSA below 1024 bits
  'SSH_NAMESPACE_WRONG', // the signature was made for something other than git
  'SSH_TRUST_NOT_GIVEN', // no allowed signers were given or configured
  'SSH_TRUST_TOO_LOW', // gpg.minTrustLevel asks for more than git gives an SSH key
  'SSH_KEY_UNKNOWN', // good signature, no line of the allowed signers lists the key
  'SSH_TIME_INVALID', // the signature's time lies beyond what git and OpenSSH can name (year 10000)
  'SSH_KEY_NOT_YET_VALID', // listed, valid-after lies after the signature's time
  'SSH_KEY_EXPIRED', // listed, valid-before lies before the signature's time
  'SSH_NAMESPACE_NOT_ALLOWED', // listed, but not for namespace git
  'SSH_PRINCIPAL_NEGATED', // the only principals that match are excluded by a `!pattern`
  'SSH_KEY_REVOKED', // listed in a revocation file
  'SSH_CERTIFICATE_MALFORMED',
  'SSH_CERTIFICATE_BAD', // the CA's signature over the certificate does not verify
  'SSH_CERTIFICATE_NOT_USER', // a host certificate
  'SSH_CERTIFICATE_NOT_YET_VALID',
  'SSH_CERTIFICATE_EXPIRED',
  'SSH_CERTIFICATE_CA_UNKNOWN', // no cert-authority line lists the CA
  'SSH_CERTIFICATE_CA_WEAK', // CA signed with SHA-1
  'SSH_CERTIFICATE_PRINCIPAL_UNKNOWN', // no principal of the certificate is allowed (or it names none)
  'SSH_CERTIFICATE_CRITICAL_OPTION', // carries a critical option, which git ignores
] as const;
export type SshReason = (typeof SSH_REASONS)[number];

/** One SSH public key, named by its fingerprints (of the canonical encoding). */
export interface SshKeyId {
  /** Canonical type, for example `ssh-ed25519` or `sk-ecdsa-sha2-nistp256@openssh.com`. */
  readonly type: string;
  /** `SHA256:` and unpadded base64, as ssh-keygen prints it. */
  readonly sha256: string;
  /** Lower-case hex; only revocation lists use it. */
  readonly sha1: string;
  /** Size of the modulus or field in bits. */
  readonly bits: number;
  /** The FIDO application (`ssh:`), for sk keys. */
  readonly application?: string;
}

/** The fields of an SSH user certificate (PROTOCOL.certkeys), its CA signature already checked. */
export interface SshCertificateFacts {
  /** 1 user, 2 host. */
  readonly kind: number;
  /** Decimal, since it has 64 bits. */
  readonly serial: string;
  readonly keyId: string;
  readonly principals: readonly string[];
  /** Seconds since 1970 as decimal strings: 64 bits; valid in [validAfter, validBefore). */
  readonly validAfter: string;
  readonly validBefore: string;
  readonly criticalOptions: readonly string[];
  readonly extensions: readonly string[];
  readonly ca: SshKeyId;
  /** The algorithm of the CA's signature, for example `rsa-sha2-512`. */
  readonly caAlgorithm: string;
  /** `SHA256:` digest of the whole certificate blob: a certificate may be listed verbatim. */
  readonly blobSha256: string;
}

/** What one SSHSIG says, a pure function of the payload and the signature. */
export interface SshFacts {
  readonly format: 'ssh';
  readonly status: 'good' | 'bad' | 'malformed' | 'unsupported';
  /** Set when the status is not `good`. */
  readonly reason?: SshReason;
  readonly key?: SshKeyId;
  readonly namespace?: string;
  readonly hash?: 'sha256' | 'sha512';
  /** FIDO: whether the user touched the device and was verified by it, and the device's counter. */
  readonly fido?: {
    readonly flags: number;
    readonly counter: number;
    readonly userPresent: boolean;
    readonly userVerified: boolean;
    readonly origin?: string;
  };
  readonly certificate?: SshCertificateFacts;
  /** Whether OpenSSH 9.2 (`legacy`) or 10.3 and later (`modern`) takes the signature for good, where that differs from `status === 'good'`. */
  readonly openssh?: { readonly legacy: boolean; readonly modern: boolean };
}

/** What the given trust says of one SSH signature. */
export interface SshJudgement {
  readonly status: 'good' | 'bad' | 'unknown-key' | 'expired-key' | 'revoked-key' | 'not-allowed' | 'malformed' | 'unsupported';
  /** Empty exactly when the status is `good`. */
  readonly reasons: readonly SshReason[];
  /** The principal under which the key was found: ours, the first that really holds. */
  readonly principal?: string;
  /** `file:line` of the line that matched. */
  readonly trustedBy?: string;
  /** The window of the matching line (or certificate), seconds since 1970. */
  readonly validAfter?: number;
  readonly validBefore?: number;
  /** Git's letter with git 2.39 and OpenSSH 9.2, and with git 2.55 and OpenSSH 10.3. */
  readonly letter: { readonly reference: GitLetter; readonly modern: GitLetter };
}
