// From facts to a verdict where no signature was checked: what is said, and that it is never accepted.

import assert from 'node:assert/strict';
import test from 'node:test';
import { openpgp } from '../../src/signature/index.ts';
import { checkFacts, decide, type ObjectFacts, type Trust } from '../../src/verify/index.ts';

const TRUST: Trust = {
  ssh: { allowedSigners: [], revocations: [], timeZone: 'UTC' },
  openpgp: null,
  keys: openpgp.indexOpenpgpKeys([]),
};
const BASE = { oid: '1'.repeat(40), type: 'commit', committer: 'A <a@x>', claimedAt: 1 } as const;

const CASES: readonly [string, Partial<ObjectFacts> & Pick<ObjectFacts, 'format'>, string, readonly string[], string | null][] = [
  ['unsigned', { format: 'none' }, 'unsigned', ['UNSIGNED'], 'N'],
  ['over the size limit: not called unsigned', { format: 'none', problems: ['OBJECT_TOO_LARGE'] }, 'malformed', ['OBJECT_TOO_LARGE'], null],
  ['a signature over its limit', { format: 'none', problems: ['SIGNATURE_TOO_LARGE'] }, 'malformed', ['SIGNATURE_TOO_LARGE'], null],
  ['no format that git knows', { format: 'unknown' }, 'unsupported', ['SIGNATURE_FORMAT_UNKNOWN'], null],
  ['X.509', { format: 'x509' }, 'unsupported', ['X509_UNSUPPORTED'], 'E'],
  ['missing', { format: 'missing', type: null }, 'missing', ['OBJECT_MISSING'], null],
  ['a blob', { format: 'other', type: null }, 'missing', ['OBJECT_NOT_SIGNABLE'], null],
  ['our own fault', { format: 'internal' }, 'malformed', ['INTERNAL_ERROR'], null],
  ['facts that contradict themselves', { format: 'ssh' }, 'malformed', ['INTERNAL_ERROR'], null],
  ['no committer', { format: 'none', problems: ['IDENTITY_MALFORMED'] }, 'unsigned', ['UNSIGNED', 'IDENTITY_MALFORMED'], 'N'],
];

for (const [name, facts, status, reasons, letter] of CASES) {
  test(name, () => {
    const verdict = decide(checkFacts({ ...BASE, ...facts }, TRUST, 2));
    assert.deepEqual(
      [verdict.status, verdict.reasons, verdict.gitLetter, verdict.decision, verdict.signer],
      [status, reasons, letter, 'rejected', null],
    );
  });
}
