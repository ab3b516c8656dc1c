// The short way: takes a commit apart in one pass when it is exactly as git writes it, which almost every one is.

import { allocateUncleared, limits } from '../bytes/index.ts';
import { startsAt } from './formats.ts';
import { OID_LENGTH } from './hash.ts';
import { signatureHeader } from './split-commit.ts';
import type { HashAlgorithm, Piece } from './types.ts';

const LF = 10;
const SPACE = 32;
const encoder = new TextEncoder();
const TREE = encoder.encode('tree ');
const PARENT = encoder.encode('parent ');
const AUTHOR = encoder.encode('author ');
const COMMITTER = encoder.encode('committer ');
const ENCODING = encoder.encode('encoding ');

/** A plain commit, taken apart: what {@link splitCommit} and the strict reading would say of it. */
export interface PlainCommit {
  readonly payload: Uint8Array;
  readonly signature: Uint8Array | null;
  readonly pieces: readonly Piece[];
  readonly parents: readonly string[];
  /** The value of the committer line, without its line feed. */
  readonly committer: Uint8Array;
}

/** The id behind the name at `start`, or null where there is not exactly a name, an id in lower case and a line feed. */
function readOidLine(bytes: Uint8Array, start: number, name: Uint8Array, length: number): string | null {
  const from = start + name.length;
  if (!startsAt(bytes, start, name) || bytes[from + length] !== LF) return null;
  for (let i = from; i < from + length; i++) {
    const byte = bytes[i] as number;
    if (byte < 48 || byte > 102 || (byte > 57 && byte < 97)) return null;
  }
  return Buffer.from(bytes.buffer, bytes.byteOffset + from, length).toString('latin1');
}

/** Behind the line that begins with `name` at `start`; -1 without one. */
function skipLine(bytes: Uint8Array, start: number, name: Uint8Array): number {
  if (start === -1 || !startsAt(bytes, start, name)) return -1;
  return bytes.indexOf(LF, start) + 1 || -1;
}

/** Copies a signature without the spaces that mark its lines as continued, into `text`; returns where it ends. */
function copySignature(bytes: Uint8Array, start: number, text: Uint8Array): { end: number; length: number } {
  let length = 0;
  for (let from = start; ;) {
    const lineFeed = bytes.indexOf(LF, from);
    const end = lineFeed === -1 ? bytes.length : lineFeed + 1;
    text.set(bytes.subarray(from, end), length);
    length += end - from;
    if (bytes[end] !== SPACE) return { end, length };
    from = end + 1;
  }
}

interface Parents {
  readonly parents: readonly string[];
  readonly end: number;
}

function readParents(bytes: Uint8Array, length: number): Parents | null {
  const tree = readOidLine(bytes, 0, TREE, length);
  if (tree === null) return null;
  const parents: string[] = [];
  let end = TREE.length + length + 1;
  for (const step = PARENT.length + length + 1; bytes[end] === PARENT[0]; end += step) {
    const parent = readOidLine(bytes, end, PARENT, length);
    if (parent === null || parent === tree || parents.length === limits.objectParents) return null;
    parents.push(parent);
  }
  return { parents, end };
}

function splitAt(bytes: Uint8Array, start: number, prefix: Uint8Array): Pick<PlainCommit, 'payload' | 'signature' | 'pieces'> | null {
  const text = allocateUncleared(bytes.length - start);
  const { end, length } = copySignature(bytes, start + prefix.length, text);
  if (bytes[end] !== LF) return null;
  const payload = allocateUncleared(bytes.length - (end - start));
  payload.set(bytes.subarray(0, start));
  payload.set(bytes.subarray(end), start);
  const pieces: Piece[] = [
    { kind: 'payload', start: 0, end: start },
    { kind: 'signature', start, end },
    { kind: 'payload', start: end, end: bytes.length },
  ];
  return { payload, signature: text.subarray(0, length), pieces };
}

/**
 * Takes apart a commit that has nothing but tree, parents, author, committer, encoding and at most one signature, in that order, an empty
 * line, and no NUL; null for any other, which then has to be read the long way.
 */
export function readPlainCommit(bytes: Uint8Array, algorithm: HashAlgorithm): PlainCommit | null {
  const head = readParents(bytes, OID_LENGTH[algorithm]);
  if (head === null) return null;
  const committerStart = skipLine(bytes, head.end, AUTHOR);
  let end = skipLine(bytes, committerStart, COMMITTER);
  if (end === -1) return null;
  const committer = bytes.subarray(committerStart + COMMITTER.length, end - 1);
  if (bytes[end] === ENCODING[0]) end = skipLine(bytes, end, ENCODING);
  if (end === -1 || bytes.includes(0)) return null;
  const { parents } = head;
  if (bytes[end] === LF)
    return { payload: bytes, signature: null, pieces: [{ kind: 'payload', start: 0, end: bytes.length }], parents, committer };
  const prefix = signatureHeader(algorithm);
  const split = startsAt(bytes, end, prefix) ? splitAt(bytes, end, prefix) : null;
  return split === null ? null : { ...split, parents, committer };
}
