// Parses an allowed_signers file (ssh-keygen(1), ALLOWED SIGNERS) line by line as OpenSSH 9.2 does, and indexes it by key.

import { MalformedError } from '../../errors.ts';
import { limits } from '../../bytes/index.ts';
import { isKeyType, parseKeyAt, skipBlanks } from './key-line.ts';
import { fingerprintOf } from './public-key.ts';
import type { SshKeyBlob } from './resolve-key.ts';
import { findOptionsEnd, parseSignerOptions } from './signer-options.ts';
import type { SignerOptions } from './signer-options.ts';
import { byteStringOf } from './text.ts';
import { findTimeZone } from './time-zone.ts';
import type { TimeZone } from './time-zone.ts';

/** One line that lists a key. */
export interface AllowedSignerLine extends SignerOptions {
  readonly path: string;
  /** Counted from 1. */
  readonly line: number;
  /** The pattern list of principals, as a byte string (see text.ts). */
  readonly principals: string;
}

/** A parsed allowed_signers file. */
export interface AllowedSigners {
  readonly path: string;
  /** The lines under the name of what they list (see `nameOfKey` and its kin), in the order of the file. */
  readonly lines: ReadonlyMap<string, readonly AllowedSignerLine[]>;
  /** Whether any line has a time: without one the machine's time zone does not matter. */
  readonly hasTimes: boolean;
  /** Lines that OpenSSH cannot read and passes over. */
  readonly problems: readonly { readonly line: number; readonly message: string }[];
}

/** Index name of lines that list a plain key. */
export function nameOfKey(fingerprint: string): string {
  return fingerprint;
}

/** Index name of lines that list a certificate itself, by the digest of its whole blob. */
export function nameOfCertificate(blobSha256: string): string {
  return `cert ${blobSha256}`;
}

/** Index name of `cert-authority` lines. */
export function nameOfAuthority(fingerprint: string): string {
  return `ca ${fingerprint}`;
}

const CODE = 'ALLOWED_SIGNERS_LINE_MALFORMED';
const AFTER_TOKEN = ' \t\r\n';

/**
 * The principals at the start of a line and where the rest starts (strdelimw): up to a blank; or, from a quote on, which may stand
 * anywhere in the token, up to the next quote.
 */
function splitPrincipals(line: string, start: number): { principals: string; rest: number } {
  let end = start;
  while (end < line.length && !AFTER_TOKEN.includes(line[end] ?? '') && line[end] !== '"') end++;
  if (end === line.length) throw new MalformedError(CODE, 'nothing follows the principals');
  let principals = line.slice(start, end);
  if (line[end] === '"') {
    const close = line.indexOf('"', end + 1);
    if (close === -1) throw new MalformedError(CODE, 'a quote stays open in the principals');
    principals += line.slice(end + 1, close);
    end = close;
  }
  let rest = end + 1;
  while (rest < line.length && AFTER_TOKEN.includes(line[rest] ?? '')) rest++;
  return { principals, rest };
}

function parseKeyAndOptions(line: string, start: number, findZone: () => TimeZone): { key: SshKeyBlob; options: SignerOptions } {
  // OpenSSH takes what is no key for options; no options that it knows are spelled like a key type.
  if (isKeyType(line, start)) return { key: parseKeyAt(line, start), options: { isAuthority: false } };
  const end = findOptionsEnd(line, start);
  if (end === line.length) throw new MalformedError(CODE, 'no key');
  return { key: parseKeyAt(line, skipBlanks(line, end)), options: parseSignerOptions(line.slice(start, end), findZone) };
}

function nameOf(key: SshKeyBlob, options: SignerOptions): string {
  // OpenSSH compares a CA by its plain key, even where the line lists a certificate of it.
  if (options.isAuthority) return nameOfAuthority(fingerprintOf(key.plain.blob));
  return key.certificate === undefined ? nameOfKey(fingerprintOf(key.plain.blob)) : nameOfCertificate(key.certificate.facts.blobSha256);
}

// getline keeps the LF, which counts: a base64 token may end in it. C strings end at the first NUL.
function* splitLines(bytes: Uint8Array): Generator<Uint8Array> {
  for (let start = 0; start < bytes.length;) {
    const lf = bytes.indexOf(0x0a, start);
    const end = lf === -1 ? bytes.length : lf + 1;
    const line = bytes.subarray(start, end);
    const nul = line.indexOf(0);
    yield nul === -1 ? line : line.subarray(0, nul);
    start = end;
  }
}

function isBlankOrComment(line: string): boolean {
  const first = line[skipBlanks(line, 0)];
  return first === undefined || first === '#' || line.trim() === '';
}

/**
 * Parses a file of allowed signers. `path` is for messages only; `timeZone` (an IANA name, default `UTC`) is where times without `Z` are local.
 * Lines that break the grammar are collected as problems. Throws MalformedError `ALLOWED_SIGNERS_TOO_LARGE` above `limits.trustFileBytes`,
 * ToolError `TIME_ZONE_UNKNOWN`.
 */
export function parseAllowedSigners(bytes: Uint8Array, options: { readonly path: string; readonly timeZone?: string }): AllowedSigners {
  const { path } = options;
  if (bytes.length > limits.trustFileBytes)
    throw new MalformedError('ALLOWED_SIGNERS_TOO_LARGE', `${path}: more than ${limits.trustFileBytes} bytes`);
  // Found when the first line has a time: it takes 30 ms.
  let zone: TimeZone | undefined;
  const findZone = (): TimeZone => (zone ??= findTimeZone(options.timeZone ?? 'UTC'));
  const lines = new Map<string, AllowedSignerLine[]>();
  const problems: { line: number; message: string }[] = [];
  let hasTimes = false;
  let number = 0;
  for (const raw of splitLines(bytes)) {
    number++;
    try {
      if (raw.length > limits.trustLineBytes) throw new MalformedError(CODE, `more than ${limits.trustLineBytes} bytes`);
      const line = byteStringOf(raw);
      if (isBlankOrComment(line)) continue;
      const { principals, rest } = splitPrincipals(line, skipBlanks(line, 0));
      const { key, options: asked } = parseKeyAndOptions(line, rest, findZone);
      const name = nameOf(key, asked);
      const entry = { path, line: number, principals, ...asked };
      hasTimes ||= asked.validAfter !== undefined || asked.validBefore !== undefined;
      const others = lines.get(name);
      if (others === undefined) lines.set(name, [entry]);
      else others.push(entry);
    } catch (error) {
      if (!(error instanceof MalformedError)) throw error;
      problems.push({ line: number, message: error.message });
    }
  }
  return { path, lines, hasTimes, problems };
}
