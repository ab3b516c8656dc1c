// Holds git's letter against the machine's git itself, on commit objects that no porcelain would write.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after } from 'node:test';

import { establishSshFacts, judgeSsh, parseAllowedSigners, parseRevocations } from '../../../src/signature/ssh/index.ts';
import { makeSshCertificate, makeSshKey } from '../../support/ssh-signer.ts';
import type { SshTestKey } from '../../support/ssh-signer.ts';

const directory = mkdtempSync(join(tmpdir(), 'ssh-git-'));
after(() => {
  rmSync(directory, { recursive: true, force: true });
});

function git(args: readonly string[], input: string | Buffer = '', timeZone = 'UTC'): string {
  const env = { PATH: process.env['PATH'], HOME: directory, TZ: timeZone, GIT_CONFIG_NOSYSTEM: '1' };
  return spawnSync('git', ['-C', directory, ...args], { input, env })
    .stdout.toString('latin1')
    .trim();
}

git(['init', '-q']);
const tree = git(['hash-object', '-t', 'tree', '-w', '--stdin']);

interface Case {
  readonly signer: SshTestKey;
  readonly signers: string | null;
  readonly time?: string;
  readonly timeZone?: string;
  readonly revoked?: string;
  readonly namespace?: string;
  readonly change?: (armor: string) => string;
}

/** git's letter and signer, and ours. */
function compare(name: string, given: Case): void {
  const { signer, signers, time = '1750000000 +0000', timeZone = 'UTC' } = given;
  const payload = `tree ${tree}\nauthor A <a@x> 1 +0000\ncommitter A <a@x> ${time}\n\nm\n`;
  const armor = (given.change ?? ((text) => text))(
    signer.sign(Buffer.from(payload), given.namespace === undefined ? {} : { namespace: given.namespace }),
  );
  const header = `gpgsig ${armor.trimEnd().replaceAll('\n', '\n ')}\n`;
  const oid = git(['hash-object', '-t', 'commit', '-w', '--stdin', '--literally'], payload.replace('\n\nm', `\n${header}\nm`));
  const config: string[] = [];
  if (signers !== null) {
    writeFileSync(join(directory, 'signers'), signers, 'latin1');
    config.push('-c', `gpg.ssh.allowedSignersFile=${join(directory, 'signers')}`);
  }
  if (given.revoked !== undefined) {
    writeFileSync(join(directory, 'revoked'), given.revoked);
    config.push('-c', `gpg.ssh.revocationFile=${join(directory, 'revoked')}`);
  }
  const [letter = '', reported = ''] = git([...config, 'log', '-1', '--format=%G?%n%GS', oid], '', timeZone).split('\n');
  const claimed = /^(\d+) [+-]\d+/.exec(time);
  const trust =
    signers === null
      ? null
      : {
          allowedSigners: [parseAllowedSigners(Buffer.from(signers, 'latin1'), { path: 's', timeZone })],
          revocations: given.revoked === undefined ? [] : [parseRevocations(Buffer.from(given.revoked), { path: 'r' })],
          timeZone,
        };
  const facts = establishSshFacts(Buffer.from(payload), Buffer.from(armor));
  const judgement = judgeSsh(facts, trust, claimed === null ? null : Number(claimed[1]), Math.floor(Date.now() / 1000));
  assert.equal(judgement.letter.reference, letter, `${name}: ${JSON.stringify(judgement)}`);
  if (judgement.status === 'good') {
    assert.equal(letter, 'G', name);
    // git takes `!a@x` for a name; we report the first entry that is one.
    if (!reported.startsWith('!')) assert.equal(Buffer.from(judgement.principal ?? '').toString('latin1'), reported, name);
  }
}

const a = makeSshKey('ed25519');
const b = makeSshKey('sk-ecdsa-p256');
const ca = makeSshKey('ecdsa-p384');
const certificate = makeSshCertificate(ca, a, { principals: ['x', 'tester@example.com'] });

test('the letters of real git', () => {
  const A = `${a.publicLine}\n`;
  const cases: Record<string, Case> = {
    'no file': { signer: a, signers: null },
    'empty file': { signer: a, signers: '' },
    good: { signer: a, signers: `a@x ${A}` },
    'fido key': { signer: b, signers: `b ${b.publicLine}\n` },
    'other key': { signer: b, signers: `a@x ${A}` },
    'wrong namespace': { signer: a, signers: `a@x ${A}`, namespace: 'file' },
    wildcard: { signer: a, signers: `*@x.org ${A}` },
    'name with blanks and "with"': { signer: a, signers: `"a with b" ${A}` },
    'name beyond ASCII': { signer: a, signers: `${Buffer.from('zoë@x').toString('latin1')} ${A}` },
    negated: { signer: a, signers: `!a@x,?a@x ${A}` },
    'two lines': { signer: a, signers: `a namespaces="file" ${A}b ${A}` },
    'two names': { signer: a, signers: `a,b namespaces="file" ${A}b ${A}` },
    expired: { signer: a, signers: `a valid-before="20240101" ${A}` },
    'time 0 is now': { signer: a, signers: `a valid-after="20200101" ${A}`, time: '0 +0000' },
    'time 1 is early': { signer: a, signers: `a valid-after="20200101" ${A}`, time: '1 +0000' },
    'no zone is now': { signer: a, signers: `a valid-after="20200101" ${A}`, time: '1' },
    'year 9999': { signer: a, signers: `a ${A}`, time: '253402300799 +0000' },
    'year 10000': { signer: a, signers: `a ${A}`, time: '253402300800 +0000' },
    'year 2100 in New York': {
      signer: a,
      signers: `a valid-after="21000601120000" ${A}`,
      time: '4115548800 +0000',
      timeZone: 'America/New_York',
    },
    'year 2099 in New York': {
      signer: a,
      signers: `a valid-after="20990601120000" ${A}`,
      time: '4084012800 +0000',
      timeZone: 'America/New_York',
    },
    'summer, UTC bound': { signer: a, signers: `a valid-after="20250615160640Z" ${A}`, timeZone: 'America/New_York' },
    'summer, UTC bound just missed': { signer: a, signers: `a valid-after="20250615160641Z" ${A}`, timeZone: 'America/New_York' },
    'summer, local bound': { signer: a, signers: `a valid-before="20250615110640" ${A}`, timeZone: 'America/New_York' },
    'summer, local bound just missed': { signer: a, signers: `a valid-before="20250615110639" ${A}`, timeZone: 'America/New_York' },
    'certificate, two principals': { signer: certificate, signers: `tester@* cert-authority ${ca.publicLine}\n` },
    'certificate, unknown authority': { signer: certificate, signers: `a ${A}` },
    revoked: { signer: a, signers: `a ${A}`, revoked: A },
    'revoked and unknown': { signer: a, signers: '', revoked: A },
    'authority revoked': { signer: certificate, signers: `* cert-authority ${ca.publicLine}\n`, revoked: `${ca.publicLine}\n` },
    'END with more on its line': {
      signer: a,
      signers: `a ${A}`,
      change: (armor) => armor.replace('END SSH SIGNATURE-----', 'END SSH SIGNATURE-----x'),
    },
    'two blocks, good first': { signer: a, signers: `a ${A}`, change: (armor) => armor + b.sign(Buffer.from('other')) },
    'two blocks, bad first': { signer: a, signers: `a ${A}`, change: (armor) => b.sign(Buffer.from('other')) + armor },
    broken: { signer: a, signers: `a ${A}`, change: (armor) => armor.replace('U1NIU0lH', 'U1NIU0lI') },
  };
  for (const [name, given] of Object.entries(cases)) compare(name, given);
});
