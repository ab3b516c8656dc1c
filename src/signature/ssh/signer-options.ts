// Parses the options of one allowed_signers line (ssh-keygen(1), ALLOWED SIGNERS) as sshsigopt_parse does.

import { MalformedError } from '../../errors.ts';
import { parseOpensshTime } from './time.ts';
import type { TimeZone } from './time-zone.ts';

/** What the options of a line ask for. */
export interface SignerOptions {
  readonly isAuthority: boolean;
  /** A pattern list, as a byte string; undefined: any namespace. */
  readonly namespaces?: string;
  /** Seconds since 1970, both inclusive. */
  readonly validAfter?: number;
  readonly validBefore?: number;
}

const CODE = 'ALLOWED_SIGNERS_LINE_MALFORMED';

function fail(message: string): never {
  throw new MalformedError(CODE, message);
}

function startsWithKeyword(text: string, at: number, keyword: string): boolean {
  return text.slice(at, at + keyword.length).toLowerCase() === keyword;
}

/** A quoted value at `at`, with `\"` for a quote, and where it ends. */
function parseQuoted(text: string, at: number): { value: string; end: number } {
  if (text[at] !== '"') fail('an option lacks its opening quote');
  let value = '';
  let i = at + 1;
  while (i < text.length && text[i] !== '"') {
    if (text[i] === '\\' && text[i + 1] === '"') i++;
    value += text[i] ?? '';
    i++;
  }
  if (i >= text.length) fail('an option lacks its closing quote');
  return { value, end: i + 1 };
}

interface Draft {
  isAuthority: boolean;
  namespaces?: string;
  validAfter?: number;
  validBefore?: number;
}

function parseOneTime(value: string, findZone: () => TimeZone, name: string): number {
  return parseOpensshTime(value, findZone) ?? fail(`${name}: not a time`);
}

/** Reads the option at `at` into the draft and tells where it ends: at `at` itself when there is none that is known. */
function readOption(text: string, at: number, draft: Draft, findZone: () => TimeZone): number {
  if (startsWithKeyword(text, at, 'cert-authority')) {
    draft.isAuthority = true;
    return at + 'cert-authority'.length;
  }
  for (const name of ['namespaces', 'validAfter', 'validBefore'] as const) {
    const keyword = { namespaces: 'namespaces=', validAfter: 'valid-after=', validBefore: 'valid-before=' }[name];
    if (!startsWithKeyword(text, at, keyword)) continue;
    if (draft[name] !== undefined) fail(`${keyword.slice(0, -1)} is given twice`);
    const { value, end } = parseQuoted(text, at + keyword.length);
    if (name === 'namespaces') draft.namespaces = value;
    else draft[name] = parseOneTime(value, findZone, keyword.slice(0, -1));
    return end;
  }
  return at;
}

/** Parses the options, which hold no unquoted blank. Throws MalformedError `ALLOWED_SIGNERS_LINE_MALFORMED`. */
export function parseSignerOptions(text: string, findZone: () => TimeZone): SignerOptions {
  const draft: Draft = { isAuthority: false };
  let at = 0;
  while (at < text.length) {
    at = readOption(text, at, draft, findZone);
    if (at === text.length) break;
    // Empty options between commas are passed over; one at the end is not.
    if (text[at] !== ',') fail('an option is not known');
    at++;
    if (at === text.length) fail('the options end in a comma');
  }
  if (draft.validAfter !== undefined && draft.validBefore !== undefined && draft.validBefore <= draft.validAfter) {
    fail('valid-before is not later than valid-after');
  }
  return draft;
}

/** Where the options that start at `start` end: at the first blank outside quotes. Throws MalformedError when a quote stays open. */
export function findOptionsEnd(line: string, start: number): number {
  let isQuoted = false;
  let at = start;
  for (; at < line.length && (isQuoted || (line[at] !== ' ' && line[at] !== '\t')); at++) {
    if (line[at] === '\\' && line[at + 1] === '"') at++;
    else if (line[at] === '"') isQuoted = !isQuoted;
  }
  if (isQuoted) fail('a quote stays open in the options');
  return Math.min(at, line.length);
}
