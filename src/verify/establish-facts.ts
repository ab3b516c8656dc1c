// From the bytes of one object to its cryptographic facts: everything that costs time and that a cache may keep.

import {
  detectFormat,
  readSignedObject,
  type HashAlgorithm,
  type ObjectReason,
  type RawObject,
  type SignedObject,
} from '../object/index.ts';
import { openpgp, ssh } from '../signature/index.ts';
import type { ObjectFacts } from './verdict.ts';

/** What establishing facts needs of the trust: the keys that OpenPGP signatures are tried with. */
export type VerificationKeys = openpgp.OpenpgpKeys;

function withProblems(facts: ObjectFacts, problems: readonly ObjectReason[]): ObjectFacts {
  return problems.length === 0 ? facts : { ...facts, problems };
}

/** The facts of a signed object. Never throws for what is in the bytes. */
export function establishSignedFacts(signed: SignedObject, keys: VerificationKeys): ObjectFacts {
  const { oid, type, payload, signature, identity, problems } = signed;
  const base = { oid, type, committer: identity?.text ?? null, claimedAt: identity?.claimedAt ?? null };
  if (signature === null || problems.includes('SIGNATURE_TOO_LARGE')) return withProblems({ ...base, format: 'none' }, problems);
  const format = detectFormat(signature);
  if (format === null) return withProblems({ ...base, format: 'unknown' }, problems);
  if (format === 'x509') return withProblems({ ...base, format }, problems);
  const facts = format === 'ssh' ? ssh.establishSshFacts(payload, signature) : openpgp.establishOpenpgpFacts(payload, signature, keys);
  return withProblems({ ...base, format, signature: facts }, problems);
}

/**
 * The facts of one object as git handed it out.
 *
 * @param computedOid the id of the bytes, where the caller has hashed them already
 */
export function establishFacts(raw: RawObject, algorithm: HashAlgorithm, keys: VerificationKeys, computedOid?: string): ObjectFacts {
  try {
    return establishSignedFacts(readSignedObject(raw, algorithm, computedOid), keys);
  } catch {
    // A fault of ours on one object must not stop a range, and must never look like anything but a rejection.
    return { oid: raw.oid, type: raw.type, format: 'internal', committer: null, claimedAt: null };
  }
}
