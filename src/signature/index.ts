// The face of signature/: parse and check one signature of each format.

export type { GitLetter } from './letter.ts';
export * as openpgp from './openpgp/index.ts';
export * as ssh from './ssh/index.ts';
export {
  type OpenpgpFacts,
  type OpenpgpJudgement,
  type OpenpgpReason,
  type OpenpgpRevocation,
  type OpenpgpValidity,
  type OpenpgpVerificationKey,
} from './openpgp/types.ts';
export { type SshFacts, type SshJudgement, type SshReason } from './ssh/types.ts';
