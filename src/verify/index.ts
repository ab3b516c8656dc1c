// The face of verify/: from facts and trust to a verdict.

export { checkFacts, checkSignature, type Evidence, type Trust } from './check-signature.ts';
export { decide } from './decide.ts';
export { establishFacts, type VerificationKeys } from './establish-facts.ts';
export { gitLetter, type GitProfile } from './git-letter.ts';
export { explainReason, isReasonCode, REASON_CODES, REASONS } from './reasons.ts';
export type { CheckDetails, CheckStatus, ObjectFacts, ReasonCode, SignatureCheck, SignerIdentity, Verdict } from './verdict.ts';
