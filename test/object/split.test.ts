// Cutting objects as git cuts them: git's own rules one by one, and the inverses by property.

import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { joinCommit, joinTag, splitCommit, splitTag, type SplitObject } from '../../src/object/index.ts';

const encoder = new TextEncoder();
const text = (bytes: Uint8Array | null): string | null => (bytes === null ? null : Buffer.from(bytes).toString('latin1'));
const bytes = (value: string): Uint8Array => encoder.encode(value);

const HEAD = 'tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\nauthor A <a@x> 1 +0000\ncommitter C <c@x> 1 +0000\n';
const ARMOR = '-----BEGIN SSH SIGNATURE-----\nAAAA\n-----END SSH SIGNATURE-----\n';
const INDENTED = '-----BEGIN SSH SIGNATURE-----\n AAAA\n -----END SSH SIGNATURE-----\n';

function assertCovers(split: SplitObject, length: number): void {
  let at = 0;
  for (const { start, end } of split.pieces) {
    assert.equal(start, at);
    assert.ok(end > start);
    at = end;
  }
  assert.equal(at, length);
}

test('a commit as git writes it: payload without the header, signature without its indentation', () => {
  const split = splitCommit(bytes(`${HEAD}gpgsig ${INDENTED}\nmessage\n`), 'sha1');
  assert.equal(text(split.payload), `${HEAD}\nmessage\n`);
  assert.equal(text(split.signature), ARMOR);
});

test('an unsigned commit is all payload, and the payload is a view', () => {
  const raw = bytes(`${HEAD}\nmessage`);
  const split = splitCommit(raw, 'sha1');
  assert.equal(split.signature, null);
  assert.equal(split.payload.buffer, raw.buffer);
  assert.equal(text(split.payload), text(raw));
});

for (const [name, header, payload, signature] of [
  ['several gpgsig headers are strung together', `gpgsig ${INDENTED}x y\ngpgsig ${INDENTED}`, 'x y\n', ARMOR + ARMOR],
  ['gpgsigfoo is dropped with its continuations', 'gpgsigfoo a\n b\n c\n', '', null],
  ['gpgsig without a value is dropped', 'gpgsig\n', '', null],
  ['gpgsig with a tab is dropped', 'gpgsig\tx\n', '', null],
  ['the other hash: gpgsig-sha256 is dropped in a SHA-1 repository', `gpgsig-sha256 ${INDENTED}`, '', null],
  ['gpgsig-sha512 is dropped', 'gpgsig-sha512 x\n', '', null],
  ['a tab does not continue', 'gpgsig a\n\tb\n', '\tb\n', 'a\n'],
  ['an empty value is a signature of one line feed', 'gpgsig \n', '', '\n'],
  ['a header that only ends in gpgsig stays', 'xgpgsig a\n', 'xgpgsig a\n', null],
  ['a mergetag keeps its gpgsig text', 'mergetag object x\n gpgsig y\n', 'mergetag object x\n gpgsig y\n', null],
] as const) {
  test(name, () => {
    const raw = bytes(`${HEAD}${header}\nmessage\n`);
    const split = splitCommit(raw, 'sha1');
    assert.equal(text(split.payload), `${HEAD}${payload}\nmessage\n`);
    assert.equal(text(split.signature), signature);
    assertCovers(split, raw.length);
  });
}

test('a SHA-256 repository reads gpgsig-sha256 and drops gpgsig', () => {
  const split = splitCommit(bytes(`${HEAD}gpgsig ${INDENTED}gpgsig-sha256 b\n\nm\n`), 'sha256');
  assert.equal(text(split.signature), 'b\n');
  assert.equal(text(split.payload), `${HEAD}\nm\n`);
});

test('gpgsig in the message is message', () => {
  const raw = bytes(`${HEAD}\ngpgsig a\n`);
  assert.equal(splitCommit(raw, 'sha1').signature, null);
});

test('a blank line with a carriage return does not end the header', () => {
  const split = splitCommit(bytes(`${HEAD}\r\ngpgsig a\n\nm\n`), 'sha1');
  assert.equal(text(split.signature), 'a\n');
});

const TAG = 'object 4b825dc642cb6eb9a060e54bf8d69288fbee4904\ntype commit\ntag v1\ntagger T <t@x> 1 +0000\n';

for (const [name, raw, payload, signature] of [
  ['a signed tag', `${TAG}\nmessage\n${ARMOR}`, `${TAG}\nmessage\n`, ARMOR],
  ['text behind the armor belongs to the signature', `${TAG}\nm\n${ARMOR}after\n`, `${TAG}\nm\n`, `${ARMOR}after\n`],
  ['the last armor counts', `${TAG}\n${ARMOR}between\n${ARMOR}`, `${TAG}\n${ARMOR}between\n`, ARMOR],
  ['an armor inside a line is none', `${TAG}\nsee -----BEGIN SSH SIGNATURE-----\n`, `${TAG}\nsee -----BEGIN SSH SIGNATURE-----\n`, null],
  ['an unknown armor is none', `${TAG}\n-----BEGIN X SIGNATURE-----\n`, `${TAG}\n-----BEGIN X SIGNATURE-----\n`, null],
  ['header signatures are taken out', `${TAG}gpgsig-sha256 a\n b\n\nm\n${ARMOR}`, `${TAG}\nm\n`, ARMOR],
  ['other gpgsig headers stay', `${TAG}gpgsigfoo a\n\nm\n${ARMOR}`, `${TAG}gpgsigfoo a\n\nm\n`, ARMOR],
  ['of adjacent header signatures the last goes', `${TAG}gpgsig a\ngpgsig-sha256 b\n\nm\n${ARMOR}`, `${TAG}gpgsig a\n\nm\n`, ARMOR],
  ['two runs go', `${TAG}gpgsig a\nx y\ngpgsig b\n\nm\n${ARMOR}`, `${TAG}x y\n\nm\n`, ARMOR],
  ['a third run stays', `${TAG}gpgsig a\nx y\ngpgsig b\nx y\ngpgsig c\n\nm\n${ARMOR}`, `${TAG}x y\nx y\ngpgsig c\n\nm\n`, ARMOR],
] as const) {
  test(`tag: ${name}`, () => {
    const split = splitTag(bytes(raw));
    assert.equal(text(split.payload), payload);
    assert.equal(text(split.signature), signature);
    assertCovers(split, raw.length);
  });
}

const line = fc.string({ unit: fc.constantFrom('a', ' ', '-', '\t', '\r', '\0', 'é'), maxLength: 12 });
const header = fc.oneof(
  fc.constantFrom('tree x', 'parent y', 'author A <a> 1 +0', 'gpgsig', 'gpgsigx 1', ' continued', 'gpgsig -----BEGIN SSH SIGNATURE-----'),
  line,
);
const object = fc.tuple(fc.array(header, { maxLength: 12 }), fc.array(line, { maxLength: 5 }), fc.boolean());

test('property: the pieces of any commit and tag cover it, and payload and signature are made of them alone', () => {
  fc.assert(
    fc.property(object, fc.constantFrom('sha1' as const, 'sha256' as const), ([headers, message, ends], algorithm) => {
      const raw = bytes([...headers, '', ...message].join('\n') + (ends ? '\n' : ''));
      for (const split of [splitCommit(raw, algorithm), splitTag(raw)]) {
        assertCovers(split, raw.length);
        const payload = split.pieces
          .filter(({ kind }) => kind === 'payload')
          .map(({ start, end }) => Buffer.from(raw.subarray(start, end)));
        assert.deepEqual(Buffer.from(split.payload), Buffer.concat(payload));
      }
    }),
    { numRuns: 3000 },
  );
});

test('property: split and join are inverses', () => {
  const payload = fc
    .array(
      line.filter((each) => !each.startsWith(' ') && each !== ''),
      { maxLength: 6 },
    )
    .map((headers) => bytes(`${[HEAD.trimEnd(), ...headers].join('\n')}\n\nmessage\n`));
  const signature = fc
    .array(line, { minLength: 1, maxLength: 9 })
    .map((lines) => bytes(`${lines.map((each) => each.replaceAll('\0', '')).join('\n')}\n`));
  fc.assert(
    fc.property(payload, signature, fc.constantFrom('sha1' as const, 'sha256' as const), (unsigned, armor, algorithm) => {
      const joined = joinCommit(unsigned, armor, algorithm);
      const split = splitCommit(joined, algorithm);
      assert.equal(text(split.payload), text(unsigned));
      assert.equal(text(split.signature), text(armor));
      const at = split.pieces[0]?.end ?? 0;
      assert.equal(text(joinCommit(split.payload, split.signature ?? new Uint8Array(), algorithm, at)), text(joined));
    }),
    { numRuns: 3000 },
  );
  const tag = bytes(`${TAG}\nmessage\n`);
  const split = splitTag(joinTag(tag, bytes(ARMOR)));
  assert.equal(text(joinTag(split.payload, split.signature ?? new Uint8Array())), `${TAG}\nmessage\n${ARMOR}`);
});
