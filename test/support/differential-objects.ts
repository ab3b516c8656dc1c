// Signed commits and tags in memory for the differential tests, and the ways to bend them.

import { buildCommit, buildTag, signCommit, signTag } from './build-object.ts';
import type { CommitFields, ObjectFormat, TagFields } from './build-object.ts';

export type Sign = (payload: Uint8Array) => string;

/** The empty tree, which git knows without having it. */
export const EMPTY_TREE: Readonly<Record<ObjectFormat, string>> = {
  sha1: '4b825dc642cb6eb9a060e54bf8d69288fbee4904',
  sha256: '6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321',
};

/** An id of no object. */
export const NOWHERE = '1'.repeat(40);

/** A commit, signed when there is someone to sign. */
export function commitOf(fields: Partial<CommitFields>, sign?: Sign, format: ObjectFormat = 'sha1'): Buffer {
  const bytes = buildCommit({ tree: EMPTY_TREE[format], ...fields });
  return sign === undefined ? bytes : signCommit(bytes, sign(bytes), format);
}

/** A tag of `NOWHERE`, signed when there is someone to sign. */
export function tagOf(fields: Partial<TagFields>, sign?: Sign): Buffer {
  const bytes = buildTag({ object: NOWHERE, tag: 'v1', ...fields });
  return sign === undefined ? bytes : signTag(bytes, sign(bytes));
}

/** Signs what `change` makes of an unsigned commit, and puts the signature where git puts it. */
export function commitFrom(change: (text: string) => string, sign: Sign, fields: Partial<CommitFields> = {}): Buffer {
  const bytes = Buffer.from(change(buildCommit({ tree: EMPTY_TREE.sha1, ...fields }).toString('latin1')), 'latin1');
  return signCommit(bytes, sign(bytes), 'sha1');
}

/** Replaces in finished bytes, the signature not being made again; throws when there is nothing to replace. */
export function bend(bytes: Uint8Array, from: string | RegExp, to: string): Buffer {
  const before = Buffer.from(bytes).toString('latin1');
  const after = before.replace(from, to);
  if (after === before) throw new Error(`nothing to replace: ${String(from)}`);
  return Buffer.from(after, 'latin1');
}

/** The bytes with more behind them. */
export function append(bytes: Uint8Array, text: string): Buffer {
  return Buffer.concat([bytes, Buffer.from(text, 'latin1')]);
}
