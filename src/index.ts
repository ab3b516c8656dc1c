// The library's face: everything that the command does, as functions.

/**
 * countersign verifies the signatures of git commits and tags in-process.
 *
 * Most programs need three functions: {@link openRepository}, {@link loadTrust} and {@link verifyRange}. What judges is pure and can be used
 * alone: {@link readSignedObject} takes an object's bytes apart, {@link checkSignature} says by which key its signature is good and whether the
 * trust lists that key, {@link decide} makes it a verdict.
 *
 * A bad signature is data, never an exception. Exceptions are {@link ToolError} (the user or the system can mend it) and, from parsers,
 * {@link MalformedError}.
 *
 * @packageDocumentation
 */
export { MalformedError, ToolError } from './errors.ts';
export { openRepository, type Repository } from './git/index.ts';
export {
  cachePathIn,
  defaultCacheDirectory,
  loadTrust,
  verifyObjects,
  verifyRange,
  type TrustFiles,
  type TrustStore,
  type VerifyOptions,
} from './history/index.ts';
export {
  detectFormat,
  hashObject,
  inspectObject,
  joinCommit,
  joinTag,
  readSignedObject,
  splitCommit,
  splitTag,
  type HashAlgorithm,
  type Identity,
  type Inspection,
  type ObjectReason,
  type Piece,
  type RawObject,
  type SignableType,
  type SignatureFormat,
  type SignedObject,
  type SplitObject,
} from './object/index.ts';
export {
  encodeVerdict,
  exitCodeOf,
  renderJson,
  renderJunit,
  renderNdjson,
  renderSarif,
  renderText,
  type Report,
  type Summary,
} from './report/index.ts';
export { openpgp, ssh, type GitLetter, type OpenpgpFacts, type SshFacts } from './signature/index.ts';
export {
  checkSignature,
  decide,
  gitLetter,
  REASONS,
  type CheckDetails,
  type CheckStatus,
  type Evidence,
  type GitProfile,
  type ReasonCode,
  type SignatureCheck,
  type SignerIdentity,
  type Trust,
  type Verdict,
} from './verify/index.ts';

import { ssh } from './signature/index.ts';

/** Reads an OpenSSH allowed_signers file; see `ssh.parseAllowedSigners`. */
export const parseAllowedSigners: typeof ssh.parseAllowedSigners = ssh.parseAllowedSigners;
