// The face of ssh/: what one SSH signature says, and what the user's trust makes of it.

export { parseAllowedSigners } from './allowed-signers.ts';
export type { AllowedSignerLine, AllowedSigners } from './allowed-signers.ts';
export { establishSshFacts } from './facts.ts';
export type { SshTrust } from './git-flow.ts';
export { judgeSsh } from './judge.ts';
export { isRevoked, parseRevocations } from './revocations.ts';
export type { SshRevocations } from './revocations.ts';
export { parseSshsig, parseSshsigBlob } from './sshsig.ts';
export type { Sshsig } from './sshsig.ts';
export { SSH_REASONS } from './types.ts';
export type { SshCertificateFacts, SshFacts, SshJudgement, SshKeyId, SshReason } from './types.ts';
