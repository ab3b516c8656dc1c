// Judges an OpenPGP signature by trusted certificates and a clock, in the order of gpg's own tests.

import type { GitLetter } from '../letter.ts';
import type { OpenpgpTrust, OpenpgpTrusted } from './trust.ts';
import type { OpenpgpFacts, OpenpgpJudgement, OpenpgpReason, OpenpgpValidity } from './types.ts';

type Status = OpenpgpJudgement['status'];

/** One step of the judgement: what it is called here, why, and what git shows. */
interface Finding {
  readonly status: Status;
  readonly reason?: OpenpgpReason;
  readonly letter: GitLetter;
}

// git's order (gpg-interface.h): never counts for more than undefined, and is as little.
const VALIDITY_ORDER: Readonly<Record<OpenpgpValidity, number>> = { undefined: 0, never: 1, marginal: 2, fully: 3, ultimate: 4 };

/** Without the key: what the facts alone decide; null: look at the key. */
function findWithoutKey(facts: OpenpgpFacts, trust: OpenpgpTrust | null): Finding | null {
  const { status, reason } = facts;
  if (status === 'malformed' || status === 'unsupported') {
    return { status, reason: reason ?? 'OPENPGP_SIGNATURE_MALFORMED', letter: facts.letter?.reference ?? 'E' };
  }
  if (trust === null) return { status: 'unknown-key', reason: 'OPENPGP_TRUST_NOT_GIVEN', letter: 'E' };
  if (status === 'unknown-key') return { status, reason: reason ?? 'OPENPGP_KEY_UNKNOWN', letter: 'E' };
  return null;
}

/** gpg answers ERRSIG for these; those before the cryptography come before BADSIG (sig-check.c, check_signature2 and check_signature_end). */
function findUnusable(facts: OpenpgpFacts, { key }: OpenpgpTrusted, now: number): Finding | null {
  if (key.unusable === 'OPENPGP_KEY_UNUSABLE') return { status: 'not-allowed', reason: key.unusable, letter: 'E' };
  if (facts.createdAt === undefined || facts.createdAt < key.key.createdAt || key.key.createdAt > now) {
    return { status: 'not-allowed', reason: 'OPENPGP_SIGNATURE_BEFORE_KEY', letter: 'E' };
  }
  if (key.unusable === 'OPENPGP_KEY_NOT_FOR_SIGNING') return { status: 'not-allowed', reason: key.unusable, letter: 'E' };
  if (facts.status === 'bad') return { status: 'bad', reason: facts.reason ?? 'OPENPGP_SIGNATURE_BAD', letter: 'B' };
  if (key.unusable !== null) return { status: 'not-allowed', reason: key.unusable, letter: 'E' };
  return null;
}

function findByTime(facts: OpenpgpFacts, { key }: OpenpgpTrusted, now: number): Finding | null {
  if (facts.expiresAt !== undefined && facts.expiresAt <= now) {
    return { status: 'expired-signature', reason: 'OPENPGP_SIGNATURE_EXPIRED', letter: 'X' };
  }
  // Judged now, not at the time of signing; and expired comes before revoked (mainproc.c, check_sig_and_print).
  // In the second of its expiry a key still lives (getkey.c), a signature does not (parse-packet.c).
  if (key.expiresAt !== null && key.expiresAt < now) return { status: 'expired-key', reason: 'OPENPGP_KEY_EXPIRED', letter: 'Y' };
  if (key.revoked !== null) return { status: 'revoked-key', reason: 'OPENPGP_KEY_REVOKED', letter: 'R' };
  return null;
}

function findByValidity(trust: OpenpgpTrust, { certificate }: OpenpgpTrusted): Finding {
  const validity = trust.validity === 'explicit' ? 'ultimate' : (trust.validity.get(certificate.fingerprint) ?? 'undefined');
  const isKnown = validity !== 'undefined' && validity !== 'never';
  const letter = isKnown ? 'G' : 'U';
  if (!isKnown || VALIDITY_ORDER[validity] < VALIDITY_ORDER[trust.minimum]) {
    return { status: 'untrusted-key', reason: 'OPENPGP_KEY_UNTRUSTED', letter };
  }
  return { status: 'good', letter };
}

/** The status for what is refused beyond gpg. */
function statusOfRefusal(reason: OpenpgpReason): Status {
  if (reason === 'OPENPGP_SIGNATURE_MALFORMED') return 'malformed';
  if (reason === 'OPENPGP_SIGNATURE_VERSION_UNSUPPORTED') return 'unsupported';
  return reason === 'OPENPGP_KEY_UNKNOWN' ? 'unknown-key' : 'not-allowed';
}

function conclude(facts: OpenpgpFacts, finding: Finding, trusted?: OpenpgpTrusted): OpenpgpJudgement {
  const refusals = facts.refusals ?? [];
  const [refusal] = refusals;
  const status = finding.status === 'good' && refusal !== undefined ? statusOfRefusal(refusal) : finding.status;
  const reasons = finding.reason === undefined ? refusals : [...new Set([finding.reason, ...refusals])];
  const letter = facts.letter ?? { reference: finding.letter, modern: finding.letter };
  if (trusted === undefined) return { status, reasons, letter };
  const { certificate, key } = trusted;
  return {
    status,
    reasons,
    key: key.key.fingerprint,
    primaryKey: certificate.fingerprint,
    userId: certificate.userId,
    ...(status === 'expired-signature' && facts.expiresAt !== undefined && { expiredAt: facts.expiresAt }),
    ...(status === 'expired-key' && key.expiresAt !== null && { expiredAt: key.expiresAt }),
    ...(key.revoked !== null && { revoked: key.revoked }),
    letter,
  };
}

/**
 * Judges the facts of one signature by what the caller trusts, at `now` (seconds since 1970). `trust` null: none was given.
 *
 * Order and letters are those of gpg 2.2.40 as git 2.39 reads them; `good` is never said where that letter is not `G`, except for what gpg cannot
 * read at all: v6 signatures (letter `N`) and native Ed25519 and Ed448 (letter `E`), RFC 9580, are an extension.
 *
 * Refused here though gpg says GOODSIG (the letter stays what git shows):
 * - SHA-1 and RIPEMD-160 over data, RSA below 1024 bits: `OPENPGP_ALGORITHM_WEAK`
 * - v3 signatures: `OPENPGP_SIGNATURE_VERSION_UNSUPPORTED`
 * - armor and packets that are not written as the standards say: foreign characters, a missing END line or empty line, an END line of another
 *   label, text or packets beside the signature, integers with leading zeros, bytes after them: `OPENPGP_SIGNATURE_MALFORMED`
 * - compressed signatures, partial and indeterminate packet lengths (the letter is `N` here): `OPENPGP_SIGNATURE_NOT_DETACHED` or `…_MALFORMED`
 * - an issuer fingerprint that is not the verifying key's: `OPENPGP_KEY_UNKNOWN`
 * - text signatures over payloads with carriage returns or lines above 19,000 bytes, of which gpg ignores parts: `OPENPGP_SIGNATURE_TYPE_WRONG`
 * - validity below `trust.minimum`: `OPENPGP_KEY_UNTRUSTED`
 *
 * Known to differ in the letter too:
 * - two certificates hold one key, one of them without the key's consent: gpg takes the first of its keyring (`E` if that is the thief's), here
 *   the owner's counts, and the signature may be `good`
 * - several keys have one key id: gpg tries the first, here all are tried
 * - a revocation by the key itself that lacks its key id: gpg overlooks it (`G`), here it counts (`R`)
 * - a signature that names another algorithm than its key has, which gpg does not compare: `OPENPGP_SIGNATURE_MALFORMED`
 */
export function judgeOpenpgp(facts: OpenpgpFacts, trust: OpenpgpTrust | null, now: number): OpenpgpJudgement {
  const without = findWithoutKey(facts, trust);
  if (without !== null || trust === null) {
    return conclude(facts, without ?? { status: 'unknown-key', reason: 'OPENPGP_TRUST_NOT_GIVEN', letter: 'E' });
  }
  const fingerprint = facts.key ?? facts.tried[0];
  const trusted = fingerprint === undefined ? undefined : trust.find(fingerprint);
  if (trusted === undefined) return conclude(facts, { status: 'unknown-key', reason: 'OPENPGP_KEY_UNKNOWN', letter: 'E' });
  const finding = findUnusable(facts, trusted, now) ?? findByTime(facts, trusted, now) ?? findByValidity(trust, trusted);
  return conclude(facts, finding, trusted);
}
