// Cuts a tag into its signed payload and its signature exactly as git does, and puts it together again.

import { concat } from '../bytes/index.ts';
import { detectFormat, startsAt } from './formats.ts';
import { headerEnd, lineEnd } from './header.ts';
import { signatureHeader } from './split-commit.ts';
import type { ByteRange, Piece, SplitObject } from './types.ts';

const SPACE = 32;
const DASH = 45;

/** Where the signature of a tag starts: at the last line, header lines included, that begins like an armor; -1 without one. */
function signatureStart(bytes: Uint8Array): number {
  let found = -1;
  for (let start = 0; start < bytes.length; start = lineEnd(bytes, start)) {
    if (bytes[start] === DASH && detectFormat(bytes, start) !== null) found = start;
  }
  return found;
}

/**
 * The header signatures that git takes out of a tag's payload (commit.c, remove_signature): at most two runs,
 * and of headers that stand next to each other only the last.
 */
function headerSignatures(bytes: Uint8Array, end: number): ByteRange[] {
  const prefixes = [signatureHeader('sha1'), signatureHeader('sha256')];
  const runs: (ByteRange | undefined)[] = [];
  let run = 0;
  let inSignature = false;
  for (let start = 0; start < end;) {
    const next = lineEnd(bytes, start);
    const current = runs[run];
    if (inSignature && bytes[start] === SPACE) {
      if (current !== undefined) runs[run] = { start: current.start, end: next };
    } else if (prefixes.some((prefix) => startsAt(bytes, start, prefix))) {
      // git's array has two places and it does not move past the second: a third run lands beside it and is not removed.
      if (run < 2) runs[run] = { start, end: next };
      inSignature = true;
    } else {
      if (inSignature && run < 2) run++;
      inSignature = false;
    }
    start = next;
  }
  return runs.filter((range) => range !== undefined);
}

/**
 * Splits a tag as git's parse_signed_buffer (gpg-interface.c) and remove_signature (commit.c) do: the signature is everything from the
 * last line that begins like an armor; `gpgsig` headers (of the translated object in the other hash) are taken out of the payload.
 *
 * @param bytes the object's content, without git's `tag size NUL`
 */
export function splitTag(bytes: Uint8Array): SplitObject {
  const at = signatureStart(bytes);
  const signed = at === -1 ? bytes.length : at;
  const pieces: Piece[] = [];
  let payloadStart = 0;
  for (const { start, end } of headerSignatures(bytes, Math.min(headerEnd(bytes), signed))) {
    if (payloadStart < start) pieces.push({ kind: 'payload', start: payloadStart, end: start });
    pieces.push({ kind: 'dropped', start, end });
    payloadStart = end;
  }
  if (payloadStart < signed) pieces.push({ kind: 'payload', start: payloadStart, end: signed });
  if (at !== -1) pieces.push({ kind: 'signature', start: at, end: bytes.length });
  const parts = pieces.filter((piece) => piece.kind === 'payload').map((piece) => bytes.subarray(piece.start, piece.end));
  return {
    payload: parts.length === 1 ? (parts[0] as Uint8Array) : concat(...parts),
    signature: at === -1 ? null : bytes.subarray(at),
    pieces,
  };
}

/** Puts a signature behind an unsigned tag: the inverse of {@link splitTag}. */
export function joinTag(payload: Uint8Array, signature: Uint8Array): Uint8Array {
  return concat(payload, signature);
}
