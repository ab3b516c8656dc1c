// Holds git's letter, as judgeSsh computes it, against ssh-keygen called the way git calls it; and shows where our own status is stricter.

import assert from 'node:assert/strict';
import test, { after } from 'node:test';

import { establishSshFacts, judgeSsh, parseAllowedSigners, parseRevocations } from '../../../src/signature/ssh/index.ts';
import type { SshJudgement, SshReason } from '../../../src/signature/ssh/index.ts';
import { openSshOracle } from '../../support/ssh-oracle.ts';
import type { OracleQuestion } from '../../support/ssh-oracle.ts';
import { makeSshCertificate, makeSshKey } from '../../support/ssh-signer.ts';
import { str } from '../../support/ssh-wire.ts';

const payload = Buffer.from('tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\n\nmessage\n');
const NOON = 1_750_000_000; // 2025-06-15T15:06:40Z
const oracle = openSshOracle();
after(() => {
  oracle.close();
});

const a = makeSshKey('ed25519');
const b = makeSshKey('ecdsa-p256');
const ca = makeSshKey('ed25519');
const weakCa = makeSshKey('rsa2048');
const A = a.publicLine;
const B = b.publicLine;
const CA = ca.publicLine;
const armor = a.sign(payload);

function judge(question: Omit<OracleQuestion, 'payload'>): SshJudgement {
  const { timeZone = 'UTC' } = question;
  const files = [parseAllowedSigners(Buffer.from(question.allowedSigners), { path: 'signers', timeZone })];
  const revocations = question.revocations === undefined ? [] : [parseRevocations(Buffer.from(question.revocations), { path: 'revoked' })];
  const facts = establishSshFacts(payload, Buffer.from(question.armor));
  return judgeSsh(facts, { allowedSigners: files, revocations, timeZone }, question.claimedAt ?? null, Math.floor(Date.now() / 1000));
}

/** The letter must be ssh-keygen's; `good` only with G. */
function compare(question: Omit<OracleQuestion, 'payload'>, name: string): SshJudgement {
  const judgement = judge(question);
  const letter = oracle.letter({ payload, ...question });
  assert.equal(judgement.letter.reference, letter, `${name}: ${JSON.stringify(judgement)}`);
  if (judgement.status === 'good') assert.equal(letter, 'G', name);
  assert.equal(judgement.reasons.length === 0, judgement.status === 'good', name);
  return judgement;
}

test('no trust given: N; an empty file: U', () => {
  const facts = establishSshFacts(payload, Buffer.from(armor));
  const untrusted = judgeSsh(facts, null, NOON, NOON);
  assert.deepEqual(untrusted, { status: 'unknown-key', reasons: ['SSH_TRUST_NOT_GIVEN'], letter: { reference: 'N', modern: 'N' } });
  const bad = judgeSsh(establishSshFacts(Buffer.from('other'), Buffer.from(armor)), null, NOON, NOON);
  assert.deepEqual(bad, { status: 'bad', reasons: ['SSH_SIGNATURE_BAD'], letter: { reference: 'N', modern: 'N' } });
  assert.deepEqual(compare({ armor, allowedSigners: '' }, 'empty').reasons, ['SSH_KEY_UNKNOWN']);
});

test('grammar: every line as ssh-keygen reads it', () => {
  const line = A.split(' ').slice(0, 2).join(' ');
  const base64 = line.split(' ')[1] ?? '';
  const files: Record<string, string> = {
    plain: `a@x ${A}\n`,
    'no line feed at the end': `a@x ${line}`,
    'CR LF': `a@x ${line}\r\n`,
    'CR LF with comment': `a@x ${A}\r\n`,
    'blank lines and comments': `\n  \n\t\n\r\n# x\n  # y\na@x ${A}\n`,
    'indented line': ` \t a@x ${A}\n`,
    'indented by CR': `\r a@x ${A}\n`,
    'tabs between': `a@x\t\t${line.replace(' ', '\t \t')}\tcomment\n`,
    'vertical tab between': `a@x\v${line}\n`,
    'vertical tab in base64': `a@x ${line.slice(0, 30)}\v${line.slice(30)}\n`,
    'other key': `a@x ${B}\n`,
    'invalid lines before': `x\nx y\nx "\nx ssh-ed25519\nx ssh-ed25519 AAAA\nx foo ${A}\na@x ${A}\n`,
    'quoted principals': `"a@x" ${A}\n`,
    'quoted with blanks': `"a b" ${A}\n`,
    'quoted with commas': `"a@x,b@x" ${A}\n`,
    'quote within the token': `a@x"b c" ${A}\n`,
    'text after the closing quote': `"a@x"b ${A}\n`,
    'key right after the closing quote': `"a@x"${A}\n`,
    'quote not closed': `"a@x ${A}\n`,
    'empty quotes': `"" ${A}\n`,
    'empty first principal': `,a@x ${A}\n`,
    'empty last principal': `a@x, ${A}\n`,
    'empty middle principal': `a@x,,b@x ${A}\n`,
    'only commas': `,, ${A}\n`,
    'CR in quotes': `"a@x\r" ${A}\n`,
    'only CR in quotes': `"\r" ${A}\n`,
    'byte order mark': `\ufeffa@x ${A}\n`,
    'no UTF-8': Buffer.concat([Buffer.from([0xe9, 0xff]), Buffer.from(` ${A}\n`)]).toString('latin1'),
    'NUL in the line': `a@x ${line}\0 rest\n`,
    'NUL before the key': `a@x\0 ${line}\n`,
    'alias as line type': `a@x ed25519 ${base64}\n`,
    'other type on the line': `a@x ssh-rsa ${base64}\n`,
    'upper-case type': `a@x SSH-ED25519 ${base64}\n`,
    'base64 without padding': `a@x ${line.replace(/=+$/, '')}\n`,
    'base64 with junk': `a@x ${line}!\n`,
    'base64 with padding': `a@x ${line}=\n`,
    wildcard: `* ${A}\n`,
    'domain wildcard': `*@x.org ${A}\n`,
    'question marks': `a?x ${A}\n`,
    'two principals': `a@x,b@x ${A}\n`,
    'option empty': `a@x , ${A}\n`,
    namespaces: `a@x namespaces="git" ${A}\n`,
    'namespaces list': `a@x namespaces="file,git" ${A}\n`,
    'namespaces pattern': `a@x namespaces="g*" ${A}\n`,
    'namespaces negated': `a@x namespaces="!git,*" ${A}\n`,
    'namespaces empty': `a@x namespaces="" ${A}\n`,
    'namespaces other': `a@x namespaces="file" ${A}\n`,
    'namespaces upper case': `a@x namespaces="GIT" ${A}\n`,
    'namespaces keyword upper case': `a@x NAMESPACES="git" ${A}\n`,
    'namespaces unquoted': `a@x namespaces=git ${A}\n`,
    'namespaces not closed': `a@x namespaces="git ${A}\n`,
    'namespaces twice': `a@x namespaces="git",namespaces="git" ${A}\n`,
    'namespaces with blank': `a@x namespaces="git, file" ${A}\n`,
    'namespaces with escaped quote': `a@x namespaces="gi\\"t,git" ${A}\n`,
    'namespaces with backslash': `a@x namespaces="git\\" ${A}\n`,
    'empty options': `a@x ,,namespaces="git" ${A}\n`,
    'trailing comma': `a@x namespaces="git", ${A}\n`,
    'unknown option': `a@x foo ${A}\n`,
    'unknown option with value': `a@x foo="x",namespaces="git" ${A}\n`,
    'no-touch-required': `a@x no-touch-required ${A}\n`,
    'cert-authority on a plain key': `a@x cert-authority ${A}\n`,
    'cert-authority with more': `a@x cert-authorityx ${A}\n`,
    'valid-after and before': `a@x valid-after="20200101",valid-before="20300101" ${A}\n`,
    'valid-before not later': `a@x valid-after="20200101",valid-before="20200101" ${A}\n`,
    'valid-after twice': `a@x valid-after="20200101",valid-after="20200101" ${A}\n`,
    'options without key': `a@x namespaces="git"\n`,
    'options, blanks, key': `a@x namespaces="git" \t  ${A}\n`,
    'principals only': 'a@x\n',
    'long principal': `${'a'.repeat(1022)} ${A}\n`,
    'too long principal': `${'a'.repeat(1023)} ${A}\n`,
    'too long second principal': `a@x,${'a'.repeat(1023)} ${A}\n`,
  };
  for (const [name, allowedSigners] of Object.entries(files))
    compare({ armor, claimedAt: NOON, allowedSigners: name === 'no UTF-8' ? Buffer.from(allowedSigners, 'latin1') : allowedSigners }, name);
});

test('several lines: the first that lists the key fixes the principals', () => {
  const files: Record<string, string> = {
    'namespace wrong, then right': `a namespaces="file" ${A}\nb namespaces="git" ${A}\n`,
    'same principal on both': `a namespaces="file" ${A}\na namespaces="git" ${A}\n`,
    'second of two principals': `a,b namespaces="file" ${A}\nb namespaces="git" ${A}\n`,
    'expired, then valid': `a valid-before="20240101" ${A}\nb ${A}\n`,
    'valid, then expired': `a ${A}\nb valid-before="20240101" ${A}\n`,
    'other key with that principal': `a ${B}\na ${A}\n`,
    'empty principals, then good': `"" ${A}\nb ${A}\n`,
    'pattern covers': `b* namespaces="file" ${A}\n* ${A}\n`,
    'negated by its own line only': `a,!a ${A}\na ${A}\n`,
  };
  for (const [name, allowedSigners] of Object.entries(files)) compare({ armor, claimedAt: NOON, allowedSigners }, name);
  assert.equal(compare({ armor, claimedAt: NOON, allowedSigners: files['second of two principals'] ?? '' }, 'second').principal, 'b');
  const judgement = compare({ armor, claimedAt: NOON, allowedSigners: `x ${B}\n\na valid-after="20200101Z" ${A}\n` }, 'which line');
  assert.equal(judgement.trustedBy, 'signers:3');
  assert.equal(judgement.validAfter, 1_577_836_800);
});

test('several files count as one', () => {
  const facts = establishSshFacts(payload, Buffer.from(armor));
  const parse = (text: string, path: string): ReturnType<typeof parseAllowedSigners> => parseAllowedSigners(Buffer.from(text), { path });
  const allowedSigners = [parse(`x ${B}\n`, 'one'), parse(`a ${A}\n`, 'two')];
  const judgement = judgeSsh(facts, { allowedSigners, revocations: [], timeZone: 'UTC' }, NOON, NOON);
  assert.equal(judgement.status, 'good');
  assert.equal(judgement.trustedBy, 'two:1');
});

test("negation: a principal spelled with ! is git's, not ours", () => {
  const expectations: readonly (readonly [string, SshReason | 'good'])[] = [
    [`!a@x ${A}\n`, 'SSH_PRINCIPAL_NEGATED'],
    [`a@x,!a@x ${A}\n`, 'SSH_PRINCIPAL_NEGATED'],
    [`!a@x,* ${A}\n`, 'good'],
    [`!a@x,a@x ${A}\n`, 'SSH_PRINCIPAL_NEGATED'],
    [`!b@x,a@x ${A}\n`, 'good'],
    [`a@x,!b@x ${A}\n`, 'good'],
    [`!* ${A}\n`, 'SSH_PRINCIPAL_NEGATED'],
    [`!!a ${A}\n`, 'SSH_PRINCIPAL_NEGATED'],
  ];
  for (const [allowedSigners, expected] of expectations) {
    const judgement = compare({ armor, claimedAt: NOON, allowedSigners }, allowedSigners);
    assert.deepEqual(judgement.reasons, expected === 'good' ? [] : [expected], allowedSigners);
    if (judgement.principal !== undefined) assert.ok(!judgement.principal.startsWith('!'));
  }
});

test('attack: with `!a@x,?a@x` git reports the excluded name as signer, we the entry that includes', () => {
  const judgement = compare({ armor, claimedAt: NOON, allowedSigners: `!a@x,?a@x ${A}\n` }, 'negated and matched by a pattern');
  assert.equal(judgement.letter.reference, 'G');
  assert.equal(judgement.principal, '?a@x');
});

test('windows: both bounds inclusive', () => {
  for (const claimedAt of [NOON - 1, NOON, NOON + 1]) {
    for (const option of ['valid-after', 'valid-before']) {
      const judgement = compare(
        { armor, claimedAt, allowedSigners: `a ${option}="20250615150640Z" ${A}\n` },
        `${option} at ${claimedAt - NOON}`,
      );
      const isGood = option === 'valid-after' ? claimedAt >= NOON : claimedAt <= NOON;
      assert.equal(judgement.status === 'good', isGood);
      if (!isGood) assert.deepEqual(judgement.reasons, [option === 'valid-after' ? 'SSH_KEY_NOT_YET_VALID' : 'SSH_KEY_EXPIRED']);
    }
  }
  assert.equal(compare({ armor, allowedSigners: `a valid-before="20240101" ${A}\n` }, 'now').status, 'expired-key');
  assert.equal(compare({ armor, allowedSigners: `a valid-after="20240101" ${A}\n` }, 'now').status, 'good');
});

test('the memory of answers changes at the bounds only', () => {
  const facts = establishSshFacts(payload, Buffer.from(armor));
  const files = [
    parseAllowedSigners(Buffer.from(`a valid-after="20250101Z",valid-before="20250201Z" ${A}\nb valid-after="20250301Z" ${A}\n`), {
      path: 'f',
    }),
  ];
  const trust = { allowedSigners: files, revocations: [], timeZone: 'UTC' };
  const day = (text: string): number => Date.parse(text) / 1000;
  const ask = (at: number): string => judgeSsh(facts, trust, at, 0).principal ?? judgeSsh(facts, trust, at, 0).reasons.join();
  const expected: readonly (readonly [number, string])[] = [
    [day('2024-12-31T23:59:59Z'), 'SSH_KEY_NOT_YET_VALID'],
    [day('2025-01-01T00:00:00Z'), 'a'],
    [day('2025-02-01T00:00:00Z'), 'a'],
    [day('2025-02-01T00:00:01Z'), 'SSH_KEY_EXPIRED,SSH_KEY_NOT_YET_VALID'],
    [day('2025-03-01T00:00:00Z'), 'b'],
  ];
  for (const round of [expected, expected.toReversed(), expected]) for (const [at, answer] of round) assert.equal(ask(at), answer);
});

test('times: spellings that strptime takes and refuses', () => {
  const times = [
    '20250101',
    '20250101Z',
    '20250101z',
    '20250101UTC',
    '20250101utc',
    '20250101 Z',
    '202501011200',
    '20250101120000',
    '2025010112',
    '20250230',
    '20250931',
    '20251301',
    '20250001',
    '20250100',
    '20250132',
    '2025010124',
    '202501012400',
    '202501012360',
    '20250101235960',
    '20250101235961',
    '20250101235962',
    ' 2025101',
    '2025 1 1',
    '20251 01',
    '2025-1-1',
    '2025010a',
    '19700101',
    '19700101000001Z',
    '19700102',
    '19691231',
    '00010101',
    '99991231',
    '+2025011',
    '',
    'Z',
    'UTC',
    '20250101ZZ',
    '20250101+0000',
    '2025 101',
    '   20101',
  ];
  for (const time of times) {
    for (const option of ['valid-after', 'valid-before'])
      compare({ armor, claimedAt: NOON, allowedSigners: `a ${option}="${time}" ${A}\n` }, `${option} ${time}`);
  }
});

test('time zones: daylight saving shifts the verify-time, as mktime with tm_isdst = 0 does', () => {
  const hour = 3600;
  const zones = ['America/New_York', 'Europe/Berlin', 'Europe/Dublin', 'Asia/Kolkata', 'Australia/Lord_Howe'];
  for (const timeZone of zones) {
    for (const claimedAt of [NOON, NOON + 183 * 86_400]) {
      for (const shift of [-hour, -1, 0, 1, hour, hour + 1]) {
        const utc = `${new Date((claimedAt + shift) * 1000).toISOString().replaceAll(/[-:T]|\.000Z/g, '')}Z`;
        for (const option of ['valid-after', 'valid-before'])
          compare(
            { armor, claimedAt, timeZone, allowedSigners: `a ${option}="${utc}" ${A}\n` },
            `${timeZone} ${option} ${claimedAt} ${shift}`,
          );
      }
    }
  }
});

test('time zones: local bounds around both changes of the clock in New York', () => {
  const timeZone = 'America/New_York';
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['2025-03-09T06:30:00Z', ['20250309013000', '20250309020000', '20250309023000', '20250309030000', '20250309033000']],
    ['2025-03-09T07:30:00Z', ['20250309013000', '20250309023000', '20250309033000', '20250309043000']],
    ['2025-11-02T05:30:00Z', ['20251102003000', '20251102013000', '20251102023000']],
    ['2025-11-02T06:30:00Z', ['20251102003000', '20251102013000', '20251102013001', '20251102023000']],
    ['2025-07-01T12:00:00Z', ['20250701080000', '20250701075959', '20250701080001', '20250701']],
  ];
  for (const [instant, bounds] of cases) {
    for (const bound of bounds) {
      for (const option of ['valid-after', 'valid-before']) {
        compare(
          { armor, claimedAt: Date.parse(instant) / 1000, timeZone, allowedSigners: `a ${option}="${bound}" ${A}\n` },
          `${instant} ${option} ${bound}`,
        );
      }
    }
  }
});

test('a year above 9999 is no time for ssh-keygen', () => {
  for (const claimedAt of [253_402_300_799, 253_402_300_800]) compare({ armor, claimedAt, allowedSigners: `a ${A}\n` }, String(claimedAt));
  assert.deepEqual(judge({ armor, claimedAt: 253_402_300_800, allowedSigners: `a ${A}\n` }).reasons, ['SSH_TIME_INVALID']);
});

test('certificates: authorities, principals, kinds, times', () => {
  const week = 7 * 86_400;
  const files: Record<string, string> = {
    authority: `*@example.com cert-authority ${CA}\n`,
    'exact principal': `tester@example.com cert-authority ${CA}\n`,
    'other principal': `other@example.com cert-authority ${CA}\n`,
    'second pattern': `other,tester@* cert-authority ${CA}\n`,
    'negated principal': `*,!tester@example.com cert-authority ${CA}\n`,
    'empty first': `,* cert-authority ${CA}\n`,
    'not an authority': `* ${CA}\n`,
    'subject listed plainly': `* ${A}\n`,
    'subject listed as authority': `* cert-authority ${A}\n`,
    'line in time': `* cert-authority,valid-after="20250101",valid-before="20260101" ${CA}\n`,
    'line expired': `* cert-authority,valid-before="20250101" ${CA}\n`,
    'line for files': `* cert-authority,namespaces="file" ${CA}\n`,
    'expired, then valid': `* cert-authority,valid-before="20250101" ${CA}\ntester@* cert-authority ${CA}\n`,
  };
  const certificates = {
    plain: makeSshCertificate(ca, a),
    host: makeSshCertificate(ca, a, { kind: 2 }),
    none: makeSshCertificate(ca, a, { principals: [] }),
    two: makeSshCertificate(ca, a, { principals: ['nobody', 'tester@example.com'] }),
    star: makeSshCertificate(ca, a, { principals: ['*'] }),
    comma: makeSshCertificate(ca, a, { principals: ['tester@example.com,root'] }),
    'line feed': makeSshCertificate(ca, a, { principals: ['tester@example.com\nroot@example.com'] }),
    empty: makeSshCertificate(ca, a, { principals: ['', 'tester@example.com'] }),
    expired: makeSshCertificate(ca, a, { validBefore: BigInt(NOON) }),
    'expires next': makeSshCertificate(ca, a, { validBefore: BigInt(NOON + 1) }),
    'valid from now': makeSshCertificate(ca, a, { validAfter: BigInt(NOON) }),
    'valid later': makeSshCertificate(ca, a, { validAfter: BigInt(NOON + week) }),
  };
  for (const [certificateName, certificate] of Object.entries(certificates)) {
    const signed = certificate.sign(payload);
    for (const [name, text] of Object.entries(files))
      compare({ armor: signed, claimedAt: NOON, allowedSigners: text }, `${certificateName}: ${name}`);
  }
});

test('certificates listed verbatim: git asks nothing more, we do', () => {
  const line = (type: { publicLine: string }): string => `a@x ${type.publicLine}\n`;
  const expectations: readonly (readonly [ReturnType<typeof makeSshCertificate>, readonly SshReason[]])[] = [
    [makeSshCertificate(ca, a), []],
    [makeSshCertificate(ca, a, { validBefore: 5n }), ['SSH_CERTIFICATE_EXPIRED']],
    [makeSshCertificate(ca, a, { validAfter: BigInt(NOON + 5) }), ['SSH_CERTIFICATE_NOT_YET_VALID']],
    [makeSshCertificate(ca, a, { kind: 2 }), ['SSH_CERTIFICATE_NOT_USER']],
  ];
  for (const [certificate, reasons] of expectations) {
    const judgement = compare({ armor: certificate.sign(payload), claimedAt: NOON, allowedSigners: line(certificate) }, reasons.join());
    assert.equal(judgement.letter.reference, 'G');
    assert.deepEqual(judgement.reasons, reasons);
  }
  compare(
    { armor: makeSshCertificate(ca, a, { serial: 2n }).sign(payload), claimedAt: NOON, allowedSigners: line(makeSshCertificate(ca, a)) },
    'another certificate',
  );
  compare({ armor, claimedAt: NOON, allowedSigners: line(makeSshCertificate(ca, a)) }, 'the plain key');
  const asAuthority = `* cert-authority ${makeSshCertificate(ca, ca).publicLine}\n`;
  compare(
    { armor: makeSshCertificate(ca, a).sign(payload), claimedAt: NOON, allowedSigners: asAuthority },
    'authority given as a certificate',
  );
});

test('certificates: SHA-1 authorities and critical options are refused here, and G in git', () => {
  const signers = `* cert-authority ${CA}\n* cert-authority ${weakCa.publicLine}\n`;
  const critical = makeSshCertificate(ca, a, { criticalOptions: { 'source-address': '10.0.0.0/8' } }).sign(payload);
  const weak = makeSshCertificate(weakCa, a, { caAlgorithm: 'ssh-rsa' }).sign(payload);
  const strong = makeSshCertificate(weakCa, a).sign(payload);
  for (const [signed, reasons] of [
    [critical, ['SSH_CERTIFICATE_CRITICAL_OPTION']],
    [weak, ['SSH_CERTIFICATE_CA_WEAK']],
    [strong, []],
  ] as const) {
    const judgement = compare({ armor: signed, claimedAt: NOON, allowedSigners: signers }, reasons.join());
    assert.equal(judgement.letter.reference, 'G');
    assert.deepEqual(judgement.reasons, reasons);
  }
});

test('Ed25519 with S >= L: G in git with OpenSSH 9.2, B with 10.3, never good', () => {
  const L = 2n ** 252n + 27742317777372353535851937790883648493n;
  const blob = a.signBlob(payload);
  const s = BigInt(`0x${Buffer.from(blob.subarray(-32).toReversed()).toString('hex')}`) + L;
  blob.set(Buffer.from(s.toString(16).padStart(64, '0'), 'hex').toReversed(), blob.length - 32);
  const moved = `-----BEGIN SSH SIGNATURE-----\n${blob.toString('base64')}\n-----END SSH SIGNATURE-----\n`;
  const judgement = compare({ armor: moved, claimedAt: NOON, allowedSigners: `a ${A}\n` }, 'S + L');
  assert.deepEqual(judgement, { status: 'bad', reasons: ['SSH_SIGNATURE_NOT_CANONICAL'], letter: { reference: 'G', modern: 'B' } });
});

test('revocation by a list of keys', () => {
  const certificate = makeSshCertificate(ca, a);
  const signers = `a ${A}\n* cert-authority ${CA}\n`;
  const bare = (key: { publicLine: string }): string => `${key.publicLine}\n`;
  const files: Record<string, string> = {
    'the key': bare(a),
    'another key': bare(b),
    'the authority': bare(ca),
    'the key as a certificate': bare(certificate),
    comments: `# x\n\n \t\n${bare(a)}`,
    empty: '',
  };
  for (const [name, revocations] of Object.entries(files)) {
    for (const [who, signed] of [
      ['plain', armor],
      ['certificate', certificate.sign(payload)],
    ] as const) {
      compare({ armor: signed, claimedAt: NOON, allowedSigners: signers, revocations }, `${name}: ${who}`);
    }
  }
  const unknown = compare({ armor, claimedAt: NOON, allowedSigners: `a ${B}\n`, revocations: bare(a) }, 'revoked and unknown');
  assert.equal(unknown.status, 'revoked-key', 'git shows U for a revoked key that it does not know');
  assert.equal(unknown.letter.reference, 'U');
});

test('revocation lists that OpenSSH cannot read are errors, since git then takes nothing for good', () => {
  const lines = ['garbage', `a@x ${A}`, `cert-authority ${A}`, '\r', 'ssh-ed25519', 'ssh-ed25519 AAAA', `ssh-rsa ${A.split(' ')[1] ?? ''}`];
  for (const line of lines) {
    const revocations = `${line}\n`;
    assert.throws(
      () => parseRevocations(Buffer.from(revocations), { path: 'revoked' }),
      { code: 'SSH_REVOCATIONS_MALFORMED', offset: 1 },
      line,
    );
    assert.equal(oracle.letter({ payload, armor, claimedAt: NOON, allowedSigners: `a ${A}\n`, revocations }), 'B', line);
  }
  const short = Buffer.concat([str('ssh-rsa'), str(Buffer.from([1, 0, 1])), str(Buffer.alloc(64, 0x55))]).toString('base64');
  compare({ armor, claimedAt: NOON, allowedSigners: `a ${A}\n`, revocations: `ssh-rsa ${short}\n` }, 'short RSA key passed over');
});

test('linear patterns: a hostile list costs no time', () => {
  const stars = `${'*a'.repeat(500)}b`;
  const principal = 'a'.repeat(1000);
  const certificate = makeSshCertificate(ca, a, { principals: [principal] });
  const start = performance.now();
  assert.equal(
    judge({ armor: certificate.sign(payload), claimedAt: NOON, allowedSigners: `${stars} cert-authority ${CA}\n` }).status,
    'not-allowed',
  );
  assert.ok(performance.now() - start < 1000);
});
