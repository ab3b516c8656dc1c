// Holds binary revocation lists against ssh-keygen: those that it makes, and hand-made ones that it takes or refuses.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { after } from 'node:test';

import { MalformedError } from '../../../src/errors.ts';
import { establishSshFacts, isRevoked, judgeSsh, parseAllowedSigners, parseRevocations } from '../../../src/signature/ssh/index.ts';
import { openSshOracle } from '../../support/ssh-oracle.ts';
import { makeSshCertificate, makeSshKey } from '../../support/ssh-signer.ts';
import type { SshCertificateOptions, SshTestKey } from '../../support/ssh-signer.ts';
import { mpint, str, u32, u64 } from '../../support/ssh-wire.ts';

const payload = Buffer.from('payload');
const oracle = openSshOracle();
after(() => {
  oracle.close();
});
const a = makeSshKey('ed25519');
const b = makeSshKey('ecdsa-p256');
const ca = makeSshKey('ed25519');
const otherCa = makeSshKey('ed25519');
const signers = `a ${a.publicLine}\nb ${b.publicLine}\n* cert-authority ${ca.publicLine}\n* cert-authority ${otherCa.publicLine}\n`;
const files = [parseAllowedSigners(Buffer.from(signers), { path: 'signers' })];

/** What we make of the list for that signer: git's letter, or `error`, which is `B` for git. */
function ourLetter(krl: Buffer, signer: SshTestKey): string {
  try {
    const revocations = [parseRevocations(krl, { path: 'krl' })];
    const facts = establishSshFacts(payload, Buffer.from(signer.sign(payload)));
    const judgement = judgeSsh(facts, { allowedSigners: files, revocations, timeZone: 'UTC' }, 1_750_000_000, 0);
    assert.equal(judgement.status, isRevoked(revocations, facts) ? 'revoked-key' : 'good');
    return judgement.letter.reference;
  } catch (error) {
    assert.ok(error instanceof MalformedError, String(error));
    return 'error';
  }
}

function compare(krl: Buffer, signer: SshTestKey, name: string): string {
  const ours = ourLetter(krl, signer);
  const theirs = oracle.letter({
    payload,
    armor: signer.sign(payload),
    allowedSigners: signers,
    claimedAt: 1_750_000_000,
    revocations: krl,
  });
  assert.equal(ours === 'error' ? 'B' : ours, theirs, name);
  return ours;
}

function certify(options: SshCertificateOptions = {}, authority = ca): SshTestKey {
  return makeSshCertificate(authority, a, options);
}

const signersToTry: Record<string, SshTestKey> = {
  a,
  b,
  'serial 0': certify(),
  'serial 5': certify({ serial: 5n, keyId: 'five' }),
  'serial 100': certify({ serial: 100n }),
  'serial 1000': certify({ serial: 1000n, keyId: 'k\u00e9y' }),
  'last serial': certify({ serial: 0xffff_ffff_ffff_ffffn }),
  'other CA, serial 5': certify({ serial: 5n }, otherCa),
};

test('lists made by ssh-keygen -k', () => {
  const { directory } = oracle;
  writeFileSync(join(directory, 'a.pub'), `${a.publicLine}\n`);
  writeFileSync(join(directory, 'ca.pub'), `${ca.publicLine}\n`);
  const fingerprint = b.fingerprint;
  const specifications: Record<string, string> = {
    empty: '',
    'explicit key': `key: ${a.publicLine}\n`,
    sha1: `sha1: ${a.publicLine}\n`,
    sha256: `sha256: ${b.publicLine}\n`,
    hash: `hash: ${fingerprint}\n`,
    'the authority': `key: ${ca.publicLine}\n`,
    'one serial': 'serial: 5\n',
    'a range': 'serial: 90-110\n',
    'a large range': 'serial: 1-9000000000000000000\n',
    'a bitmap': Array.from({ length: 40 }, (_, i) => `serial: ${4 + i * 3 - (i % 2)}\n`).join(''),
    'many lists': Array.from({ length: 60 }, (_, i) => `serial: ${1 + i * i * 999}\n`).join(''),
    'key ids': 'id: five\nid: six\n',
    'key id beyond ASCII': 'id: k\u00e9y\n',
  };
  for (const [name, specification] of Object.entries(specifications)) {
    for (const authority of [
      ['-s', join(directory, 'ca.pub')],
      ['-s', 'NONE'],
    ]) {
      const path = join(directory, 'made.krl');
      writeFileSync(join(directory, 'specification'), specification);
      const made = oracle.run(['-k', '-f', path, '-z', '7', ...authority, join(directory, 'specification')]);
      assert.equal(made.status, 0, made.stderr);
      const krl = readFileSync(path);
      const tried = authority[1] === 'NONE' ? ['a', 'serial 5', 'other CA, serial 5'] : Object.keys(signersToTry);
      for (const who of tried) {
        const signer = signersToTry[who];
        assert.ok(signer !== undefined);
        assert.notEqual(compare(krl, signer, `${name} (${authority[1] ?? ''}): ${who}`), 'error');
      }
    }
  }
});

const header = (format = 1): Buffer =>
  Buffer.concat([Buffer.from('SSHKRL\n\0', 'latin1'), u32(format), u64(1n), u64(2n), u64(3n), str('reserved'), str('comment')]);
const section = (type: number, ...parts: Buffer[]): Buffer => Buffer.concat([Buffer.of(type), str(Buffer.concat(parts))]);
const certificates = (...parts: Buffer[]): Buffer => section(1, str(ca.publicBlob), str(''), ...parts);

test('hand-made lists that are fine', () => {
  const hash = (name: 'sha1' | 'sha256', key: SshTestKey): Buffer => {
    const { facts } = { facts: establishSshFacts(payload, Buffer.from(key.sign(payload))) };
    return name === 'sha1' ? Buffer.from(facts.key?.sha1 ?? '', 'hex') : Buffer.from(facts.key?.sha256.slice(7) ?? '', 'base64');
  };
  const lists: Record<string, Buffer> = {
    'header only': header(),
    'empty sections': Buffer.concat([header(), section(2), section(3), section(5), certificates()]),
    'hashes out of order': Buffer.concat([header(), section(5, str(Buffer.alloc(32, 0xff)), str(hash('sha256', a)))]),
    sha1: Buffer.concat([header(), section(3, str(hash('sha1', a)))]),
    'certificate in the section of keys': Buffer.concat([header(), section(2, str(certify({ serial: 5n }).publicBlob))]),
    'any blob in the section of keys': Buffer.concat([header(), section(2, str('junk'))]),
    'any CA': Buffer.concat([header(), section(1, str(''), str(''), section(0x20, u64(5n)))]),
    'reserved of a CA filled': Buffer.concat([header(), section(1, str(ca.publicBlob), str('x'), section(0x20, u64(5n)))]),
    'authority given as certificate': Buffer.concat([
      header(),
      section(1, str(makeSshCertificate(otherCa, ca).publicBlob), str(''), section(0x20, u64(5n))),
    ]),
    bitmap: Buffer.concat([header(), certificates(section(0x22, u64(0n), mpint(Buffer.from([0x20]))))]),
    'bitmap with leading zeros': Buffer.concat([
      header(),
      certificates(section(0x22, u64(0n), str(Buffer.concat([Buffer.alloc(5), Buffer.from([0x20])])))),
    ]),
    'bitmap up to the last serial': Buffer.concat([
      header(),
      certificates(section(0x22, u64(0xffff_ffff_ffff_fff8n), mpint(Buffer.from([0x80])))),
    ]),
    'empty bitmap': Buffer.concat([header(), certificates(section(0x22, u64(5n), mpint(Buffer.alloc(0))))]),
    'overlapping ranges': Buffer.concat([
      header(),
      certificates(section(0x21, u64(50n), u64(200n)), section(0x21, u64(1n), u64(3n)), section(0x21, u64(2n), u64(60n))),
    ]),
    'range to the end': Buffer.concat([header(), certificates(section(0x21, u64(1000n), u64(0xffff_ffff_ffff_ffffn)))]),
    'key id with NUL at its end': Buffer.concat([header(), certificates(section(0x23, str('five\0')))]),
  };
  for (const [name, krl] of Object.entries(lists)) {
    for (const [who, signer] of Object.entries(signersToTry)) assert.notEqual(compare(krl, signer, `${name}: ${who}`), 'error', name);
  }
});

test('hand-made lists that OpenSSH 9.2 refuses', () => {
  const lists: Record<string, Buffer> = {
    'format 2': header(2),
    'header cut': header().subarray(0, -1),
    'unknown section': Buffer.concat([header(), section(9)]),
    extension: Buffer.concat([header(), section(255, str('x'), Buffer.of(0), str(''))]),
    'section cut': Buffer.concat([header(), section(2, str('x'))]).subarray(0, -1),
    'byte after the end': Buffer.concat([header(), Buffer.of(2)]),
    'SHA-1 of 19 bytes': Buffer.concat([header(), section(3, str(Buffer.alloc(19)))]),
    'SHA-256 of 33 bytes': Buffer.concat([header(), section(5, str(Buffer.alloc(33)))]),
    'serial 0': Buffer.concat([header(), certificates(section(0x20, u64(0n)))]),
    'serial of 7 bytes': Buffer.concat([header(), certificates(section(0x20, u64(7n).subarray(1)))]),
    'range from 0': Buffer.concat([header(), certificates(section(0x21, u64(0n), u64(7n)))]),
    'range backwards': Buffer.concat([header(), certificates(section(0x21, u64(8n), u64(7n)))]),
    'two ranges in one': Buffer.concat([header(), certificates(section(0x21, u64(1n), u64(2n), u64(3n), u64(4n)))]),
    'bitmap with serial 0': Buffer.concat([header(), certificates(section(0x22, u64(0n), mpint(Buffer.from([1]))))]),
    'bitmap over the end': Buffer.concat([header(), certificates(section(0x22, u64(0xffff_ffff_ffff_fff9n), mpint(Buffer.from([0x80]))))]),
    'negative bitmap': Buffer.concat([header(), certificates(section(0x22, u64(1n), str(Buffer.from([0x80]))))]),
    'key id with NUL': Buffer.concat([header(), certificates(section(0x23, str('a\0b')))]),
    'unknown subsection': Buffer.concat([header(), certificates(section(0x24))]),
    'certificate extension': Buffer.concat([header(), certificates(section(0x39, str('x'), Buffer.of(0), str('')))]),
    'CA is no key': Buffer.concat([header(), section(1, str('junk'), str(''))]),
    'CA of an unknown type': Buffer.concat([header(), section(1, str(str('ssh-none')), str(''))]),
    'CA reserved missing': Buffer.concat([header(), section(1, str(ca.publicBlob))]),
    'comment with NUL': Buffer.concat([Buffer.from('SSHKRL\n\0', 'latin1'), u32(1), u64(1n), u64(2n), u64(3n), str(''), str('a\0b')]),
  };
  for (const [name, krl] of Object.entries(lists)) assert.equal(compare(krl, b, name), 'error', name);
});

test('a huge range and a huge bitmap cost neither memory nor time', () => {
  const wide = Buffer.concat([
    header(),
    certificates(section(0x21, u64(1n), u64(0xffff_ffff_ffff_ffffn)), section(0x22, u64(1n), mpint(Buffer.alloc(2048, 0x7f)))),
  ]);
  const before = process.memoryUsage().heapUsed;
  const start = performance.now();
  parseRevocations(wide, { path: 'krl' });
  assert.ok(performance.now() - start < 200);
  assert.ok(process.memoryUsage().heapUsed - before < 20_000_000);
});
