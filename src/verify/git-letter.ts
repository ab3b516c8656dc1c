// Git's one-letter answer for a check.

import type { GitLetter } from '../signature/index.ts';
import type { SignatureCheck } from './verdict.ts';

/** `reference`: git 2.39, GnuPG 2.2, OpenSSH 9.2. `modern`: git 2.55, GnuPG 2.4, OpenSSH 10.3. */
export type GitProfile = 'reference' | 'modern';

/**
 * What `git log --format=%G?` prints for the object, given the same keys. Null where git prints nothing because it dies:
 * on a signature of a format that it does not know, a commit that it cannot parse, an SSH signature dated beyond 2^63, or a missing object.
 */
export function gitLetter(check: SignatureCheck, profile: GitProfile = 'reference'): GitLetter | null {
  return check.letters === null ? null : check.letters[profile];
}
