// Makes a SignedObject of a raw object: cut as git cuts it, inspected strictly, its id recomputed.

import { limits } from '../bytes/index.ts';
import { hashObject } from './hash.ts';
import { readIdentity } from './identity.ts';
import { inspectObject } from './inspect.ts';
import { splitCommit } from './split-commit.ts';
import { splitTag } from './split-tag.ts';
import type { HashAlgorithm, ObjectReason, RawObject, SignedObject } from './types.ts';

const EMPTY = new Uint8Array(0);

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
  const mismatch: ObjectReason[] = computedOid === oid ? [] : ['OBJECT_ID_MISMATCH'];
  if (bytes.length > limits.objectBytes) {
    return {
      oid,
      type,
      payload: EMPTY,
      signature: null,
      pieces: [],
      identity: null,
      parents: [],
      problems: [...mismatch, 'OBJECT_TOO_LARGE'],
    };
  }
  const split = type === 'commit' ? splitCommit(bytes, algorithm) : splitTag(bytes);
  const { parents, problems } = inspectObject(bytes, type, algorithm);
  const identity = readIdentity(split.payload, type);
  const found = [...mismatch, ...problems];
  if (identity === null) found.push('IDENTITY_MALFORMED');
  if (split.signature !== null && split.signature.length > limits.signatureBytes) found.push('SIGNATURE_TOO_LARGE');
  return { oid, type, ...split, identity, parents, problems: found };
}
