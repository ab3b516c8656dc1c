// Reads the committer (tagger) line of a payload as git's C code reads it.

import { limits } from '../bytes/index.ts';
import { startsAt } from './formats.ts';
import { lineEnd } from './header.ts';
import type { Identity, SignableType } from './types.ts';

const LF = 10;
const LESS = 60;
const GREATER = 62;
// git reads 64 bits, and takes a greater number for the greatest of them.
const MAXIMUM_DATE = 2 ** 64;
const encoder = new TextEncoder();
const KEY = { commit: encoder.encode('committer '), tag: encoder.encode('tagger ') } as const;
// ident.c, split_ident_line: digits, white space, then a sign and digits; what follows is not looked at.
const DATE = /^[ \t\n\v\f\r]*([0-9]+)[ \t\n\v\f\r]*[+-][0-9]+/;

/** The value's range of the first such header line; the search is by C strings: it ends at the empty line and at any NUL. */
function findLine(payload: Uint8Array, key: Uint8Array): { start: number; end: number } | null {
  const nul = payload.indexOf(0);
  const limit = nul === -1 ? payload.length : nul;
  for (let start = 0; start < limit && payload[start] !== LF;) {
    const next = lineEnd(payload, start);
    if (startsAt(payload, start, key)) {
      const end = payload[next - 1] === LF ? next - 1 : next;
      return { start: start + key.length, end: Math.min(end, limit) };
    }
    start = next;
  }
  return null;
}

/**
 * The identity that git dates a signature by: the committer of a commit, the tagger of a tag.
 * Null where git finds none that it can read, and then answers `N` without looking at the signature.
 */
export function readIdentity(payload: Uint8Array, type: SignableType): Identity | null {
  const line = findLine(payload, KEY[type]);
  return line === null ? null : parseIdentity(payload.subarray(line.start, Math.max(line.start, line.end)));
}

/** Reads the value of such a line: `Name <mail> seconds zone`. */
export function parseIdentity(value: Uint8Array): Identity | null {
  const mailStart = value.indexOf(LESS);
  if (mailStart === -1 || value.indexOf(GREATER, mailStart + 1) === -1) return null;
  const mailEnd = value.lastIndexOf(GREATER);
  const view = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  const date = DATE.exec(view.toString('latin1', mailEnd + 1, mailEnd + 129));
  const seconds = date === null ? 0 : Number(date[1]);
  return {
    text: mailEnd < limits.identityBytes ? view.toString('utf8', 0, mailEnd + 1) : `${view.toString('utf8', 0, limits.identityBytes)}…`,
    // git takes the date 0 for "no date".
    claimedAt: seconds === 0 ? null : Math.min(seconds, MAXIMUM_DATE),
  };
}
