// Throws broken input at every parser of ssh/: nothing but MalformedError may come out, and nothing broken may be good.

import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';

import { MalformedError } from '../../../src/errors.ts';
import {
  establishSshFacts,
  judgeSsh,
  parseAllowedSigners,
  parseRevocations,
  parseSshsig,
  parseSshsigBlob,
} from '../../../src/signature/ssh/index.ts';
import { decodeOpensshBase64 } from '../../../src/signature/ssh/base64.ts';
import { matchesPattern, matchPatternList } from '../../../src/signature/ssh/pattern.ts';
import { byteStringOf, byteStringOfText, textOf } from '../../../src/signature/ssh/text.ts';
import { makeSshCertificate, makeSshKey } from '../../support/ssh-signer.ts';
import { armorSshsig, str, u32, u64 } from '../../support/ssh-wire.ts';

const payload = Buffer.from('payload');
const key = makeSshKey('ed25519');
const sk = makeSshKey('sk-ecdsa-p256');
const certified = makeSshCertificate(key, sk, { serial: 5n, criticalOptions: { x: 'y' }, extensions: ['z'] });
const blobs = [key, makeSshKey('ecdsa-p256'), sk, certified].map((signer) => signer.signBlob(payload));
blobs.push(sk.signBlob(payload, { webauthn: { origin: 'https://x', extensions: Buffer.from('e') } }));

/** Runs a parser and lets only MalformedError pass. */
function survive(parse: () => unknown): void {
  try {
    parse();
  } catch (error) {
    if (!(error instanceof MalformedError)) throw error;
  }
}

/** A copy with some bytes changed, cut or put in. */
const mutation = fc.array(
  fc.tuple(fc.constantFrom('set', 'cut', 'insert', 'length'), fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 0, max: 255 })),
  { minLength: 1, maxLength: 4 },
);
type Mutation = readonly (readonly [string, number, number])[];

function mutate(bytes: Buffer, steps: Mutation): Buffer {
  let changed = Buffer.from(bytes);
  for (const [what, place, value] of steps) {
    const at = Math.min(changed.length - 1, Math.floor(place * changed.length));
    if (what === 'set') changed[at] = value;
    else if (what === 'cut') changed = Buffer.concat([changed.subarray(0, at), changed.subarray(at + 1 + (value % 8))]);
    else if (what === 'insert') changed = Buffer.concat([changed.subarray(0, at), Buffer.of(value), changed.subarray(at)]);
    else if (at + 4 <= changed.length) changed.writeUInt32BE(value * 16_843_009, at);
    if (changed.length === 0) changed = Buffer.of(0);
  }
  return changed;
}

test('any bytes as armor or blob: never an exception but MalformedError, never good', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
      survive(() => parseSshsig(bytes));
      survive(() => parseSshsigBlob(bytes));
      assert.notEqual(establishSshFacts(payload, bytes).status, 'good');
      assert.notEqual(establishSshFacts(payload, Buffer.from(armorSshsig(bytes))).status, 'good');
    }),
    { numRuns: 1500 },
  );
});

test('changed signatures: good only where what counts is unchanged', () => {
  fc.assert(
    fc.property(fc.constantFrom(...blobs), mutation, (blob, steps) => {
      const changed = mutate(blob, steps);
      const facts = establishSshFacts(payload, Buffer.from(armorSshsig(changed)));
      if (facts.status !== 'good') return;
      // What is left to change without breaking: the version, the reserved field and the spelling of names and numbers.
      const own = establishSshFacts(payload, Buffer.from(armorSshsig(blob)));
      assert.deepEqual(facts, own);
    }),
    { numRuns: 4000 },
  );
});

test('changed armor: never an exception, and the same facts where it is still good', () => {
  const armor = Buffer.from(key.sign(payload));
  const own = establishSshFacts(payload, armor);
  fc.assert(
    fc.property(mutation, (steps) => {
      const facts = establishSshFacts(payload, mutate(armor, steps));
      if (facts.status === 'good') assert.deepEqual(facts, own);
    }),
    { numRuns: 3000 },
  );
});

test('another payload is never good', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 50 }), fc.constantFrom(...blobs), (other, blob) => {
      fc.pre(!payload.equals(other));
      assert.equal(establishSshFacts(other, Buffer.from(armorSshsig(blob))).status, 'bad');
    }),
    { numRuns: 500 },
  );
});

test('allowed signers: any file parses, and none makes an unlisted key good', () => {
  const facts = establishSshFacts(payload, Buffer.from(makeSshKey('ed25519').sign(payload)));
  const words = fc.constantFrom(
    'a',
    '*',
    '!',
    ',',
    '"',
    ' ',
    '\t',
    '\n',
    '\r',
    '\0',
    '\\',
    '=',
    '#',
    'namespaces=',
    'valid-after="20200101"',
    'cert-authority',
    'ssh-ed25519',
    ...key.publicLine.split(' '),
    certified.publicLine,
    '\u00e9',
  );
  fc.assert(
    fc.property(fc.array(words, { maxLength: 40 }), (parts) => {
      const allowedSigners = [parseAllowedSigners(Buffer.from(parts.join('')), { path: 'fuzz' })];
      assert.notEqual(judgeSsh(facts, { allowedSigners, revocations: [], timeZone: 'UTC' }, 1, 1).status, 'good');
    }),
    { numRuns: 2000 },
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      parseAllowedSigners(bytes, { path: 'fuzz' });
    }),
    { numRuns: 1000 },
  );
});

test('revocation files: only MalformedError, and what parses can be asked', () => {
  const facts = establishSshFacts(payload, Buffer.from(certified.sign(payload)));
  const section = (type: number, ...parts: Buffer[]): Buffer => Buffer.concat([Buffer.of(type), str(Buffer.concat(parts))]);
  const krl = Buffer.concat([
    Buffer.concat([Buffer.from('SSHKRL\n\0', 'latin1'), u32(1), u64(1n), u64(2n), u64(3n), str(''), str('c')]),
    section(
      1,
      str(key.publicBlob),
      str(''),
      section(0x20, u64(7n)),
      section(0x21, u64(8n), u64(9n)),
      section(0x22, u64(10n), str(Buffer.from([0x71]))),
      section(0x23, str('id')),
    ),
    section(2, str('blob')),
    section(3, str(Buffer.alloc(20))),
    section(5, str(Buffer.alloc(32))),
  ]);
  parseRevocations(krl, { path: 'fuzz' });
  const ask = (bytes: Uint8Array): void => {
    survive(() => judgeSsh(facts, { allowedSigners: [], revocations: [parseRevocations(bytes, { path: 'fuzz' })], timeZone: 'UTC' }, 1, 1));
  };
  fc.assert(
    fc.property(mutation, (steps) => ask(mutate(krl, steps))),
    { numRuns: 4000 },
  );
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), ask), { numRuns: 1000 });
});

test('base64: what is decoded encodes to the same digits; white space makes no difference', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 100 }),
      fc.array(fc.tuple(fc.nat(200), fc.constantFrom(' ', '\n', '\t', '\r', '\v', '\f'))),
      (bytes, spaces) => {
        let text = Buffer.from(bytes).toString('base64');
        for (const [at, space] of spaces) text = text.slice(0, at) + space + text.slice(at);
        const encoded = Buffer.from(text);
        assert.deepEqual(Buffer.from(decodeOpensshBase64(encoded, 0, encoded.length) ?? []), Buffer.from(bytes));
      },
    ),
    { numRuns: 1000 },
  );
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('A', 'B', 'Q', 'g', '/', '+', '=', ' ', '-'), maxLength: 12 }), (text) => {
      const encoded = Buffer.from(text);
      const decoded = decodeOpensshBase64(encoded, 0, encoded.length);
      if (decoded !== null) assert.equal(Buffer.from(decoded).toString('base64'), text.replaceAll(' ', ''));
    }),
    { numRuns: 3000 },
  );
});

test('patterns agree with a regular expression', () => {
  const small = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 8 });
  fc.assert(
    fc.property(small, small, (text, pattern) => {
      const expression = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's');
      assert.equal(matchesPattern(text, pattern), expression.test(text));
    }),
    { numRuns: 3000 },
  );
  fc.assert(
    fc.property(small, fc.array(small), (text, parts) => {
      const positive = parts.some((part) => matchesPattern(text, part));
      assert.equal(
        matchPatternList(text, parts.filter((part) => part !== '').join(',')) === 'match',
        parts.some((part) => part !== '' && matchesPattern(text, part)) && positive,
      );
    }),
    { numRuns: 1000 },
  );
});

test('bytes to text and back: nothing is lost and no two become one', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 12 }), (bytes) => {
      assert.equal(byteStringOfText(textOf(bytes)), byteStringOf(bytes));
    }),
    { numRuns: 3000 },
  );
});
