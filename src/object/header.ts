// Walks the header lines of a commit or tag without decoding them.

const LF = 10;
const SPACE = 32;

/** One header line with its continuations: `name` ends at the first space, `end` is behind the last line feed. */
export interface Header {
  readonly name: string;
  readonly start: number;
  readonly valueStart: number;
  /** Behind the first line, its line feed included. */
  readonly lineEnd: number;
  readonly end: number;
}

/** The end of the line that starts at `offset`, behind its line feed (or the end of the bytes). */
export function lineEnd(bytes: Uint8Array, offset: number): number {
  const at = bytes.indexOf(LF, offset);
  return at === -1 ? bytes.length : at + 1;
}

/** The end of a run of continuation lines (each starts with one space) from `offset`. */
export function continuationEnd(bytes: Uint8Array, offset: number): number {
  if (bytes[offset] !== SPACE) return offset;
  // A loop over bytes: signatures have dozens of short lines, and a call for each costs more.
  for (let i = offset; i < bytes.length; i++) if (bytes[i] === LF && bytes[i + 1] !== SPACE) return i + 1;
  return bytes.length;
}

function nameOf(bytes: Uint8Array, start: number, end: number): string {
  let name = '';
  // Longer names than any that git knows are of no interest but for being unknown.
  for (let i = start; i < end && i < start + 64; i++) {
    const byte = bytes[i] as number;
    if (byte === SPACE || byte === LF) break;
    name += String.fromCharCode(byte);
  }
  return name;
}

/** Where the header ends: at the first empty line (its line feed not included), or at the end of the bytes. */
export function headerEnd(bytes: Uint8Array): number {
  if (bytes[0] === LF) return 0;
  const at = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).indexOf('\n\n');
  return at === -1 ? bytes.length : at + 1;
}

/** The headers of an object in order, at most `maximum` of them: a longer header yields null. */
export function readHeaders(bytes: Uint8Array, end: number, maximum: number): Header[] | null {
  const headers: Header[] = [];
  for (let start = 0; start < end;) {
    if (headers.length === maximum) return null;
    const first = lineEnd(bytes, start);
    const name = nameOf(bytes, start, first);
    const next = Math.min(continuationEnd(bytes, first), end);
    headers.push({ name, start, valueStart: Math.min(start + name.length + 1, first), lineEnd: first, end: next });
    start = next;
  }
  return headers;
}
