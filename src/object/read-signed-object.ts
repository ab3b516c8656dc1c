// Makes a SignedObject of a raw object: cut as git cuts it, inspected strictly, its id recomputed.

import { limits } from '../bytes/index.ts';
import { hashObject } from './hash.ts';
import { parseIdentity, readIdentity } from './identity.ts';
import { inspectObject } from './inspect.ts';
import { readPlainCommit } from './plain-commit.ts';
import { splitCommit } from './split-commit.ts';
import { splitTag } from './split-tag.ts';
import type { HashAlgorithm, Identity, ObjectReason, RawObject, SignedObject } from './types.ts';

const EMPTY = new Uint8Array(0);
const NONE: readonly ObjectReason[] = [];

function tooLarge({ oid, type }: RawObject, problems: readonly ObjectReason[]): SignedObject {
  const found: readonly ObjectReason[] = [...problems, 'OBJECT_TOO_LARGE'];
  return { oid, type, payload: EMPTY, signature: null, pieces: [], identity: null, parents: [], problems: found };
}

/** What is wrong with the parts once the object is cut. */
function checkParts(signature: Uint8Array | null, identity: Identity | null, before: readonly ObjectReason[]): readonly ObjectReason[] {
  const isTooLarge = signature !== null && signature.length > limits.signatureBytes;
  if (identity !== null && !isTooLarge) return before;
  return [
    ...before,
    ...(identity === null ? (['IDENTITY_MALFORMED'] as const) : []),
    ...(isTooLarge ? (['SIGNATURE_TOO_LARGE'] as const) : []),
  ];
}

/**
 * Reads one commit or tag. Never throws: what is wrong with the bytes is in `problems`.
 *
 * @param raw the object as git handed it out
 * @param algorithm the hash of the repository
 * @param computedOid the id of the bytes where the caller has hashed them already
 */
export function readSignedObject(
  raw: RawObject,
  algorithm: HashAlgorithm,
  computedOid: string = hashObject(raw.type, raw.bytes, algorithm),
): SignedObject {
  const { oid, type, bytes } = raw;
  const mismatch: readonly ObjectReason[] = computedOid === oid ? NONE : ['OBJECT_ID_MISMATCH'];
  if (bytes.length > limits.objectBytes) return tooLarge(raw, mismatch);
  const plain = type === 'commit' ? readPlainCommit(bytes, algorithm) : null;
  if (plain !== null) {
    const { payload, signature, pieces, parents } = plain;
    const identity = parseIdentity(plain.committer);
    return { oid, type, payload, signature, pieces, identity, parents, problems: checkParts(signature, identity, mismatch) };
  }
  const split = type === 'commit' ? splitCommit(bytes, algorithm) : splitTag(bytes);
  const { parents, problems } = inspectObject(bytes, type, algorithm);
  const identity = readIdentity(split.payload, type);
  return { oid, type, ...split, identity, parents, problems: checkParts(split.signature, identity, [...mismatch, ...problems]) };
}
