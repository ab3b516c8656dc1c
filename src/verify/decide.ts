// The decision: the one place where a verdict becomes `accepted`.

import { gitLetter } from './git-letter.ts';
import type { SignatureCheck, Verdict } from './verdict.ts';

/** Decides without a policy: accepted is what is good, by a key that the trust lists, with nothing against it. */
export function decide(check: SignatureCheck): Verdict {
  const accepted = check.status === 'good' && check.signer !== null && check.reasons.length === 0;
  return {
    oid: check.oid,
    type: check.type,
    format: check.format,
    status: check.status,
    gitLetter: gitLetter(check),
    signer: check.signer,
    committer: check.committer,
    claimedAt: check.claimedAt,
    decision: accepted ? 'accepted' : 'rejected',
    reasons: check.reasons,
    notes: check.notes,
    details: check.details,
    letters: check.letters,
  };
}
