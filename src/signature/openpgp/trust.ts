// The certificates that a caller trusts, as judgeOpenpgp looks them up.

import type { OpenpgpCertificate, OpenpgpKeyFacts, OpenpgpValidity } from './types.ts';

/** A (sub-)key and the certificate that vouches for it. */
export interface OpenpgpTrusted {
  readonly certificate: OpenpgpCertificate;
  readonly key: OpenpgpKeyFacts;
}

/** What a caller trusts. */
export interface OpenpgpTrust {
  /** By the full fingerprint of primary or sub-key, lower-case hex. */
  readonly find: (fingerprint: string) => OpenpgpTrusted | undefined;
  /** `explicit`: the files were given as trusted. Else the validity of each certificate by its primary fingerprint; what is missing is `undefined`. */
  readonly validity: 'explicit' | ReadonlyMap<string, OpenpgpValidity>;
  /** The least validity to accept; `undefined` and `never` are not accepted at any setting. */
  readonly minimum: OpenpgpValidity;
}

/** Which of several certificates speaks for a key: the one with the greatest number. */
function rank({ unusable, revoked, expiresAt }: OpenpgpKeyFacts): number {
  // A stranger's certificate may adopt a key without that key's consent; it must neither hide nor revoke the owner's.
  if (unusable !== null) return 0;
  // Of several that the key agreed to, the strictest: a revoked key does not come back through another copy.
  if (revoked !== null) return 3;
  return expiresAt !== null ? 2 : 1;
}

/**
 * Trust in certificates, for judgeOpenpgp. When several hold one key, a usable one counts before an unusable one, and the stricter of two usable
 * ones. Pass all files to one parseCertificates call, so that copies of a certificate are merged.
 */
export function trustOpenpgpCertificates(
  certificates: readonly OpenpgpCertificate[],
  validity: OpenpgpTrust['validity'] = 'explicit',
  minimum: OpenpgpValidity = 'undefined',
): OpenpgpTrust {
  const found = new Map<string, OpenpgpTrusted>();
  for (const certificate of certificates) {
    for (const key of certificate.keys) {
      const { fingerprint } = key.key;
      const known = found.get(fingerprint);
      if (known === undefined || isStricter(key, known.key)) found.set(fingerprint, { certificate, key });
    }
  }
  return { find: (fingerprint) => found.get(fingerprint), validity, minimum };
}

function isStricter(candidate: OpenpgpKeyFacts, known: OpenpgpKeyFacts): boolean {
  const difference = rank(candidate) - rank(known);
  if (difference !== 0) return difference > 0;
  return candidate.unusable === null && candidate.expiresAt !== null && known.expiresAt !== null && candidate.expiresAt < known.expiresAt;
}
