// Judges one signature against the given trust: a pure function of bytes, trust, evidence and clock.

import { assertNever } from '../errors.ts';
import type { SignedObject } from '../object/index.ts';
import { openpgp, ssh, type OpenpgpFacts, type OpenpgpJudgement, type SshFacts, type SshJudgement } from '../signature/index.ts';
import { establishSignedFacts, type VerificationKeys } from './establish-facts.ts';
import { REASONS } from './reasons.ts';
import type { CheckDetails, CheckStatus, ObjectFacts, ReasonCode, SignatureCheck, SignerIdentity } from './verdict.ts';

/** Whom to believe. A format without trust accepts nothing. */
export interface Trust {
  readonly ssh: ssh.SshTrust | null;
  readonly openpgp: openpgp.OpenpgpTrust | null;
  /** The public keys of the OpenPGP trust, ready for verifying. */
  readonly keys: VerificationKeys;
}

/** What has been established outside of this call. */
export interface Evidence {
  /** Facts of this very object, from a cache or another thread; without them they are established now. */
  readonly facts?: ObjectFacts;
}

type Outcome = Pick<SignatureCheck, 'format' | 'status' | 'signer' | 'reasons' | 'details' | 'letters'>;

function plain(status: CheckStatus, reason: ReasonCode, letter: 'N' | 'E' | null, format: SignatureCheck['format'] = null): Outcome {
  return {
    format,
    status,
    signer: null,
    reasons: [reason],
    details: {},
    letters: letter === null ? null : { reference: letter, modern: letter },
  };
}

type Draft<T> = { -readonly [Key in keyof T]: T[Key] };

function sshSigner(facts: SshFacts, judgement: SshJudgement): SignerIdentity | null {
  if (facts.key === undefined || facts.status !== 'good') return null;
  const signer: Draft<SignerIdentity> = { key: facts.key.sha256, keyType: facts.key.type };
  if (judgement.principal !== undefined) signer.principal = judgement.principal;
  if (facts.certificate !== undefined) signer.certificateAuthority = facts.certificate.ca.sha256;
  if (judgement.trustedBy !== undefined) signer.trustedBy = judgement.trustedBy;
  return signer;
}

// git (date.c, show_date) dies on a time that does not fit into the system's, on its way to ssh-keygen.
const DEADLY_DATE = 2 ** 63;

function sshOutcome(facts: SshFacts, judgement: SshJudgement, dies: boolean): Outcome {
  const details: Draft<CheckDetails> = {};
  if (judgement.validAfter !== undefined) details.validAfter = judgement.validAfter;
  if (judgement.validBefore !== undefined) details.validBefore = judgement.validBefore;
  if (facts.fido !== undefined) details.fido = facts.fido;
  const { status, reasons, letter } = judgement;
  return { format: 'ssh', status, signer: sshSigner(facts, judgement), reasons, details, letters: dies ? null : letter };
}

function openpgpSigner(facts: OpenpgpFacts, judgement: OpenpgpJudgement): SignerIdentity | null {
  // Without the key only a name is known, and a name is not a signer: it stands here for people, the status says that it proves nothing.
  const key = judgement.key ?? facts.issuerFingerprint ?? facts.issuerKeyId;
  if (key === undefined) return null;
  const signer: Draft<SignerIdentity> = { key };
  if (facts.algorithm !== undefined) signer.keyType = facts.algorithm;
  if (judgement.userId !== undefined) signer.userId = judgement.userId;
  if (judgement.primaryKey !== undefined) signer.primaryKey = judgement.primaryKey;
  return signer;
}

function openpgpOutcome(facts: OpenpgpFacts, judgement: OpenpgpJudgement): Outcome {
  const details: Draft<CheckDetails> = {};
  if (facts.createdAt !== undefined) details.signedAt = facts.createdAt;
  if (judgement.expiredAt !== undefined) details.expiredAt = judgement.expiredAt;
  if (judgement.revoked !== undefined) details.revoked = judgement.revoked;
  const { status, reasons, letter: letters } = judgement;
  return { format: 'openpgp', status, signer: openpgpSigner(facts, judgement), reasons, details, letters };
}

/** What is over a limit has not been looked at: whether it is signed is not known, nor what git would say. The problem is its reason. */
const NOT_LOOKED_AT: Outcome = { format: null, status: 'malformed', signer: null, reasons: [], details: {}, letters: null };

function isTooLarge({ problems }: ObjectFacts): boolean {
  return problems?.some((code) => code === 'OBJECT_TOO_LARGE' || code === 'SIGNATURE_TOO_LARGE') === true;
}

function judgeSignature(facts: ObjectFacts, trust: Trust, now: number): Outcome {
  const { format, signature } = facts;
  switch (format) {
    case 'none':
      return isTooLarge(facts) ? NOT_LOOKED_AT : plain('unsigned', 'UNSIGNED', 'N');
    case 'unknown':
      return plain('unsupported', 'SIGNATURE_FORMAT_UNKNOWN', null);
    case 'x509':
      return plain('unsupported', 'X509_UNSUPPORTED', 'E', 'x509');
    case 'missing':
      return plain('missing', 'OBJECT_MISSING', null);
    case 'other':
      return plain('missing', 'OBJECT_NOT_SIGNABLE', null);
    case 'internal':
      return plain('malformed', 'INTERNAL_ERROR', null);
    case 'ssh':
      if (signature?.format !== 'ssh') return plain('malformed', 'INTERNAL_ERROR', null);
      return sshOutcome(
        signature,
        ssh.judgeSsh(signature, trust.ssh, facts.claimedAt, now),
        trust.ssh !== null && (facts.claimedAt ?? 0) >= DEADLY_DATE,
      );
    case 'openpgp':
      if (signature?.format !== 'openpgp') return plain('malformed', 'INTERNAL_ERROR', null);
      return openpgpOutcome(signature, openpgp.judgeOpenpgp(signature, trust.openpgp, now));
    default:
      return assertNever(format);
  }
}

const NO_LETTERS = { reference: 'N', modern: 'N' } as const;

/** git dies on what it cannot read, be it the commit or the signature's format; then it looks for the identity and, without one, answers N. */
function lettersOf(outcome: Outcome, problems: readonly ReasonCode[]): SignatureCheck['letters'] {
  if (problems.includes('OBJECT_UNREADABLE') || outcome.letters === null) return null;
  return problems.includes('IDENTITY_MALFORMED') ? NO_LETTERS : outcome.letters;
}

const NO_NOTES: readonly ReasonCode[] = [];

// Field by field: these two run for every object, and a spread costs several times as much.
function assemble(
  facts: ObjectFacts,
  outcome: Outcome,
  changes: Pick<SignatureCheck, 'status' | 'letters' | 'reasons' | 'notes'>,
): SignatureCheck {
  return {
    oid: facts.oid,
    type: facts.type,
    format: outcome.format,
    status: changes.status,
    signer: outcome.signer,
    committer: facts.committer,
    claimedAt: facts.claimedAt,
    reasons: changes.reasons,
    notes: changes.notes,
    details: outcome.details,
    letters: changes.letters,
  };
}

/** Judges established facts. What {@link checkSignature} does once the cryptography is done; costs about a microsecond. */
export function checkFacts(facts: ObjectFacts, trust: Trust, now: number): SignatureCheck {
  const outcome = judgeSignature(facts, trust, now);
  const { problems } = facts;
  const { status, letters, reasons } = outcome;
  if (problems === undefined || problems.length === 0) return assemble(facts, outcome, { status, letters, reasons, notes: NO_NOTES });
  const refusing = problems.filter((code) => REASONS[code].severity === 'error');
  const notes = problems.filter((code) => REASONS[code].severity !== 'error');
  return assemble(facts, outcome, {
    status: refusing.length > 0 && status === 'good' ? 'malformed' : status,
    letters: lettersOf(outcome, problems),
    reasons: [...reasons, ...refusing],
    notes,
  });
}

/**
 * Checks the signature of one commit or tag: is it good, by which key, and does the trust list that key.
 *
 * @param signed the object, as {@link readSignedObject} makes it
 * @param trust whom to believe
 * @param evidence facts established elsewhere; `{}` for none
 * @param now seconds since 1970: OpenPGP keys are judged at this time, as gpg does
 */
export function checkSignature(signed: SignedObject, trust: Trust, evidence: Evidence, now: number): SignatureCheck {
  return checkFacts(evidence.facts ?? establishSignedFacts(signed, trust.keys), trust, now);
}
