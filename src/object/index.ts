// The face of object/: git objects as bytes.

export { detectFormat } from './formats.ts';
export { hashObject, OID_LENGTH } from './hash.ts';
export { readIdentity } from './identity.ts';
export { inspectObject, type Inspection } from './inspect.ts';
export { readSignedObject } from './read-signed-object.ts';
export { joinCommit, splitCommit } from './split-commit.ts';
export { joinTag, splitTag } from './split-tag.ts';
export {
  type HashAlgorithm,
  type Identity,
  type ObjectReason,
  type Piece,
  type RawObject,
  type SignableType,
  type SignatureFormat,
  type SignedObject,
  type SplitObject,
} from './types.ts';
