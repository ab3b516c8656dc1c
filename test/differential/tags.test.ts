// Holds our verdicts on signed tags against `git verify-tag`: where the signature starts, what is cut out of the header, nested tags.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { after, before } from 'node:test';

import type { ReasonCode } from '../../src/index.ts';
import { signatureHeaderLines } from '../support/build-object.ts';
import { append, bend, NOWHERE, tagOf } from '../support/differential-objects.ts';
import type { Sign } from '../support/differential-objects.ts';
import { assertAgreement } from '../support/differential.ts';
import type { Row } from '../support/differential.ts';
import { GpgHome } from '../support/openpgp-gpg.ts';
import { makeOpenpgpTestKey } from '../support/openpgp-keys.ts';
import { TestRepository } from '../support/repository.ts';
import { makeSshKey } from '../support/ssh-signer.ts';

const AT = 1_700_000_000;
const sshKey = makeSshKey('ed25519');
const strangerKey = makeSshKey('ed25519');
const timeboxed = makeSshKey('ecdsa-p256');
const pgpKey = makeOpenpgpTestKey('ed25519', { userId: 'C O Mitter <committer@example.com>' });
const untrusted = makeOpenpgpTestKey('ed25519', { userId: 'Eris Discordia <eris@example.com>' });
const unknown = makeOpenpgpTestKey('ed25519');
const expired = makeOpenpgpTestKey('ed25519', { userId: 'Expired <expired@example.com>', expiresAfter: 1000 });
const bySsh: Sign = (payload) => sshKey.sign(payload);
const byPgp: Sign = (payload) => pgpKey.sign(payload, AT);

let repository: TestRepository;
let home: GpgHome;
before(() => {
  repository = TestRepository.create();
  repository.config(
    'gpg.ssh.allowedSignersFile',
    repository.writeFile(
      'allowed_signers',
      `a@example.com ${sshKey.publicLine}\nb@example.com valid-after="20231101000000Z",valid-before="20231201000000Z" ${timeboxed.publicLine}\n`,
    ),
  );
  home = new GpgHome();
  writeFileSync(join(home.directory, 'gpg.conf'), 'trust-model direct\n');
  for (const each of [pgpKey, untrusted, expired]) home.import(each.certificate);
  for (const each of [pgpKey, expired]) home.trust(each.fingerprint, 6);
});
after(async () => {
  home.close();
  await repository.remove();
});

function agree(rows: Readonly<Record<string, Row>>): Promise<void> {
  return assertAgreement(repository, 'tag', rows, { gnupgHome: home.directory });
}

test('t7030: OpenPGP, good, fudged, untrusted, unknown, unsigned', async () => {
  const good = tagOf({ message: 'initial\n' }, byPgp);
  await agree({
    good: [good, 'G'],
    fudged: [bend(good, 'initial', 'forged'), 'B'],
    'fudged with NUL': [bend(good, 'initial', 'init\0ial'), 'B'],
    untrusted: [tagOf({}, (payload) => untrusted.sign(payload, AT)), 'U', ['OPENPGP_KEY_UNTRUSTED']],
    unknown: [tagOf({}, (payload) => unknown.sign(payload, AT)), 'E'],
    expired: [tagOf({}, (payload) => expired.sign(payload, AT)), 'Y'],
    unsigned: [tagOf({}), 'N'],
    'empty message': [tagOf({ message: '' }, byPgp), 'G'],
  });
});

test('t7031: SSH, good, fudged, unknown, lifetimes', async () => {
  const good = tagOf({ message: 'initial\n' }, bySsh);
  const boxed = (time: number): Buffer => tagOf({ time }, (payload) => timeboxed.sign(payload));
  await agree({
    good: [good, 'G'],
    fudged: [bend(good, 'initial', 'forged'), 'B'],
    unknown: [tagOf({}, (payload) => strangerKey.sign(payload)), 'U'],
    'of another namespace': [tagOf({}, (payload) => sshKey.sign(payload, { namespace: 'file' })), 'B'],
    'inside the lifetime': [boxed(AT), 'G'],
    'before the lifetime': [boxed(AT - 40 * 86_400), 'U'],
    'after the lifetime': [boxed(AT + 40 * 86_400), 'U'],
    'a tagger without a date is judged now': [tagOf({ zone: '' }, (payload) => timeboxed.sign(payload)), 'U'],
    'a date beyond the year 9999': [tagOf({ time: 253_402_300_800 }, bySsh), 'B'],
  });
});

test('t7004: where the signature starts', async () => {
  const embedded = '-----BEGIN PGP MESSAGE-----\n\nhello\n-----END PGP MESSAGE-----\n';
  for (const [name, sign, kind] of [
    ['ssh', bySsh, 'SSH SIGNATURE'],
    ['openpgp', byPgp, 'PGP SIGNATURE'],
  ] as const) {
    const good = tagOf({}, sign);
    const malformed: ReasonCode = kind === 'SSH SIGNATURE' ? 'SSH_SIGNATURE_MALFORMED' : 'OPENPGP_SIGNATURE_MALFORMED';
    await agree({
      [`${name}: an embedded OpenPGP message`]: [tagOf({ message: `text\n${embedded}` }, sign), 'G'],
      [`${name}: an embedded SSH signature`]: [tagOf({ message: `text\n${sshKey.sign(Buffer.from('x'))}` }, sign), 'G'],
      [`${name}: an armor inside a line`]: [tagOf({ message: 'see -----BEGIN SSH SIGNATURE----- there\n' }, sign), 'G'],
      [`${name}: an indented armor`]: [bend(good, `-----BEGIN ${kind}`, ` -----BEGIN ${kind}`), 'N'],
      [`${name}: trailing text`]: [append(good, 'trailing text\n'), 'G', [malformed]],
      [`${name}: an armor of no known format`]: [
        bend(good, new RegExp(`-----(BEGIN|END) ${kind}-----`, 'g'), '-----$1 SOME SIGNATURE-----'),
        'N',
      ],
      [`${name}: the message does not end in a line feed`]: [tagOf({ message: 'no end' }, sign), 'N'],
      [`${name}: followed by the start of another armor`]: [append(good, '-----BEGIN PGP MESSAGE-----\n'), 'N'],
      [`${name}: CRLF in the message`]: [tagOf({ message: 'a\r\nb\r\n' }, sign), 'G'],
      [`${name}: NUL in the message`]: [tagOf({ message: 'a\0b\n' }, sign), 'G', ['MESSAGE_NUL']],
      [`${name}: in lower case`]: [bend(good, `-----BEGIN ${kind}`, `-----begin ${kind}`), 'N'],
    });
  }
  await agree({
    'good OpenPGP, then good SSH over both': [tagOf({ message: `m\n${byPgp(tagOf({ message: 'm\n' }))}` }, bySsh), 'G'],
    'good SSH, then stray SSH': [append(tagOf({}, bySsh), sshKey.sign(Buffer.from('x'))), 'B'],
    'good SSH, then unknown OpenPGP': [append(tagOf({}, bySsh), unknown.sign(Buffer.from('x'), AT)), 'E'],
  });
});

test('signature headers in a tag', async () => {
  const stray = sshKey.sign(Buffer.from('x'));
  const sha1 = signatureHeaderLines(stray, 'sha1');
  const sha256 = signatureHeaderLines(stray, 'sha256');
  const good = tagOf({}, bySsh);
  /** The header's lines put behind the tagger of a finished tag. Their armor is indented, all but the first line of each. */
  const beside = (lines: string, bytes: Uint8Array = good): Buffer => bend(bytes, '\n\n', `\n${lines}\n`);
  await agree({
    'gpgsig-sha256, as in a translated repository': [beside(sha256), 'G'],
    gpgsig: [beside(sha1), 'G'],
    'both, the one behind the other': [beside(sha1 + sha256), 'B'],
    'both, apart': [beside(`${sha1}x-foreign 1\n${sha256}`, tagOf({ extraHeaders: ['x-foreign 1'] }, bySsh)), 'B'],
    'before the tagger': [bend(good, '\ntagger', `\n${sha256}tagger`), 'G', ['HEADER_MISORDERED']],
    'before the object': [Buffer.concat([Buffer.from(sha256), good]), 'G', ['HEADER_MISORDERED']],
    'an unknown one stays in the payload': [beside('gpgsigfoo x\n'), 'B'],
    'an unknown one, signed': [tagOf({ extraHeaders: ['gpgsigfoo x'] }, bySsh), 'G', ['HEADER_UNKNOWN_GPGSIG']],
    'without a signature behind the message': [beside(sha1, tagOf({})), 'N'],
    'twice the same, apart': [
      bend(bend(good, '\n\n', `\n${sha256}\n`), '\ntype', `\n${sha256}type`),
      'G',
      ['HEADER_MISORDERED', 'SIGNATURE_SEVERAL'],
    ],
  });
});

test('what is tagged', async () => {
  const nested = tagOf({}, bySsh);
  await agree({
    'a commit': [tagOf({ type: 'commit' }, bySsh), 'G'],
    'a tag': [tagOf({ type: 'tag', tag: 'nested' }, bySsh), 'G'],
    'a blob': [tagOf({ type: 'blob', tag: 'blob' }, bySsh), 'G'],
    'a tree': [tagOf({ type: 'tree', tag: 'tree' }, bySsh), 'G'],
    'a signed tag in the message': [tagOf({ message: nested.toString('latin1') }, bySsh), 'G'],
  });
});

test('odd headers', async () => {
  const from = (change: (text: string) => string): Buffer => {
    const bytes = Buffer.from(change(tagOf({}).toString('latin1')), 'latin1');
    return append(bytes, bySsh(bytes));
  };
  const duplicate: readonly ReasonCode[] = ['HEADER_DUPLICATE'];
  await agree({
    'no tagger': [from((text) => text.replace(/tagger .*\n/, '')), 'N'],
    'a tagger without a mail': [from((text) => text.replace(/tagger .*\n/, 'tagger Test 1700000000 +0000\n')), 'N'],
    'two taggers': [from((text) => text.replace('\ntagger', '\ntagger X <x@y> 1 +0000\ntagger')), 'G', duplicate],
    'two objects': [from((text) => text.replace('\ntype', `\nobject ${NOWHERE}\ntype`)), 'G', duplicate],
    'two names': [from((text) => text.replace('\ntagger', '\ntag v2\ntagger')), 'G', duplicate],
    'no object': [from((text) => text.replace(/object .*\n/, '')), 'G', ['OBJECT_MALFORMED']],
    'no type': [from((text) => text.replace(/type .*\n/, '')), 'G', ['OBJECT_MALFORMED']],
    'an object that is no id': [from((text) => text.replace(/object ..../, 'object wxyz')), 'G', ['OBJECT_MALFORMED']],
    'type before object': [from((text) => text.replace(/(object .*\n)(type .*\n)/, '$2$1')), 'G', ['HEADER_MISORDERED']],
    'a foreign header at the end': [from((text) => text.replace('\n\n', '\nx-foreign 1\n\n')), 'G'],
    'a foreign header in front': [from((text) => `x-foreign 1\n${text}`), 'G', ['HEADER_MISORDERED']],
    'a NUL in the header': [from((text) => text.replace('\n\n', '\nx a\0b\n\n')), 'G', ['HEADER_NUL']],
    'a NUL before the tagger': [from((text) => text.replace('tag v1', 'tag v\0')), 'N'],
    'no empty line': [from((text) => text.replace('\n\nmessage\n', '\n')), 'G'],
    'only a signature': [Buffer.from(bySsh(Buffer.alloc(0))), 'N'],
    'a signature in the header': [
      Buffer.from(
        tagOf({})
          .toString('latin1')
          .replace('\ntagger', `\n${bySsh(Buffer.from('x'))}tagger`),
      ),
      'N',
    ],
    empty: [Buffer.alloc(0), 'N'],
  });
});
