// The face of signature/: parse and check one signature of each format.

export type { GitLetter } from './letter.ts';
export * as openpgp from './openpgp/index.ts';
export * as ssh from './ssh/index.ts';
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
} from './openpgp/types.ts';
export { SSH_REASONS, type SshCertificateFacts, type SshFacts, type SshJudgement, type SshKeyId, type SshReason } from './ssh/types.ts';
