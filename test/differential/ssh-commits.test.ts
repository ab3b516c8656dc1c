// Holds our letters and verdicts on SSH-signed commits against git and ssh-keygen: every key type, certificates, and bytes of every kind.

import assert from 'node:assert/strict';
import test, { after, before, suite } from 'node:test';

import { verifyRange } from '../../src/index.ts';
import type { ReasonCode } from '../../src/index.ts';
import { gitAccepts } from '../support/differential-git.ts';
import { append, bend, commitOf, NOWHERE } from '../support/differential-objects.ts';
import { bySsh, trustSsh } from '../support/differential-ssh.ts';
import { assertAgreement, judgeObjects, readVerdicts, writeObjects } from '../support/differential.ts';
import type { Row } from '../support/differential.ts';
import { TestRepository } from '../support/repository.ts';
import { makeSshCertificate, makeSshKey } from '../support/ssh-signer.ts';
import type { SshCertificateOptions, SshKeyKind } from '../support/ssh-signer.ts';

const KINDS: readonly SshKeyKind[] = [
  'ed25519',
  'ecdsa-p256',
  'ecdsa-p384',
  'ecdsa-p521',
  'rsa2048',
  'rsa4096',
  'sk-ed25519',
  'sk-ecdsa-p256',
];
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

function agree(rows: Readonly<Record<string, Row>>): Promise<void> {
  return assertAgreement(repository, 'commit', rows);
}

suite('t7528: every key type', () => {
  const keys = KINDS.map((kind) => makeSshKey(kind));

  test('good, fudged, fudged with NUL, of another namespace, of an unknown key', async () => {
    const rows: Record<string, Row> = {};
    for (const each of keys) {
      const good = commitOf({ message: 'initial\n\nbody\n' }, by(each));
      rows[`${each.kind}: good`] = [good, 'G'];
      rows[`${each.kind}: message digest sha256`] = [commitOf({}, by(each, { hash: 'sha256' })), 'G'];
      rows[`${each.kind}: fudged`] = [bend(good, 'initial', 'forged'), 'B'];
      rows[`${each.kind}: fudged with NUL`] = [append(good, 'Qwik\0\n'), 'B'];
      rows[`${each.kind}: namespace file`] = [commitOf({}, by(each, { namespace: 'file' })), 'B'];
      rows[`${each.kind}: unknown key`] = [commitOf({}, by(makeSshKey(each.kind === 'rsa4096' ? 'rsa2048' : each.kind))), 'U'];
      if (!each.kind.startsWith('rsa')) continue;
      rows[`${each.kind}: rsa-sha2-256`] = [commitOf({}, by(each, { rsaAlgorithm: 'rsa-sha2-256' })), 'G'];
      rows[`${each.kind}: ssh-rsa, that is SHA-1`] = [commitOf({}, by(each, { rsaAlgorithm: 'ssh-rsa' })), 'B'];
    }
    trust(keys.map((each, index) => `principal${index}@example.com ${each.publicLine}`));
    await agree(rows);
  });

  test('certificates over every key type, by authorities of every key type', async () => {
    const rows: Record<string, Row> = {};
    for (const each of keys) {
      const certificate = makeSshCertificate(ca, each);
      const good = commitOf({ message: each.kind }, by(certificate));
      rows[`${each.kind}: certificate`] = [good, 'G'];
      rows[`${each.kind}: certificate, fudged`] = [append(good, '!'), 'B'];
      rows[`${each.kind}: plain signature, only its CA listed`] = [commitOf({}, by(each)), 'U'];
      rows[`${each.kind}: as authority`] = [commitOf({ message: each.kind }, by(makeSshCertificate(each, key))), 'G'];
    }
    trust([ca, ...keys].map((each) => `*@example.com cert-authority ${each.publicLine}`));
    await agree(rows);
  });

  test("the browser's way of signing (webauthn)", async () => {
    const sk = keys.find(({ kind }) => kind === 'sk-ecdsa-p256') ?? key;
    const signed = commitOf({}, by(sk, { webauthn: { origin: 'https://example.com' } }));
    trust([`a@example.com ${sk.publicLine}`]);
    await agree({
      good: [signed, 'G'],
      fudged: [append(signed, '!'), 'B'],
      'not touched': [commitOf({}, by(sk, { flags: 0 })), 'G'],
    });
  });
});

suite('certificates', () => {
  const at = 1_700_000_000;
  const certified = (options: SshCertificateOptions, signer = ca): Buffer =>
    commitOf(
      { time: at, message: JSON.stringify(Object.keys(options)) + signer.kind + (options.principals?.join() ?? '') },
      by(makeSshCertificate(signer, key, options)),
    );

  test('windows, principals, kinds, options', async () => {
    trust([`tester@example.com,b@example.com cert-authority ${ca.publicLine}`]);
    await agree({
      'inside its window': [certified({ validAfter: BigInt(at - 1), validBefore: BigInt(at + 1) }), 'G'],
      'from this second': [certified({ validAfter: BigInt(at) }), 'G'],
      'from the next second': [certified({ validAfter: BigInt(at + 1) }), 'U'],
      'until this second': [certified({ validBefore: BigInt(at) }), 'U'],
      'until the next second': [certified({ validBefore: BigInt(at + 1) }), 'G'],
      'second principal of the line': [certified({ principals: ['b@example.com'] }), 'G'],
      'principal of nobody': [certified({ principals: ['c@example.com'] }), 'U'],
      'no principal': [certified({ principals: [] }), 'U'],
      'one of several principals': [certified({ principals: ['x', 'y', 'tester@example.com'] }), 'G'],
      'host certificate': [certified({ kind: 2 }), 'U'],
      'another authority': [certified({}, makeSshKey('ecdsa-p384')), 'U'],
      'critical option': [certified({ criticalOptions: { 'force-command': 'true' } }), 'G', ['SSH_CERTIFICATE_CRITICAL_OPTION']],
      'corrupt signature of the authority': [
        certified({ corruptSignature: (bytes) => Buffer.concat([bytes.subarray(0, -4), Buffer.alloc(4, 1)]) }),
        'B',
      ],
    });
  });

  test('an RSA authority, by each of its algorithms', async () => {
    const rsa = makeSshKey('rsa2048');
    trust([`tester@example.com cert-authority ${rsa.publicLine}`]);
    await agree({
      'rsa-sha2-512': [certified({}, rsa), 'G'],
      'rsa-sha2-256': [certified({ caAlgorithm: 'rsa-sha2-256' }, rsa), 'G'],
      'SHA-1': [certified({ caAlgorithm: 'ssh-rsa', serial: 2n }, rsa), 'G', ['SSH_CERTIFICATE_CA_WEAK']],
    });
  });

  test('listed verbatim, without an authority', async () => {
    const fine = makeSshCertificate(ca, key);
    const host = makeSshCertificate(ca, other, { kind: 2 });
    const expired = makeSshCertificate(ca, makeSshKey('ed25519'), { validBefore: BigInt(at - 5) });
    const early = makeSshCertificate(ca, makeSshKey('ed25519'), { validAfter: BigInt(at + 5) });
    const nobody = makeSshCertificate(ca, makeSshKey('ed25519'), { principals: [] });
    trust([fine, host, expired, early, nobody].map((each) => `tester@example.com ${each.publicLine}`));
    await agree({
      fine: [commitOf({ time: at }, by(fine)), 'G'],
      host: [commitOf({ time: at }, by(host)), 'G', ['SSH_CERTIFICATE_NOT_USER']],
      expired: [commitOf({ time: at }, by(expired)), 'G', ['SSH_CERTIFICATE_EXPIRED']],
      'not yet valid': [commitOf({ time: at }, by(early)), 'G', ['SSH_CERTIFICATE_NOT_YET_VALID']],
      'without a principal': [commitOf({ time: at }, by(nobody)), 'G', ['SSH_CERTIFICATE_PRINCIPAL_UNKNOWN']],
    });
  });
});

test('a whole history: git log and verifyRange give every commit the same letter, in the same order', async () => {
  trust([`a@example.com ${key.publicLine}`, `b@example.com ${ca.publicLine}`]);
  const signers = [key, ca, other].map((each) => ({
    identity: `${each.kind} <x@example.com>`,
    sign: (payload: Uint8Array) => each.sign(payload),
  }));
  repository.addHistory({ count: 60, signEvery: 2, signers, mergeEvery: 7, label: 'main' });
  repository.addHistory({ count: 20, signEvery: 1, signers, label: 'side', ref: 'refs/heads/side' });
  const log = repository.git('log', '--branches', '--format=%H %G?').split('\n');
  const verdicts = await readVerdicts(repository, {}, (opened, store) => verifyRange(opened, ['main', 'side'], { trust: store }));
  assert.deepEqual(
    [...verdicts.values()].map(({ oid, gitLetter }) => `${oid} ${gitLetter}`),
    log,
  );
  const accepted = [...verdicts.values()].filter(({ decision }) => decision === 'accepted').map(({ oid }) => oid);
  assert.equal(accepted.length, 20 + 13 + 1);
  assert.ok(gitAccepts(repository, 'commit', accepted));
});

test('X.509 is not judged, and never accepted', async () => {
  const armor =
    '-----BEGIN SIGNED MESSAGE-----\nMIAGCSqGSIb3DQEHAqCAMIACAQExDzANBglghkgBZQMEAgEFADCABgkqhkiG9w0B\n-----END SIGNED MESSAGE-----\n';
  const [oid = ''] = writeObjects(repository, 'commit', [commitOf({}, () => armor)]);
  const verdict = (await judgeObjects(repository, [oid])).get(oid);
  assert.deepEqual([verdict?.decision, verdict?.status, verdict?.reasons], ['rejected', 'unsupported', ['X509_UNSUPPORTED']]);
});

suite('bytes', () => {
  const NUL: readonly ReasonCode[] = ['MESSAGE_NUL'];

  test('roots, merges, encodings and messages of every kind', async () => {
    trust([`a@example.com ${key.publicLine}`]);
    const sign = by(key);
    const mergetag = `mergetag object ${NOWHERE}\n type commit\n tag v1\n tagger T <t@example.com> 1700000000 +0000\n \n message\n gpgsig text\n -----BEGIN SSH SIGNATURE-----\n -----END SSH SIGNATURE-----`;
    const merged = commitOf({ parents: [NOWHERE, '2'.repeat(40)], extraHeaders: [mergetag] }, sign);
    await agree({
      root: [commitOf({}, sign), 'G'],
      'one parent': [commitOf({ parents: [NOWHERE] }, sign), 'G'],
      merge: [commitOf({ parents: [NOWHERE, '2'.repeat(40)] }, sign), 'G'],
      octopus: [commitOf({ parents: Array.from({ length: 20 }, (_, i) => (i + 16).toString(16).repeat(20)) }, sign), 'G'],
      mergetag: [merged, 'G'],
      'mergetag changed': [bend(merged, 'tag v1', 'tag v2'), 'B'],
      'mergetag, an indented line cut': [bend(merged, ' gpgsig text\n', ''), 'B'],
      'encoding header': [commitOf({ extraHeaders: ['encoding ISO-8859-1'], message: Buffer.from('gr\xfc\xdfe\n', 'latin1') }, sign), 'G'],
      'not UTF-8, and no encoding': [commitOf({ message: Buffer.from('\xff\xfe\n', 'latin1') }, sign), 'G'],
      'NUL in the message': [commitOf({ message: 'a\0b\n' }, sign), 'G', NUL],
      'CRLF in the message': [commitOf({ message: 'a\r\n\r\nb\r\n' }, sign), 'G'],
      'CRLF taken out': [bend(commitOf({ message: 'a\r\nb\r\n' }, sign), '\r\n', '\n'), 'B'],
      'no line feed at the end': [commitOf({ message: 'no end' }, sign), 'G'],
      'empty message': [commitOf({ message: '' }, sign), 'G'],
      'a message that looks like headers': [commitOf({ message: 'gpgsig nothing\n\ngpgsig -----BEGIN SSH SIGNATURE-----\n' }, sign), 'G'],
      'an armor in the message, unsigned': [commitOf({ message: key.sign(Buffer.from('x')) }), 'N'],
      'a long message': [commitOf({ message: 'line of text\n'.repeat(20_000) }, sign), 'G'],
      'an unknown header behind the committer': [commitOf({ extraHeaders: ['x-foreign some value\n with a second line'] }, sign), 'G'],
      'amended: signed again': [commitOf({ message: 'amended\n' }, sign), 'G'],
      unsigned: [commitOf({}), 'N'],
    });
  });

  test('signatures that are bent', async () => {
    trust([`a@example.com ${key.publicLine}`]);
    const good = commitOf({}, by(key));
    await agree({
      'text behind END': [
        bend(good, '-----END SSH SIGNATURE-----\n', '-----END SSH SIGNATURE-----\n junk\n'),
        'G',
        ['SSH_SIGNATURE_MALFORMED'],
      ],
      'white space behind END': [bend(good, '-----END SSH SIGNATURE-----\n', '-----END SSH SIGNATURE----- \n \n'), 'G'],
      'no END': [bend(good, ' -----END SSH SIGNATURE-----\n', ''), 'B'],
      'only BEGIN': [bend(good, /(BEGIN SSH SIGNATURE-----\n)(?: .*\n)*/, '$1'), 'B'],
      'a space behind BEGIN': [bend(good, 'BEGIN SSH SIGNATURE-----', 'BEGIN SSH SIGNATURE----- '), 'B'],
      'a carriage return behind BEGIN': [bend(good, 'BEGIN SSH SIGNATURE-----', 'BEGIN SSH SIGNATURE-----\r'), 'B'],
      'an empty line within': [bend(good, 'BEGIN SSH SIGNATURE-----\n', 'BEGIN SSH SIGNATURE-----\n \n'), 'G'],
      'an indented line within': [bend(good, 'BEGIN SSH SIGNATURE-----\n ', 'BEGIN SSH SIGNATURE-----\n  \t'), 'G'],
      'a tab instead of the continuation space': [bend(good, 'BEGIN SSH SIGNATURE-----\n ', 'BEGIN SSH SIGNATURE-----\n\t'), 'B'],
      'padding that is not base64': [bend(good, /\n -----END/, '!\n -----END'), 'B'],
      'END in lower case': [bend(good, '-----END SSH SIGNATURE-----', '-----end ssh signature-----'), 'B'],
    });
  });
});
