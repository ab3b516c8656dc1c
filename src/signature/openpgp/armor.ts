// Reads one ASCII-armored block (RFC 9580 §6): the lenient things that gpg reads are read as well, and noted.

import { malformed } from './malformed.ts';

/** The bytes of one block. */
export interface ArmoredBlock {
  /** What stands between `BEGIN PGP ` and the dashes. */
  readonly label: string;
  readonly bytes: Uint8Array;
  /** False when gpg reads the block although RFC 9580 §6.2 does not allow it (foreign characters, no END line, no empty line). */
  readonly canonical: boolean;
  /** Offset of the first byte after the END line. */
  readonly end: number;
}

const LF = 10;
const DASH = 45;
const EQUALS = 61;
const FOREIGN = 255;
const SPACE = 254;

// Character code to its six bits.
const SIXTETS = new Uint8Array(256).fill(FOREIGN);
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
for (let i = 0; i < 64; i++) SIXTETS[ALPHABET.charCodeAt(i)] = i;
for (const code of [9, 10, 13, 32]) SIXTETS[code] = SPACE;

// RFC 9580 §6.1.1, eight bits at a time.
const CRC_TABLE = new Int32Array(256);
for (let i = 0; i < 256; i++) {
  let crc = i << 16;
  for (let bit = 0; bit < 8; bit++) crc = (crc & 0x800000) === 0 ? crc << 1 : (crc << 1) ^ 0x864cfb;
  CRC_TABLE[i] = crc & 0xffffff;
}

// The longest line that is still canonical, and the longest that gpg reads (armor.c, MAX_LINELEN).
const LONGEST_LINE = 1000;
const LONGEST_LINE_OF_GPG = 19_995;

function crc24(bytes: Uint8Array): number {
  let crc = 0xb704ce;
  for (let i = 0; i < bytes.length; i++) crc = ((crc << 8) & 0xffffff) ^ (CRC_TABLE[(crc >> 16) ^ (bytes[i] ?? 0)] ?? 0);
  return crc;
}

function lineEnd(bytes: Uint8Array, start: number): number {
  const end = bytes.indexOf(LF, start);
  return end === -1 ? bytes.length : end;
}

function readLine(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start)
    .toString('latin1')
    .trimEnd();
}

/** Skips the armor headers; says where the body starts, and whether an empty line stood before it. */
function skipHeaders(bytes: Uint8Array, start: number): { body: number; canonical: boolean } {
  let offset = start;
  while (offset < bytes.length) {
    const end = lineEnd(bytes, offset);
    const line = readLine(bytes, offset, end);
    if (line === '') return { body: end + 1, canonical: true };
    // gpg (armor.c, parse_header_line) takes what is no header for the first line of the body.
    if (!/^[^:]+:(?: |$)/.test(line)) return { body: offset, canonical: false };
    offset = end + 1;
  }
  return malformed('no data in the armor', start);
}

function isShort(length: number): boolean {
  if (length > LONGEST_LINE_OF_GPG) malformed('line too long');
  return length <= LONGEST_LINE;
}

interface Body {
  readonly bytes: Uint8Array;
  readonly canonical: boolean;
  /** Offset of the `=` that ends the data, or of the END line, or of the end of input. */
  readonly end: number;
  /** Sextets read, modulo 4. */
  readonly rest: number;
}

/** Where the next line that starts with a dash begins: the END line, or another BEGIN. */
function bodyEnd(bytes: Uint8Array, start: number): number {
  if (bytes[start] === DASH) return start;
  const found = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).indexOf('\n-', start, 'latin1');
  return found === -1 ? bytes.length : found + 1;
}

/** Decodes whole groups of four characters, as far as nothing else comes between; returns how many groups. */
function decodeGroups(bytes: Uint8Array, start: number, limit: number, into: Uint8Array, at: number): number {
  let offset = start;
  let length = at;
  for (; offset + 4 <= limit; offset += 4) {
    const a = SIXTETS[bytes[offset] ?? 0] ?? FOREIGN;
    const b = SIXTETS[bytes[offset + 1] ?? 0] ?? FOREIGN;
    const c = SIXTETS[bytes[offset + 2] ?? 0] ?? FOREIGN;
    const d = SIXTETS[bytes[offset + 3] ?? 0] ?? FOREIGN;
    if ((a | b | c | d) > 63) break;
    into[length] = (a << 2) | (b >> 4);
    into[length + 1] = (b << 4) | (c >> 2);
    into[length + 2] = (c << 6) | d;
    length += 3;
  }
  return (offset - start) >> 2;
}

function decodeBody(bytes: Uint8Array, start: number): Body {
  const limit = bodyEnd(bytes, start);
  const decoded = Buffer.allocUnsafe((((limit - start) * 3) >> 2) + 3);
  let length = 0;
  let bits = 0;
  let count = 0;
  let canonical = true;
  let lineStart = start;
  let offset = start;
  for (; offset < limit; offset++) {
    if ((count & 3) === 0) {
      const groups = decodeGroups(bytes, offset, limit, decoded, length);
      length += groups * 3;
      offset += groups * 4;
      if (offset === limit) break;
    }
    const code = bytes[offset] ?? 0;
    const sextet = SIXTETS[code] ?? FOREIGN;
    if (sextet < 64) {
      bits = ((bits << 6) | sextet) & 0xffffff;
      if ((++count & 3) === 0) {
        decoded[length] = bits >> 16;
        decoded[length + 1] = bits >> 8;
        decoded[length + 2] = bits;
        length += 3;
      }
    } else if (sextet === SPACE) {
      if (code === LF) {
        if (!isShort(offset - lineStart)) canonical = false;
        lineStart = offset + 1;
      }
    } else if (code === EQUALS) break;
    else canonical = false;
  }
  const rest = count & 3;
  if (rest >= 2) {
    const tail = rest === 2 ? bits << 12 : bits << 6;
    decoded[length++] = tail >> 16;
    if (rest === 3) decoded[length++] = tail >> 8;
    // Bits that no byte holds must be zero (RFC 4648 §3.5).
    if ((tail & (rest === 2 ? 0xffff : 0xff)) !== 0) canonical = false;
  }
  if (!isShort(offset - lineStart)) canonical = false;
  return { bytes: decoded.subarray(0, length), canonical: canonical && rest !== 1, end: offset, rest };
}

/** Reads padding and checksum. A checksum is optional (RFC 9580 §6.1), a wrong one is an error, as it is for gpg. */
function checkTail(bytes: Uint8Array, body: Body): { end: number; canonical: boolean } {
  let offset = body.end;
  let equals = 0;
  let checksum = 0;
  let digits = 0;
  for (; offset < bytes.length && digits < 4; offset++) {
    const code = bytes[offset] ?? 0;
    const sextet = SIXTETS[code] ?? FOREIGN;
    if (sextet === SPACE) continue;
    if (code === EQUALS && digits === 0) equals++;
    else if (sextet < 64 && equals > 0) {
      checksum = (checksum << 6) | sextet;
      digits++;
    } else break;
  }
  if (digits !== 0 && digits !== 4) malformed('the checksum of the armor is cut off', offset);
  if (digits === 4 && checksum !== crc24(body.bytes)) malformed('the checksum of the armor is wrong', offset);
  const padding = (4 - body.rest) & 3;
  return { end: offset, canonical: equals === padding + (digits === 4 ? 1 : 0) };
}

/**
 * Reads the armored block that starts at `start`, which must point at `-----BEGIN PGP`.
 * Throws MalformedError `OPENPGP_SIGNATURE_MALFORMED` where gpg finds no data: no BEGIN line, no body, wrong checksum.
 */
export function readArmoredBlock(bytes: Uint8Array, start: number): ArmoredBlock {
  const firstEnd = lineEnd(bytes, start);
  const label = /^-----BEGIN PGP ([A-Z0-9 ,/]+)-----$/.exec(readLine(bytes, start, Math.min(firstEnd, start + LONGEST_LINE)))?.[1];
  if (label === undefined) return malformed('no BEGIN line', start);
  const headers = skipHeaders(bytes, firstEnd + 1);
  const body = decodeBody(bytes, headers.body);
  const tail = checkTail(bytes, body);
  let offset = tail.end;
  while (offset < bytes.length && SIXTETS[bytes[offset] ?? 0] === SPACE) offset++;
  const end = lineEnd(bytes, offset);
  const closed = readLine(bytes, offset, Math.min(end, offset + LONGEST_LINE)) === `-----END PGP ${label}-----`;
  return {
    label,
    bytes: body.bytes,
    canonical: headers.canonical && body.canonical && tail.canonical && closed,
    end: closed ? Math.min(end + 1, bytes.length) : offset,
  };
}

/** The offset of the next line that starts with `-----BEGIN PGP `, or -1. */
export function findArmor(bytes: Uint8Array, start: number): number {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let offset = text.indexOf('-----BEGIN PGP ', start, 'latin1');
  while (offset > 0 && text[offset - 1] !== LF) offset = text.indexOf('-----BEGIN PGP ', offset + 1, 'latin1');
  return offset;
}
