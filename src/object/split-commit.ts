// Cuts a commit into its signed payload and its signature exactly as git does, and puts it together again.

import { concat } from '../bytes/index.ts';
import { continuationEnd, headerEnd, lineEnd } from './header.ts';
import { startsAt } from './formats.ts';
import type { HashAlgorithm, Piece, SplitObject } from './types.ts';

const LF = 10;
const SPACE = 32;
const encoder = new TextEncoder();
const ANY_SIGNATURE = encoder.encode('gpgsig');
const SIGNATURE_HEADER: Readonly<Record<HashAlgorithm, Uint8Array>> = {
  sha1: encoder.encode('gpgsig '),
  sha256: encoder.encode('gpgsig-sha256 '),
};

/** The header that carries the signature in a repository of the given hash, with the space behind it. */
export function signatureHeader(algorithm: HashAlgorithm): Uint8Array {
  return SIGNATURE_HEADER[algorithm];
}

/** The next line from `start` (itself the start of a line) on that begins with `gpgsig`; the length of the bytes without one. */
function nextSignature(bytes: Uint8Array, start: number): number {
  if (startsAt(bytes, start, ANY_SIGNATURE)) return start;
  const at = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).indexOf('\ngpgsig', start);
  return at === -1 ? bytes.length : at + 1;
}

/** What the signature lines say: the header's name and the space that marks a continuation taken off. */
function signatureText(bytes: Uint8Array, pieces: readonly Piece[], prefix: Uint8Array): Uint8Array | null {
  let size = 0;
  for (const piece of pieces) if (piece.kind === 'signature') size += piece.end - piece.start;
  if (size === 0) return null;
  const text = new Uint8Array(size);
  let length = 0;
  for (const piece of pieces) {
    if (piece.kind !== 'signature') continue;
    for (let i = piece.start + prefix.length; i < piece.end; i++) {
      const byte = bytes[i] as number;
      text[length++] = byte;
      // Every line but the first is a continuation, so what follows a line feed in here is its space.
      if (byte === LF) i++;
    }
  }
  return text.subarray(0, length);
}

function payloadOf(bytes: Uint8Array, pieces: readonly Piece[]): Uint8Array {
  const parts = pieces.filter((piece) => piece.kind === 'payload').map((piece) => bytes.subarray(piece.start, piece.end));
  return parts.length === 1 ? (parts[0] as Uint8Array) : concat(...parts);
}

/**
 * Splits a commit as git's parse_buffer_signed_by_header (commit.c) does: header lines `gpgsig ` (in a SHA-256 repository `gpgsig-sha256 `)
 * with their continuations are the signature, all such headers strung together; any other header whose name begins with `gpgsig` is
 * dropped from the payload; everything else, byte for byte, is the payload.
 *
 * @param bytes the object's content, without git's `commit size NUL`
 * @param algorithm the hash of the repository
 */
export function splitCommit(bytes: Uint8Array, algorithm: HashAlgorithm): SplitObject {
  const prefix = signatureHeader(algorithm);
  const end = headerEnd(bytes);
  const pieces: Piece[] = [];
  let payloadStart = 0;
  for (let start = nextSignature(bytes, 0); start < end; start = nextSignature(bytes, payloadStart)) {
    if (payloadStart < start) pieces.push({ kind: 'payload', start: payloadStart, end: start });
    const next = continuationEnd(bytes, lineEnd(bytes, start));
    pieces.push({ kind: startsAt(bytes, start, prefix) ? 'signature' : 'dropped', start, end: next });
    payloadStart = next;
  }
  if (payloadStart < bytes.length) pieces.push({ kind: 'payload', start: payloadStart, end: bytes.length });
  return { payload: payloadOf(bytes, pieces), signature: signatureText(bytes, pieces, prefix), pieces };
}

/** Indents a signature as header lines: the header's name before the first line, a space before each other. */
function signatureLines(signature: Uint8Array, prefix: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [];
  const space = Uint8Array.of(SPACE);
  for (let start = 0; start < signature.length;) {
    const end = lineEnd(signature, start);
    parts.push(start === 0 ? prefix : space, signature.subarray(start, end));
    start = end;
  }
  const last = signature[signature.length - 1];
  if (last !== 10) parts.push(Uint8Array.of(10));
  return concat(...parts);
}

/**
 * Puts a signature into an unsigned commit: the inverse of {@link splitCommit}.
 *
 * @param payload the unsigned commit
 * @param signature armored text; a final line feed is added when it has none
 * @param algorithm the hash of the repository
 * @param at offset in the payload; by default where git puts it, behind the last header
 */
export function joinCommit(payload: Uint8Array, signature: Uint8Array, algorithm: HashAlgorithm, at = headerEnd(payload)): Uint8Array {
  return concat(payload.subarray(0, at), signatureLines(signature, signatureHeader(algorithm)), payload.subarray(at));
}
