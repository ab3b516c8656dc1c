// The strict reading: every problem has an object that shows it, and what git writes has none.

import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { parseIdentity } from '../../src/object/identity.ts';
import { readPlainCommit } from '../../src/object/plain-commit.ts';
import {
  hashObject,
  inspectObject,
  readIdentity,
  readSignedObject,
  splitCommit,
  type ObjectReason,
  type SignableType,
} from '../../src/object/index.ts';

const encoder = new TextEncoder();
const OID = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
const IDENT = 'A <a@x> 1700000000 +0000';
const PARENT = '1'.repeat(40);
const COMMIT = `tree ${OID}\nparent ${PARENT}\nauthor ${IDENT}\ncommitter ${IDENT}\n`;
const TAG = `object ${OID}\ntype commit\ntag v1\ntagger ${IDENT}\n`;

function problemsOf(type: SignableType, content: string): readonly ObjectReason[] {
  return inspectObject(encoder.encode(content), type, 'sha1').problems;
}

const cases: readonly [string, SignableType, string, readonly ObjectReason[]][] = [
  ['a plain commit', 'commit', `${COMMIT}\nm\n`, []],
  [
    'encoding, mergetag and foreign headers behind the committer',
    'commit',
    `${COMMIT}encoding latin1\nmergetag x\n y\nHG:rename a\n\nm\n`,
    [],
  ],
  ['a root commit', 'commit', `tree ${OID}\nauthor ${IDENT}\ncommitter ${IDENT}\n\nm\n`, []],
  ['a plain tag', 'tag', `${TAG}\nm\n`, []],
  ['two trees', 'commit', `tree ${OID}\n${COMMIT}\nm\n`, ['HEADER_DUPLICATE', 'HEADER_PARENTS_DIFFER']],
  ['two authors', 'commit', `${COMMIT.replace('author', `author ${IDENT}\nauthor`)}\nm\n`, ['HEADER_DUPLICATE']],
  ['two committers', 'commit', `${COMMIT}committer ${IDENT}\n\nm\n`, ['HEADER_DUPLICATE']],
  ['committer before author', 'commit', `tree ${OID}\ncommitter ${IDENT}\nauthor ${IDENT}\n\nm\n`, ['HEADER_MISORDERED']],
  [
    'a parent behind the author',
    'commit',
    `tree ${OID}\nauthor ${IDENT}\nparent ${PARENT}\ncommitter ${IDENT}\n\nm\n`,
    ['HEADER_MISORDERED', 'HEADER_PARENTS_DIFFER'],
  ],
  ['no author', 'commit', `tree ${OID}\ncommitter ${IDENT}\n\nm\n`, ['OBJECT_MALFORMED']],
  ['an unknown header before the author', 'commit', `tree ${OID}\nx y\nauthor ${IDENT}\ncommitter ${IDENT}\n\nm\n`, ['HEADER_MISORDERED']],
  ['gpgsigx at the end', 'commit', `${COMMIT}gpgsigx 1\n\nm\n`, ['HEADER_UNKNOWN_GPGSIG']],
  [
    'gpgsigx before the parent hides it',
    'commit',
    `${COMMIT.replace('parent', 'gpgsigx 1\nparent')}\nm\n`,
    ['HEADER_MISORDERED', 'HEADER_UNKNOWN_GPGSIG', 'HEADER_PARENTS_DIFFER'],
  ],
  ['the signature of the other hash', 'commit', `${COMMIT}gpgsig-sha256 x\n\nm\n`, ['SIGNATURE_OTHER_HASH']],
  ['two signatures', 'commit', `${COMMIT}gpgsig x\ngpgsig y\n\nm\n`, ['SIGNATURE_SEVERAL']],
  ['NUL in the header', 'commit', `${COMMIT}x a\0b\n\nm\n`, ['HEADER_NUL']],
  ['NUL in the message', 'commit', `${COMMIT}\nm\0m\n`, ['MESSAGE_NUL']],
  ['too many headers', 'commit', `${COMMIT}${'x y\n'.repeat(1024)}\nm\n`, ['HEADER_TOO_MANY']],
  ['too many parents', 'commit', `${COMMIT.replace('author', `${`parent ${PARENT}\n`.repeat(256)}author`)}\nm\n`, ['PARENTS_TOO_MANY']],
  [
    'a parent that is no object id',
    'commit',
    `${COMMIT.replace('author', 'parent 12\nauthor')}\nm\n`,
    ['HEADER_PARENTS_DIFFER', 'OBJECT_UNREADABLE'],
  ],
  ['a tag without a type', 'tag', `object ${OID}\ntag v1\n\nm\n`, ['OBJECT_MALFORMED']],
  ['nothing at all', 'commit', '', ['OBJECT_MALFORMED', 'OBJECT_UNREADABLE']],
];

for (const [name, type, content, expected] of cases) {
  test(`${name}: ${expected.join(', ') || 'nothing to report'}`, () => {
    assert.deepEqual([...problemsOf(type, content)].sort(), [...expected].sort());
  });
}

test('the object id is recomputed, and another one is told', () => {
  const bytes = encoder.encode(`${COMMIT}\nm\n`);
  const oid = hashObject('commit', bytes, 'sha1');
  assert.deepEqual(readSignedObject({ oid, type: 'commit', bytes }, 'sha1').problems, []);
  assert.deepEqual(readSignedObject({ oid: OID, type: 'commit', bytes }, 'sha1').problems, ['OBJECT_ID_MISMATCH']);
});

test('an object above the limit is not taken apart', () => {
  const bytes = new Uint8Array(16 * 1024 * 1024 + 1);
  const { problems, signature } = readSignedObject({ oid: OID, type: 'commit', bytes }, 'sha1', OID);
  assert.deepEqual(problems, ['OBJECT_TOO_LARGE']);
  assert.equal(signature, null);
});

for (const [line, name, at] of [
  [`committer ${IDENT}`, 'A <a@x>', 1700000000],
  ['committer A <a@x> 0 +0000', 'A <a@x>', null],
  ['committer A <a@x> -1 +0000', 'A <a@x>', null],
  ['committer A <a@x> +17 +0000', 'A <a@x>', null],
  ['committer A <a@x> 17', 'A <a@x>', null],
  ['committer A <a@x> 17 0000', 'A <a@x>', null],
  ['committer A <a@x>17+1 junk', 'A <a@x>', 17],
  ['committer A <a@x> > 17 -0930', 'A <a@x> >', 17],
  ['committer <>', '<>', null],
] as const) {
  test(`identity: ${line}`, () => {
    assert.deepEqual(readIdentity(encoder.encode(`tree x\n${line}\n\nm`), 'commit'), { text: name, claimedAt: at });
  });
}

for (const payload of [
  '',
  '\ncommitter A <a> 1 +0',
  'committer ',
  'committer A a> 1 +0\n',
  'committer A <a 1 +0\n',
  'tree \0\ncommitter A <a> 1 +0\n',
  'tagger A <a> 1 +0\n',
]) {
  test(`no identity in ${JSON.stringify(payload)}`, () => {
    assert.equal(readIdentity(encoder.encode(payload), 'commit'), null);
  });
}

test('property: a plain commit is read the short way as it is the long way', () => {
  const line = fc.constantFrom(
    `tree ${OID}`,
    `parent ${PARENT}`,
    `parent ${OID}`,
    'parent 12',
    `author ${IDENT}`,
    `committer ${IDENT}`,
    'encoding x',
    'gpgsig a',
    ' b',
    'gpgsigx',
    'gpgsig-sha256 c',
    'HG:x y',
    '',
    'a\0b',
  );
  let plain = 0;
  fc.assert(
    fc.property(
      fc.oneof(fc.constant(COMMIT), fc.constant('')),
      fc.array(line, { maxLength: 6 }),
      fc.constantFrom('', '\nm\n', '\n'),
      (head, lines, tail) => {
        const bytes = encoder.encode(head + lines.map((each) => `${each}\n`).join('') + tail);
        const commit = readPlainCommit(bytes, 'sha1');
        if (commit === null) return;
        plain++;
        assert.deepEqual(inspectObject(bytes, 'commit', 'sha1'), { parents: commit.parents, problems: [] });
        const { payload, signature, pieces } = splitCommit(bytes, 'sha1');
        assert.deepEqual([commit.payload, commit.signature, commit.pieces], [payload, signature, pieces]);
        assert.deepEqual(parseIdentity(commit.committer), readIdentity(payload, 'commit'));
      },
    ),
    { numRuns: 5000 },
  );
  assert.ok(plain > 100, `${plain} plain commits came up`);
});

test('fuzz: any bytes are read, and never throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), fc.constantFrom('commit' as const, 'tag' as const), (bytes, type) => {
      readSignedObject({ oid: OID, type, bytes }, 'sha1');
    }),
    { numRuns: 5000 },
  );
});
