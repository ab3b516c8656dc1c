// Finds verification keys by fingerprint and key id, and keeps the last few thousand of them ready for node:crypto.

import { prepareKey } from './public-key.ts';
import type { PreparedKey } from './public-key.ts';
import type { OpenpgpVerificationKey } from './types.ts';

/** A lookup over many keys. Every worker thread builds its own from the same (cloneable) keys. */
export interface OpenpgpKeys {
  /** The key with this full fingerprint, in lower-case hex. */
  readonly byFingerprint: (fingerprint: string) => OpenpgpVerificationKey | undefined;
  /** Every key with this 64-bit id: collisions can be made, so there may be several. */
  readonly byKeyId: (keyId: string) => readonly OpenpgpVerificationKey[];
  /** The key for node:crypto; null when it cannot verify anything here. */
  readonly prepare: (key: OpenpgpVerificationKey) => PreparedKey | null;
}

// A prepared key holds native memory (about 2 KiB for RSA-4096); keyrings of 100,000 keys exist.
const MAXIMUM_PREPARED = 4096;
const NONE: readonly OpenpgpVerificationKey[] = [];

/** Indexes keys; of several with one fingerprint the first counts. */
export function indexOpenpgpKeys(keys: readonly OpenpgpVerificationKey[]): OpenpgpKeys {
  const byFingerprint = new Map<string, OpenpgpVerificationKey>();
  const byKeyId = new Map<string, OpenpgpVerificationKey[]>();
  for (const key of keys) {
    if (byFingerprint.has(key.fingerprint)) continue;
    byFingerprint.set(key.fingerprint, key);
    const same = byKeyId.get(key.keyId);
    if (same === undefined) byKeyId.set(key.keyId, [key]);
    else same.push(key);
  }
  const prepared = new Map<string, PreparedKey | null>();
  return {
    byFingerprint: (fingerprint) => byFingerprint.get(fingerprint),
    byKeyId: (keyId) => byKeyId.get(keyId) ?? NONE,
    prepare: (key) => {
      const known = prepared.get(key.fingerprint);
      if (known !== undefined) return known;
      if (prepared.size >= MAXIMUM_PREPARED) prepared.clear();
      const made = prepareKey(key);
      prepared.set(key.fingerprint, made);
      return made;
    },
  };
}
