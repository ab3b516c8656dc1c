// Tells whether cached facts of an OpenPGP signature were established with all the keys that are known now.

import type { openpgp, OpenpgpFacts } from '../signature/index.ts';

/**
 * Whether there is a key now that the signature names and that it was not tried with. A key that has gone does no harm:
 * judging looks the signer up among the certificates that are trusted now.
 */
export function isStale(facts: OpenpgpFacts, keys: openpgp.OpenpgpKeys): boolean {
  if (facts.status === 'malformed') return false;
  const named = facts.issuerFingerprint === undefined ? undefined : keys.byFingerprint(facts.issuerFingerprint);
  const candidates = named !== undefined ? [named] : facts.issuerKeyId === undefined ? [] : keys.byKeyId(facts.issuerKeyId);
  return candidates.some(({ fingerprint }) => !facts.tried.includes(fingerprint));
}
