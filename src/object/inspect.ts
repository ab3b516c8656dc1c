// The strict report on an object's bytes: what git tolerates and an attacker could use.

import { limits } from '../bytes/index.ts';
import { headerEnd, readHeaders, type Header } from './header.ts';
import { OID_LENGTH } from './hash.ts';
import { isReadable } from './readable.ts';
import type { HashAlgorithm, ObjectReason, SignableType } from './types.ts';

// The order in which git writes them; what it does not know may stand anywhere behind the committer (it is signed).
const COMMIT_ORDER = ['tree', 'parent', 'author', 'committer', 'encoding'];
const TAG_ORDER = ['object', 'type', 'tag', 'tagger'];
const REQUIRED = { commit: ['tree', 'author', 'committer'], tag: ['object', 'type', 'tag'] } as const;

/** What the strict reading of one object finds. */
export interface Inspection {
  readonly parents: readonly string[];
  readonly problems: readonly ObjectReason[];
}

function isOid(bytes: Uint8Array, start: number, end: number, algorithm: HashAlgorithm): boolean {
  if (end - start !== OID_LENGTH[algorithm] + 1 || bytes[end - 1] !== 10) return false;
  for (let i = start; i < end - 1; i++) {
    const byte = bytes[i] as number;
    if (!((byte >= 48 && byte <= 57) || (byte >= 97 && byte <= 102))) return false;
  }
  return true;
}

/** The consecutive parent lines behind the tree, as git's parser walks them, among the given headers. */
function readParents(bytes: Uint8Array, headers: readonly Header[], algorithm: HashAlgorithm): string[] {
  const parents: string[] = [];
  for (let i = 1; i < headers.length; i++) {
    const header = headers[i] as Header;
    if (header.name !== 'parent' || !isOid(bytes, header.valueStart, header.lineEnd, algorithm)) break;
    parents.push(Buffer.from(bytes.buffer, bytes.byteOffset + header.valueStart, OID_LENGTH[algorithm]).toString('latin1'));
  }
  return parents;
}

function checkOrder(headers: readonly Header[], type: SignableType, problems: Set<ObjectReason>): void {
  const order = type === 'commit' ? COMMIT_ORDER : TAG_ORDER;
  const required: readonly string[] = REQUIRED[type];
  const seen = new Set<string>();
  let place = 0;
  let foreign = false;
  for (const { name } of headers) {
    const rank = order.indexOf(name);
    if (rank === -1) {
      foreign = true;
      // Before the last required header, nothing that git does not write there.
      if (!required.every((each) => seen.has(each))) problems.add('HEADER_MISORDERED');
      continue;
    }
    if (seen.has(name) && name !== 'parent') problems.add('HEADER_DUPLICATE');
    // git (tag.c) looks for the tagger right behind the tag's name and nowhere else.
    else if (rank < place || (foreign && name === 'tagger')) problems.add('HEADER_MISORDERED');
    place = Math.max(place, rank);
    seen.add(name);
  }
  if (!required.every((each) => seen.has(each))) problems.add('OBJECT_MALFORMED');
}

function checkSignatureHeaders(
  headers: readonly Header[],
  type: SignableType,
  algorithm: HashAlgorithm,
  problems: Set<ObjectReason>,
): void {
  const own = type === 'tag' ? '' : signatureName(algorithm);
  const names = headers.map(({ name }) => name).filter((name) => name.startsWith('gpgsig'));
  for (const name of names) {
    if (name === own) continue;
    problems.add(name === 'gpgsig' || name === 'gpgsig-sha256' ? 'SIGNATURE_OTHER_HASH' : 'HEADER_UNKNOWN_GPGSIG');
  }
  if (names.length !== new Set(names).size) problems.add('SIGNATURE_SEVERAL');
}

function signatureName(algorithm: HashAlgorithm): string {
  return algorithm === 'sha1' ? 'gpgsig' : 'gpgsig-sha256';
}

/** Whether what git walks as parents is what stands in the payload as parents, once the gpgsig headers are gone. */
function parentsDiffer(bytes: Uint8Array, headers: readonly Header[], parents: readonly string[], algorithm: HashAlgorithm): boolean {
  const signed = readParents(
    bytes,
    headers.filter(({ name }) => !name.startsWith('gpgsig')),
    algorithm,
  );
  const all = headers.filter(({ name }) => name === 'parent').length;
  return signed.length !== parents.length || all !== parents.length;
}

/**
 * Reads an object's headers strictly. What git accepts and this refuses is listed in docs/differences.md.
 *
 * @param bytes the object's content
 * @param type as git says it, never as the content says
 * @param algorithm the hash of the repository
 */
export function inspectObject(bytes: Uint8Array, type: SignableType, algorithm: HashAlgorithm): Inspection {
  const end = headerEnd(bytes);
  const problems = new Set<ObjectReason>();
  const headers = readHeaders(bytes, end, limits.objectHeaders);
  if (type === 'commit' && !isReadable(bytes, algorithm)) problems.add('OBJECT_UNREADABLE');
  if (headers === null) return { parents: [], problems: [...problems, 'HEADER_TOO_MANY'] };
  const named = headers.find(({ name }) => name === (type === 'commit' ? 'tree' : 'object'));
  if (named !== undefined && !isOid(bytes, named.valueStart, named.lineEnd, algorithm)) problems.add('OBJECT_MALFORMED');
  const parents = type === 'commit' ? readParents(bytes, headers, algorithm) : [];
  if (parents.length > limits.objectParents) problems.add('PARENTS_TOO_MANY');
  checkOrder(headers, type, problems);
  checkSignatureHeaders(headers, type, algorithm, problems);
  if (type === 'commit' && parentsDiffer(bytes, headers, parents, algorithm)) problems.add('HEADER_PARENTS_DIFFER');
  const nul = bytes.indexOf(0);
  if (nul !== -1) problems.add(nul < end ? 'HEADER_NUL' : 'MESSAGE_NUL');
  return { parents, problems: [...problems] };
}
