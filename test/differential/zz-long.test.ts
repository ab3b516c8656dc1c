// Holds us against git on random combinations of bent headers, signatures, signers and times; fast-check prints the seed when one parts.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import fc from 'fast-check';

import type { ReasonCode } from '../../src/index.ts';
import { signatureHeaderLines } from '../support/build-object.ts';
import { EMPTY_TREE, NOWHERE, tagOf } from '../support/differential-objects.ts';
import { assertAgreementOf } from '../support/differential.ts';
import { GpgHome } from '../support/openpgp-gpg.ts';
import { makeOpenpgpTestKey } from '../support/openpgp-keys.ts';
import { TestRepository } from '../support/repository.ts';
import { makeSshCertificate, makeSshKey } from '../support/ssh-signer.ts';

const AT = 1_700_000_000;
/** What may be refused though git says G; docs/differences.md has them all. */
const MAY_REFUSE: ReadonlySet<ReasonCode> = new Set([
  'HEADER_DUPLICATE',
  'HEADER_MISORDERED',
  'HEADER_NUL',
  'HEADER_PARENTS_DIFFER',
  'HEADER_UNKNOWN_GPGSIG',
  'MESSAGE_NUL',
  'OBJECT_MALFORMED',
  'OPENPGP_SIGNATURE_MALFORMED',
  'SIGNATURE_SEVERAL',
  'SSH_SIGNATURE_MALFORMED',
]);

const sshKey = makeSshKey('ed25519');
const ecdsaKey = makeSshKey('ecdsa-p384');
const ca = makeSshKey('ecdsa-p256');
const certified = makeSshCertificate(ca, makeSshKey('ed25519'), { validAfter: BigInt(AT - 50_000), validBefore: BigInt(AT + 50_000) });
const boxed = makeSshKey('ed25519');
const unlisted = makeSshKey('ed25519');
const pgpKey = makeOpenpgpTestKey('ed25519');
const ecdsaPgp = makeOpenpgpTestKey('p256');
const unknownPgp = makeOpenpgpTestKey('ed25519');
const SIGNERS: Readonly<Record<string, (payload: Uint8Array) => string>> = {
  ssh: (payload) => sshKey.sign(payload),
  'ssh ecdsa': (payload) => ecdsaKey.sign(payload),
  'ssh certificate': (payload) => certified.sign(payload),
  'ssh within a window': (payload) => boxed.sign(payload),
  'ssh unlisted': (payload) => unlisted.sign(payload),
  'ssh namespace': (payload) => sshKey.sign(payload, { namespace: 'gitx' }),
  openpgp: (payload) => pgpKey.sign(payload, AT),
  'openpgp ecdsa': (payload) => ecdsaPgp.sign(payload, AT),
  'openpgp unknown': (payload) => unknownPgp.sign(payload, AT),
  garbage: () => '-----BEGIN SSH SIGNATURE-----\nAAAA\n-----END SSH SIGNATURE-----\n',
};

let repository: TestRepository;
let home: GpgHome;
before(() => {
  repository = TestRepository.create();
  const lines = [
    `a@example.com ${sshKey.publicLine}`,
    `b@example.com namespaces="git" ${ecdsaKey.publicLine}`,
    `tester@example.com cert-authority ${ca.publicLine}`,
    `c@example.com valid-after="20231114220000Z",valid-before="20231115220000Z" ${boxed.publicLine}`,
  ];
  repository.config('gpg.ssh.allowedSignersFile', repository.writeFile('allowed_signers', lines.map((line) => `${line}\n`).join('')));
  home = new GpgHome();
  writeFileSync(join(home.directory, 'gpg.conf'), 'trust-model direct\n');
  for (const each of [pgpKey, ecdsaPgp]) {
    home.import(each.certificate);
    home.trust(each.fingerprint, 6);
  }
});
after(async () => {
  home.close();
  await repository.remove();
});

const time = fc.oneof(fc.constantFrom(AT, 0, 1, 253_402_300_799, 253_402_300_800), fc.integer({ min: AT - 200_000, max: AT + 200_000 }));
const zone = fc.constantFrom('+0000', '-0700', '+1400', '', '0000', '+');
const message = fc.oneof(
  fc.constantFrom('message\n', '', 'no end', 'a\r\nb\r\n', 'a\0b', 'gpgsig x\n', '-----BEGIN PGP MESSAGE-----\n', '\n\n'),
  fc.string({ unit: 'binary', maxLength: 40 }),
);
const signer = fc.constantFrom(...Object.keys(SIGNERS));
/** A line to put somewhere: into the payload before it is signed, or into the finished object. */
const line = fc.constantFrom(
  `parent ${'2'.repeat(40)}\n`,
  `tree ${'3'.repeat(40)}\n`,
  'author X <x@y> 1 +0000\n',
  'committer X <x@y> 1 +0000\n',
  'tagger X <x@y> 1 +0000\n',
  'encoding UTF-8\n',
  'x-foreign value\n with more\n',
  'x-nul a\0b\n',
  'gpgsigfoo value\n with more\n',
  'gpgsig\n',
  'gpgsig\tx\n',
  'gpgsig \n',
  'gpgsig-sha256 x\n y\n',
  'gpgsig -----BEGIN SSH SIGNATURE-----\n',
  ' a continuation\n',
  '\ta tab\n',
  '-----BEGIN SSH SIGNATURE-----\n',
  '\n',
  '\r\n',
);
const insertion = fc.record({ signed: fc.boolean(), place: fc.nat({ max: 24 }), line });
/** Single bytes of the finished object that become others. */
const flips = fc.array(fc.record({ place: fc.nat({ max: 1200 }), byte: fc.constantFrom(0, 9, 10, 13, 32, 45, 61, 65, 255) }), {
  maxLength: 1,
});
const insertions = fc.array(insertion, { maxLength: 2 });

/** Puts a line before the n-th line, or at the end. */
function insert(bytes: Buffer, place: number, text: string): Buffer {
  let at = 0;
  for (let i = 0; i < place && at < bytes.length; i++) {
    const next = bytes.indexOf(10, at);
    at = next === -1 ? bytes.length : next + 1;
  }
  return Buffer.concat([bytes.subarray(0, at), Buffer.from(text, 'latin1'), bytes.subarray(at)]);
}

function insertAll(bytes: Buffer, lines: readonly { readonly place: number; readonly line: string }[]): Buffer {
  return lines.reduce((whole, { place, line: text }) => insert(whole, place, text), bytes);
}

function flipAll(bytes: Buffer, changes: readonly { readonly place: number; readonly byte: number }[]): Buffer {
  const changed = Buffer.from(bytes);
  for (const { place, byte } of changes) if (place < changed.length) changed[place] = byte;
  return changed;
}

const commit = fc
  .record({ time, zone, message, signer, insertions, flips, parents: fc.nat({ max: 2 }), where: fc.constantFrom(99, 1, 2, 3, 4, 5) })
  .map((fields) => {
    const parents = Array.from({ length: fields.parents }, (_, i) => `parent ${NOWHERE.slice(1)}${i}\n`).join('');
    const person = `T <t@example.com> ${fields.time} ${fields.zone}`;
    const headers = `tree ${EMPTY_TREE.sha1}\n${parents}author ${person}\ncommitter ${person}\n`;
    const unsigned = insertAll(
      Buffer.from(`${headers}\n${fields.message}`),
      fields.insertions.filter((each) => each.signed),
    );
    const sign = SIGNERS[fields.signer];
    const lines = signatureHeaderLines(sign?.(unsigned) ?? '', 'sha1');
    // Usually where git puts it; elsewhere it is a good signature in an odd place.
    const end = unsigned.indexOf('\n\n') + 1;
    const whole =
      fields.where === 99 && end > 0
        ? Buffer.concat([unsigned.subarray(0, end), Buffer.from(lines), unsigned.subarray(end)])
        : insert(unsigned, fields.where, lines);
    const bent = insertAll(
      whole,
      fields.insertions.filter((each) => !each.signed),
    );
    return flipAll(bent, fields.flips);
  });

const tag = fc.record({ time, zone, message, signer, insertions, flips }).map((fields) => {
  const unsigned = insertAll(
    tagOf({ time: fields.time, zone: fields.zone, message: `${fields.message}\n` }),
    fields.insertions.filter((each) => each.signed),
  );
  const whole = Buffer.concat([unsigned, Buffer.from(SIGNERS[fields.signer]?.(unsigned) ?? '')]);
  const bent = insertAll(
    whole,
    fields.insertions.filter((each) => !each.signed),
  );
  return flipAll(bent, fields.flips);
});

test('commits, in batches of a git log each', async () => {
  const batch = fc.array(commit, { minLength: 50, maxLength: 50, size: 'max' });
  await fc.assert(
    fc.asyncProperty(batch, async (objects) => {
      await assertAgreementOf(repository, 'commit', objects, MAY_REFUSE, { gnupgHome: home.directory });
    }),
    { numRuns: 40, endOnFailure: true },
  );
});

test('tags', async () => {
  const batch = fc.array(tag, { minLength: 40, maxLength: 40, size: 'max' });
  await fc.assert(
    fc.asyncProperty(batch, async (objects) => {
      await assertAgreementOf(repository, 'tag', objects, MAY_REFUSE, { gnupgHome: home.directory });
    }),
    { numRuns: 12, endOnFailure: true },
  );
});
