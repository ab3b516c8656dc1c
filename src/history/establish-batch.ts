// Takes a batch of raw records apart and establishes the facts of each object in it.

import { hash } from 'node:crypto';
import type { HashAlgorithm } from '../object/index.ts';
import { establishFacts, type ObjectFacts, type VerificationKeys } from '../verify/index.ts';
import type { RecordBatch } from '../git/index.ts';

const LF = 10;

function withoutObject(oid: string, answer: string): ObjectFacts {
  const large = /^(commit|tag) x+$/.exec(answer);
  const base = { oid, committer: null, claimedAt: null };
  if (large !== null) return { ...base, type: large[1] as 'commit' | 'tag', format: 'none', problems: ['OBJECT_TOO_LARGE'] };
  return { ...base, type: null, format: answer.endsWith('missing') ? 'missing' : 'other' };
}

/**
 * Establishes facts for every record of a batch, in order. The batch's bytes are changed: to hash an object where it lies, the line feed
 * behind its header is made the NUL of git's `type size NUL content`.
 */
export function establishBatch(batch: RecordBatch, algorithm: HashAlgorithm, keys: VerificationKeys): ObjectFacts[] {
  const { bytes } = batch;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const facts: ObjectFacts[] = [];
  for (let start = 0; start < bytes.length;) {
    const lineEnd = buffer.indexOf(LF, start);
    const line = buffer.toString('latin1', start, lineEnd);
    const space = line.indexOf(' ');
    const oid = line.slice(0, space);
    const answer = line.slice(space + 1);
    const header = /^(commit|tag|tree|blob) ([0-9]+)$/.exec(answer);
    if (header === null) {
      facts.push(withoutObject(oid, answer));
      start = lineEnd + 1;
      continue;
    }
    const type = header[1];
    const end = lineEnd + 1 + Number(header[2]);
    if (type === 'commit' || type === 'tag') {
      buffer[lineEnd] = 0;
      const computed = hash(algorithm, buffer.subarray(start + space + 1, end));
      facts.push(establishFacts({ oid, type, bytes: bytes.subarray(lineEnd + 1, end) }, algorithm, keys, computed));
    } else {
      facts.push(withoutObject(oid, answer));
    }
    start = end + 1;
  }
  return facts;
}
