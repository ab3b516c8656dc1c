// Builds the bytes of commits and tags as git writes them, apart from src/, so that a mistake shared with the code under test cannot hide.

import { hash } from 'node:crypto';

export type ObjectFormat = 'sha1' | 'sha256';
export type ObjectType = 'blob' | 'tree' | 'commit' | 'tag';

export interface CommitFields {
  readonly tree: string;
  readonly parents?: readonly string[];
  /** `Name <mail>`; default a tester. */
  readonly author?: string;
  readonly committer?: string;
  /** Seconds since 1970, of author and committer; default 1,700,000,000. */
  readonly time?: number;
  /** Default `+0000`. */
  readonly zone?: string;
  /** Default `message` and a line feed; taken as it is. */
  readonly message?: string | Uint8Array;
  /** Whole header lines, each without its line feed, put behind the committer line. */
  readonly extraHeaders?: readonly string[];
}

export interface TagFields {
  readonly object: string;
  readonly tag: string;
  /** What is tagged; default `commit`. */
  readonly type?: ObjectType;
  readonly tagger?: string;
  readonly time?: number;
  readonly zone?: string;
  readonly message?: string | Uint8Array;
  readonly extraHeaders?: readonly string[];
}

const TESTER = 'Test Er <tester@example.com>';
const DEFAULT_TIME = 1_700_000_000;

function assemble(headers: readonly string[], message: string | Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(`${headers.join('\n')}\n\n`), typeof message === 'string' ? Buffer.from(message) : message]);
}

/** The bytes of an unsigned commit. */
export function buildCommit(fields: CommitFields): Buffer {
  const {
    tree,
    parents = [],
    author = TESTER,
    committer = author,
    time = DEFAULT_TIME,
    zone = '+0000',
    message = 'message\n',
    extraHeaders = [],
  } = fields;
  const headers = [
    `tree ${tree}`,
    ...parents.map((parent) => `parent ${parent}`),
    `author ${author} ${time} ${zone}`,
    `committer ${committer} ${time} ${zone}`,
    ...extraHeaders,
  ];
  return assemble(headers, message);
}

/** The bytes of an unsigned annotated tag. */
export function buildTag(fields: TagFields): Buffer {
  const {
    object,
    tag,
    type = 'commit',
    tagger = TESTER,
    time = DEFAULT_TIME,
    zone = '+0000',
    message = 'message\n',
    extraHeaders = [],
  } = fields;
  return assemble([`object ${object}`, `type ${type}`, `tag ${tag}`, `tagger ${tagger} ${time} ${zone}`, ...extraHeaders], message);
}

/** The header line, continuation lines included, that carries a signature; ends in a line feed. */
export function signatureHeaderLines(armor: string, format: ObjectFormat): string {
  const name = format === 'sha1' ? 'gpgsig' : 'gpgsig-sha256';
  return `${name} ${armor.replace(/\n$/, '').replaceAll('\n', '\n ')}\n`;
}

/** The commit with its signature as the last header, where git's add_header_signature (commit.c) puts it. */
export function signCommit(bytes: Uint8Array, armor: string, format: ObjectFormat): Buffer {
  const end = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).indexOf('\n\n') + 1;
  if (end === 0) throw new Error('no empty line behind the headers');
  return Buffer.concat([bytes.subarray(0, end), Buffer.from(signatureHeaderLines(armor, format)), bytes.subarray(end)]);
}

/** The tag with its signature behind the message, the place in repositories of either hash. */
export function signTag(bytes: Uint8Array, armor: string): Buffer {
  return Buffer.concat([bytes, Buffer.from(armor)]);
}

/** The id git gives these bytes, in lower-case hex. */
export function objectId(type: ObjectType, bytes: Uint8Array, format: ObjectFormat): string {
  return hash(format, Buffer.concat([Buffer.from(`${type} ${bytes.length}\0`), bytes]));
}
