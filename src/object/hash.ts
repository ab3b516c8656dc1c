// Object ids from bytes.

import { hash } from 'node:crypto';
import { concat } from '../bytes/index.ts';
import type { HashAlgorithm, SignableType } from './types.ts';

const encoder = new TextEncoder();

/** Hex digits of an object id under each hash. */
export const OID_LENGTH: Readonly<Record<HashAlgorithm, number>> = { sha1: 40, sha256: 64 };

/** The id git gives an object: the hash of `type size NUL content`, in lower-case hex. */
export function hashObject(type: SignableType, bytes: Uint8Array, algorithm: HashAlgorithm): string {
  return hash(algorithm, concat(encoder.encode(`${type} ${bytes.length}\0`), bytes));
}
