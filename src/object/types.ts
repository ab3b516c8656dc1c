// The nouns of object/: raw objects as git stores them, and what splitting one yields.

/** git's object formats; the name of the hash that makes object ids. */
export type HashAlgorithm = 'sha1' | 'sha256';

/** The object types that carry signatures. */
export type SignableType = 'commit' | 'tag';

/** The signature formats git knows (`gpg.format`). */
export type SignatureFormat = 'openpgp' | 'ssh' | 'x509';

/** An object as `git cat-file` hands it out: the content without the `type size NUL` prefix. */
export interface RawObject {
  readonly oid: string;
  readonly type: SignableType;
  readonly bytes: Uint8Array;
}

/** What is wrong with an object as bytes, beside its signature; each has a row in REASONS. */
export const OBJECT_REASONS = [
  'OBJECT_TOO_LARGE',
  'OBJECT_MALFORMED', // does not have the headers that every commit or tag has
  'OBJECT_UNREADABLE', // a commit that git itself cannot parse: it stops
  'OBJECT_ID_MISMATCH', // the bytes do not hash to the id they were asked for by
  'HEADER_DUPLICATE', // a header that may stand once stands twice
  'HEADER_MISORDERED', // not in the order in which git writes them
  'HEADER_UNKNOWN_GPGSIG', // a header named gpgsig-something: git strips it from what is signed
  'HEADER_PARENTS_DIFFER', // the parents git walks are not the parents that were signed
  'HEADER_NUL',
  'MESSAGE_NUL', // git shows the message only up to the NUL
  'HEADER_TOO_MANY',
  'PARENTS_TOO_MANY',
  'SIGNATURE_SEVERAL', // more than one signature header of the repository's hash
  'SIGNATURE_OTHER_HASH', // beside it, a signature for the repository's other hash
  'SIGNATURE_TOO_LARGE',
  'IDENTITY_MALFORMED', // no committer (tagger) line that git can read: git answers N without a look
] as const;
export type ObjectReason = (typeof OBJECT_REASONS)[number];

/** A half-open range of bytes. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * How a signed object is cut: the ranges, in the order of the object, that are signed payload, that are signature lines,
 * and that git drops from both. Together they cover the object without gap or overlap.
 */
export interface Piece extends ByteRange {
  readonly kind: 'payload' | 'signature' | 'dropped';
}

/** An object cut into what was signed and the signature over it. */
export interface SplitObject {
  /** What the signature signs. A view of the object when it is one range, else a copy. */
  readonly payload: Uint8Array;
  /** The signature as git hands it to its programs; null when there is none. */
  readonly signature: Uint8Array | null;
  readonly pieces: readonly Piece[];
}

/** The committer or tagger line, read as git's `split_ident_line` reads it. */
export interface Identity {
  /** `Name <mail>`, the bytes before the date decoded as UTF-8 with U+FFFD for what is not. */
  readonly text: string;
  /** Seconds since 1970, null where git finds no date (it then takes the present). */
  readonly claimedAt: number | null;
}

/** An object ready to be checked. */
export interface SignedObject extends SplitObject {
  readonly oid: string;
  readonly type: SignableType;
  /** Null when git would not read one. */
  readonly identity: Identity | null;
  /** From the bytes, as git's parser reads them: the consecutive `parent` lines after `tree`. */
  readonly parents: readonly string[];
  /** Empty for every object that git itself writes. */
  readonly problems: readonly ObjectReason[];
}
