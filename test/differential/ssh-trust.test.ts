// Holds the reading of allowed signers, lifetimes and revocations against git and ssh-keygen: each line or file, and what comes of a signature.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import test, { after, before, suite } from 'node:test';

import type { GitLetter, ReasonCode } from '../../src/index.ts';
import { readGitLetters } from '../support/differential-git.ts';
import { append, commitFrom, commitOf } from '../support/differential-objects.ts';
import { bySsh, trustSsh } from '../support/differential-ssh.ts';
import { assertAgreement, judgeObjects, writeObjects } from '../support/differential.ts';
import type { Row, Scene } from '../support/differential.ts';
import { TestRepository } from '../support/repository.ts';
import { makeSshCertificate, makeSshKey } from '../support/ssh-signer.ts';
import type { SshTestKey } from '../support/ssh-signer.ts';

const key = makeSshKey('ed25519');
const other = makeSshKey('ed25519');
const ca = makeSshKey('ecdsa-p256');
let repository: TestRepository;

before(() => {
  repository = TestRepository.create();
});
after(() => repository.remove());

const by = bySsh;
function trust(allowedSigners: readonly string[] | null, revoked?: string | Uint8Array): void {
  trustSsh(repository, allowedSigners, revoked);
}

function agree(rows: Readonly<Record<string, Row>>, scene?: Scene): Promise<void> {
  return assertAgreement(repository, 'commit', rows, scene);
}

suite('who is trusted', () => {
  const good = commitOf({}, by(key));
  const line = (options: string, signer = key): string => `${options} ${signer.publicLine}`;

  test('nothing is configured', async () => {
    trust(null);
    await agree({ good: [good, 'N'], fudged: [append(good, '!'), 'N'], unsigned: [commitOf({}), 'N'] });
  });

  test('a file that is not there: git goes on and says U, countersign tells and stops', async () => {
    trust([]);
    repository.config('gpg.ssh.allowedSignersFile', join(repository.home, 'nowhere'));
    const [oid = ''] = writeObjects(repository, 'commit', [good]);
    assert.equal(readGitLetters(repository, [oid]).get(oid), 'U');
    await assert.rejects(judgeObjects(repository, [oid]), { code: 'TRUST_FILE_UNREADABLE' });
  });

  // Each set of lines, and what comes of a good signature by `key`.
  const LINES: Readonly<Record<string, readonly [lines: readonly string[], letter: GitLetter, refused?: readonly ReasonCode[]]>> = {
    'an empty file': [[], 'U'],
    'only comments': [['# a comment', '  # another', ''], 'U'],
    'one principal': [[line('a@example.com')], 'G'],
    'several principals': [[line('a@example.com,b@example.com')], 'G'],
    'a wildcard': [[line('*@example.com')], 'G'],
    'a question mark': [[line('?@example.com')], 'G'],
    'any name': [[line('*')], 'G'],
    'a quoted principal with spaces': [[line('"principal with number 1"')], 'G'],
    'a quote in the middle': [[line('foo"bar baz"')], 'G'],
    'a negation first': [[line('!a@example.com,*@example.com')], 'G'],
    'a negation that git takes for the name': [[line('!?,*')], 'G', ['SSH_PRINCIPAL_NEGATED']],
    'a negation after': [[line('*@example.com,!a@example.com')], 'G'],
    'a name and its negation': [[line('a,!a')], 'B'],
    'a negation alone': [[line('!a')], 'B'],
    'an empty first principal': [[line(',b')], 'U'],
    'an empty quoted principal': [[line('""')], 'U'],
    'the committer is somebody else': [[line('somebody-else@example.org')], 'G'],
    'namespace git': [[line('a namespaces="git"')], 'G'],
    'namespaces, git among them': [[line('a namespaces="file,git"')], 'G'],
    'namespace pattern': [[line('a namespaces="g*"')], 'G'],
    'namespace file': [[line('a namespaces="file"')], 'B'],
    'namespace git negated': [[line('a namespaces="!git,*"')], 'B'],
    'namespace in another case': [[line('a namespaces="GIT"')], 'B'],
    'no namespace': [[line('a namespaces=""')], 'B'],
    'keyword in another case': [[line('a NameSpaces="git"')], 'G'],
    'file for a, git for b': [[line('a namespaces="file"'), line('b namespaces="git"')], 'B'],
    'file for a and b, git for b': [[line('a,b namespaces="file"'), line('b namespaces="git"')], 'G'],
    'expired, then valid': [[line('a valid-before="20000101"'), line('b')], 'G'],
    'another key before': [[line('a', other), line('b')], 'G'],
    'an unknown option': [[line('a verify-required')], 'U'],
    'an unknown option, then a good line': [[line('a verify-required'), line('b')], 'G'],
    'the same option twice': [[line('a namespaces="git",namespaces="git"')], 'U'],
    'a trailing comma': [[line('a namespaces="git",')], 'U'],
    'an unterminated quote': [[line('"a')], 'U'],
    'garbage, then a good line': [['garbage', line('b')], 'G'],
    'cert-authority does not make the key itself good': [[line('a cert-authority')], 'U'],
    'a byte order mark': [[line('\u{feff}a')], 'G'],
    'a carriage return at the end': [[`${line('a')}\r`], 'G'],
    'tabs between': [[`a\t${key.publicLine.replace(' ', '\t')}`], 'G'],
    indented: [[`  ${line('a')}`], 'G'],
    'no comment': [[`a ${key.publicLine.split(' ').slice(0, 2).join(' ')}`], 'G'],
    'another type than the key has': [[`a ${key.publicLine.replace('ssh-ed25519', 'ssh-rsa')}`], 'U'],
    'a certificate type': [[`a ${key.publicLine.replace('ssh-ed25519', 'ssh-ed25519-cert-v01@openssh.com')}`], 'U'],
  };
  for (const [name, [lines, letter, refused]] of Object.entries(LINES)) {
    test(name, async () => {
      trust(lines);
      await agree({ good: refused === undefined ? [good, letter] : [good, letter, refused] });
    });
  }

  test('the same file, configured or given', async () => {
    trust([line('a@example.com'), line('b valid-before="20000101"', other)]);
    const files = { allowedSigners: [join(repository.home, 'allowed_signers')] };
    const rows: Record<string, Row> = {
      good: [good, 'G'],
      fudged: [append(good, '!'), 'B'],
      expired: [commitOf({}, by(other)), 'U'],
      unsigned: [commitOf({}), 'N'],
    };
    await agree(rows);
    await agree(rows, { files });
  });
});

test('t7528: gpg.minTrustLevel', async () => {
  trust([`a@example.com ${key.publicLine}`]);
  for (const level of ['undefined', 'never', 'marginal', 'FULLY', 'ultimate']) {
    repository.config('gpg.minTrustLevel', level);
    await agree({ good: [commitOf({}, by(key)), 'G'], unknown: [commitOf({}, by(other)), 'U'] });
  }
  repository.git('config', '--unset', 'gpg.minTrustLevel');
});

suite('t7528: lifetimes', () => {
  const noon = 1_119_268_800; // 2005-06-20 12:00 UTC
  const at = (time: number, zone = '+0000'): Buffer => commitOf({ time, zone }, by(key));
  const window = (options: string): void => trust([`a@example.com ${options} ${key.publicLine}`]);

  test('bounds are inclusive', async () => {
    window('valid-after="20050620120000Z",valid-before="20050620130000Z"');
    await agree({
      'a second before': [at(noon - 1), 'U'],
      'the first second': [at(noon), 'G'],
      'inside, the zone of the commit being another': [at(noon + 60, '-0700'), 'G'],
      'the last second': [at(noon + 3600), 'G'],
      'a second after': [at(noon + 3601), 'U'],
    });
  });

  test('expired, not yet valid, days, hours, lower-case z, UTC', async () => {
    for (const [options, letter] of [
      ['valid-before="20000101000000Z"', 'U'],
      ['valid-after="29990101000000Z"', 'U'],
      ['valid-after="20050620"', 'G'],
      ['valid-before="20050620"', 'U'],
      ['valid-before="20050621"', 'G'],
      ['valid-after="200506201200"', 'G'],
      ['valid-after="200506201201z"', 'U'],
      ['valid-after="20050620120000UTC"', 'G'],
      ['valid-after="20050231"', 'G'],
      ['valid-after="20051301"', 'U'],
      ['valid-after="2005"', 'U'],
      ['valid-after="20050620",valid-before="20050620"', 'U'],
    ] as const) {
      window(options);
      await agree({ [options]: [at(noon), letter] });
    }
  });

  test('in a zone with daylight saving, as git and ssh-keygen count it', async () => {
    const scene = { timeZone: 'America/New_York' };
    const summer = 1_751_385_600; // 2025-07-01 16:00 UTC
    const fall = 1_762_061_400; // 2025-11-02 05:30 UTC: 01:30, for the first time
    for (const [options, time, letter] of [
      ['valid-after="20250701170000Z"', summer, 'G'],
      ['valid-after="20250701170001Z"', summer, 'U'],
      ['valid-before="20250701160000Z"', summer, 'U'],
      ['valid-before="20250701170000Z"', summer, 'G'],
      ['valid-after="20250701120000"', summer, 'G'],
      ['valid-after="20250701120001"', summer, 'U'],
      ['valid-before="20250701120000"', summer, 'G'],
      ['valid-before="20250701115959"', summer, 'U'],
      ['valid-after="20251102063000Z"', fall, 'G'],
      ['valid-before="20251102062959Z"', fall, 'U'],
      ['valid-after="20251102063000Z"', fall + 3600, 'G'],
      ['valid-before="20251102063000Z"', fall + 3600, 'G'],
    ] as const) {
      window(options);
      await agree({ [`${options} at ${time}`]: [at(time), letter] }, scene);
    }
  });

  // A commit without a readable time is judged now.
  const dated = (date: string): Buffer => commitFrom((text) => text.replace(/(committer .*>).*/, `$1${date}`), by(key));
  const DATES: Readonly<Record<string, readonly [date: string, past: GitLetter | null, now: GitLetter | null]>> = {
    plain: [' 1119268800 +0000', 'G', 'U'],
    'trailing junk': [' 1119268800 +0000 junk', 'G', 'U'],
    'many spaces': ['    1119268800    -0300', 'G', 'U'],
    'no space': ['1119268800 +0000', 'G', 'U'],
    'a zone of one digit': [' 1119268800 +0', 'G', 'U'],
    'no date': ['', 'U', 'G'],
    'no zone': [' 1119268800', 'U', 'G'],
    'a zone without sign': [' 1119268800 0000', 'U', 'G'],
    'a sign without zone': [' 1119268800 +', 'U', 'G'],
    zero: [' 0 +0000', 'U', 'G'],
    one: [' 1 +0000', 'G', 'U'],
    negative: [' -1119268800 +0000', 'U', 'G'],
    'a plus before': [' +1119268800 +0000', 'U', 'G'],
    words: [' yesterday +0000', 'U', 'G'],
    'the year 9999': [' 253402300799 +0000', 'U', 'G'],
    'the year 10000': [' 253402300800 +0000', 'B', 'B'],
    '2^40': [' 1099511627776 +0000', 'B', 'B'],
    '2^55': [' 36028797018963968 +0000', 'B', 'B'],
    '2^60': [' 1152921504606846976 +0000', 'B', 'B'],
    'the last before 2^63': [' 9223372036854774000 +0000', 'B', 'B'],
    '2^63': [' 9223372036854775808 +0000', null, null],
    'all that 64 bits hold': [' 18446744073709551615 +0000', null, null],
    'more than 64 bits hold': [' 99999999999999999999999 +0000', null, null],
    'two committers, the first counts': [' 1119268800 +0000\ncommitter X <x@y> 1700000000 +0000', 'G', 'U'],
  };
  test('dates that git can or cannot read', async () => {
    const rows = (place: 1 | 2): Record<string, Row> => {
      const found: Record<string, Row> = {};
      for (const [name, row] of Object.entries(DATES)) {
        const letter = row[place];
        found[name] = name.startsWith('two') && letter === 'G' ? [dated(row[0]), letter, ['HEADER_DUPLICATE']] : [dated(row[0]), letter];
      }
      return found;
    };
    window('valid-before="20100101000000Z"');
    await agree(rows(1));
    window('valid-after="20100101000000Z"');
    await agree(rows(2));
  });
});

suite('revoked keys', () => {
  const listed = makeSshKey('ecdsa-p256');
  const certified = makeSshCertificate(ca, listed, { serial: 7n, keyId: 'seven' });
  const rows = ([keyLetter, listedLetter, certifiedLetter]: readonly [GitLetter, GitLetter, GitLetter]): Record<string, Row> => ({
    key: [commitOf({}, by(key)), keyLetter],
    listed: [commitOf({}, by(listed)), listedLetter],
    certified: [commitOf({}, by(certified)), certifiedLetter],
    'unknown and revoked': [commitOf({}, by(other)), 'U'],
  });
  const SIGNERS = [
    `a@example.com ${key.publicLine}`,
    `b@example.com ${listed.publicLine}`,
    `*@example.com cert-authority ${ca.publicLine}`,
  ];

  function makeKrl(specification: string, ...options: readonly string[]): string {
    const krl = join(repository.home, 'made.krl');
    const input = repository.writeFile('specification', specification);
    const { status, stderr } = spawnSync('ssh-keygen', ['-q', '-k', '-f', krl, ...options, input], { env: repository.env });
    assert.equal(status, 0, stderr.toString());
    return krl;
  }

  test('a list of keys', async () => {
    const list = (...keys: readonly SshTestKey[]): string =>
      ['# revoked', '', ...keys.map(({ publicLine }) => publicLine)].map((each) => `${each}\n`).join('');
    trust(SIGNERS, list(other));
    await agree(rows(['G', 'G', 'G']));
    trust(SIGNERS, list(other, key));
    await agree(rows(['B', 'G', 'G']));
    trust(SIGNERS, list(listed, other));
    await agree(rows(['G', 'B', 'B']));
    trust(SIGNERS, list(ca, other));
    await agree(rows(['G', 'G', 'B']));
  });

  test('a KRL', async () => {
    const caFile = repository.writeFile('ca.pub', `${ca.publicLine}\n`);
    for (const [specification, options, letters] of [
      [`${key.publicLine}\n${other.publicLine}\n`, [], ['B', 'G', 'G']],
      [`sha1: ${listed.publicLine}\n`, [], ['G', 'B', 'B']],
      [`sha256: ${key.publicLine}\n`, [], ['B', 'G', 'G']],
      ['serial: 7\n', ['-s', caFile], ['G', 'G', 'B']],
      ['serial: 1-6\nserial: 8-90\n', ['-s', caFile], ['G', 'G', 'G']],
      ['serial: 3-900\n', ['-s', caFile], ['G', 'G', 'B']],
      ['id: seven\n', ['-s', caFile], ['G', 'G', 'B']],
      ['id: eight\n', ['-s', caFile], ['G', 'G', 'G']],
    ] as const) {
      trust(SIGNERS);
      repository.config('gpg.ssh.revocationFile', makeKrl(specification, ...options));
      await agree(rows(letters));
    }
  });

  test('a revocation file that is missing or cannot be read: git goes on or refuses all, countersign tells and stops', async () => {
    const [oid = ''] = writeObjects(repository, 'commit', [commitOf({}, by(key))]);
    trust(SIGNERS);
    repository.config('gpg.ssh.revocationFile', join(repository.home, 'nowhere'));
    assert.equal(readGitLetters(repository, [oid]).get(oid), 'G');
    await assert.rejects(judgeObjects(repository, [oid]), { code: 'TRUST_FILE_UNREADABLE' });
    trust(SIGNERS, 'garbage\n');
    assert.equal(readGitLetters(repository, [oid]).get(oid), 'B');
    await assert.rejects(judgeObjects(repository, [oid]), { code: 'REVOCATION_FILE_MALFORMED' });
  });
});
