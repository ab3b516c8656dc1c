// The face of signature/openpgp/: establish facts, load certificates, judge.

export { establishOpenpgpFacts } from './establish-facts.ts';
export { judgeOpenpgp } from './judge.ts';
export { indexOpenpgpKeys, type OpenpgpKeys } from './keys.ts';
export { parseCertificates, type CertificateProblem, type ParsedCertificates } from './parse-certificates.ts';
export { trustOpenpgpCertificates, type OpenpgpTrust, type OpenpgpTrusted } from './trust.ts';
export {
  OPENPGP_REASONS,
  type OpenpgpCertificate,
  type OpenpgpFacts,
  type OpenpgpJudgement,
  type OpenpgpKeyFacts,
  type OpenpgpReason,
  type OpenpgpRevocation,
  type OpenpgpValidity,
  type OpenpgpVerificationKey,
} from './types.ts';
