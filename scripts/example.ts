// Makes examples/: a small history with good, missing, forged and foreign signatures, as a bundle, and the keys to judge it by.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildCommit, signCommit, TestRepository, type TestSigner } from '../test/support/repository.ts';
import { makeSshKey, type SshTestKey } from '../test/support/ssh-signer.ts';

const directory = join(import.meta.dirname, '../examples');

function signerOf(identity: string, key: SshTestKey): TestSigner {
  return { identity, sign: (payload) => key.sign(payload) };
}

const aliceKey = makeSshKey('ed25519');
const bobKey = makeSshKey('sk-ed25519');
const alice = signerOf('Alice <alice@example.com>', aliceKey);
const bob = signerOf('Bob <bob@example.com>', bobKey);
const impostor = signerOf('Alice <alice@example.com>', makeSshKey('ed25519'));

await using repository = TestRepository.create();
let time = Date.UTC(2026, 0, 12, 9) / 1000;
let tip: string | undefined;

function commit(message: string, signer?: TestSigner): string {
  time += 86_400;
  const author = signer?.identity ?? 'Carol <carol@example.com>';
  tip = repository.writeCommit({ message: `${message}\n`, time, author, parents: tip === undefined ? [] : [tip] }, signer);
  return tip;
}

const first = commit('Begin', alice);
repository.writeTag({ object: first, type: 'commit', tag: 'v1.0', message: 'The first release\n', time }, alice);
for (let i = 1; i <= 4; i++) commit(`Part ${i} of the widget`, i % 2 === 0 ? alice : bob);
commit('A quick fix');
commit('Faster start', alice);
time += 86_400;
const forged = buildCommit({ tree: repository.writeTree(), parents: [tip ?? ''], author: alice.identity, time, message: 'Pay Alice\n' });
const signed = signCommit(forged, alice.sign(forged, time), 'sha1').toString('latin1').replace('Pay Alice', 'Pay Mallory');
tip = repository.writeObject('commit', Buffer.from(signed, 'latin1'), { literally: true });
commit('A backdoor under a known name', impostor);
commit('Documentation', bob);
repository.updateRef('refs/heads/main', tip);
repository.git('bundle', 'create', '-q', join(directory, 'widget.bundle'), 'main', 'v1.0', 'HEAD');
writeFileSync(
  join(directory, 'team.signers'),
  `alice@example.com namespaces="git" ${aliceKey.publicLine.split(' ').slice(0, 2).join(' ')}\nbob@example.com namespaces="git" ${bobKey.publicLine.split(' ').slice(0, 2).join(' ')}\n`,
);
