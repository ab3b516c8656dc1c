// Tells whether git's own parser can read a commit: what it cannot read has no letter and stops `git log`.

import { startsAt } from './formats.ts';
import { OID_LENGTH } from './hash.ts';
import type { HashAlgorithm } from './types.ts';

const LF = 10;
const encoder = new TextEncoder();
const TREE = encoder.encode('tree ');
const PARENT = encoder.encode('parent ');
const HEX = /^[0-9a-f]+$/;

/** The id between `start` and a line feed, in lower case, which git does not ask for; null when there is none. */
function readOid(bytes: Uint8Array, start: number, length: number): string | null {
  // A commit never ends with an id: something has to follow the line feed.
  if (bytes.length <= start + length + 1 || bytes[start + length] !== LF) return null;
  const oid = Buffer.from(bytes.buffer, bytes.byteOffset + start, length)
    .toString('latin1')
    .toLowerCase();
  return HEX.test(oid) ? oid : null;
}

/**
 * Whether git's parse_commit_buffer (commit.c) takes the commit: a tree first, then parents, each an id and a line feed.
 * (Tags are not parsed by git for verifying: they are always readable.)
 */
export function isReadable(bytes: Uint8Array, algorithm: HashAlgorithm): boolean {
  const length = OID_LENGTH[algorithm];
  const tree = startsAt(bytes, 0, TREE) ? readOid(bytes, TREE.length, length) : null;
  if (tree === null) return false;
  const step = PARENT.length + length + 1;
  for (let at = TREE.length + length + 1; startsAt(bytes, at, PARENT) && at + step <= bytes.length; at += step) {
    const parent = readOid(bytes, at + PARENT.length, length);
    // lookup_commit (commit.c): what is known as a tree is no commit.
    if (parent === null || parent === tree) return false;
  }
  return true;
}
