// Attacks 45 to 57: objects and signatures spelled so that git, and whoever reads them, sees something else than was signed.

import assert from 'node:assert/strict';
import test from 'node:test';
import { AttackWorld } from '../support/attack.ts';
import { importOpenpgp, insertBefore, raw, rewriteSshsig, signWith } from '../support/attack-encoding.ts';
import { makeOpenpgpTestKey, signaturePacket, signDetached } from '../support/openpgp-keys.ts';
import { armor, dearmor, packet } from '../support/openpgp-wire.ts';
import { buildCommit, buildTag, signCommit, signTag } from '../support/repository.ts';
import { makeSshCertificate, makeSshKey } from '../support/ssh-signer.ts';
import { forgeObject } from '../support/attack-environment.ts';

test('attack 45: a header that begins with gpgsig hides parents', async () => {
  await using world = AttackWorld.create();
  const { repository } = world;
  const first = repository.writeCommit({ message: 'a\n' });
  const second = repository.writeCommit({ message: 'b\n' });
  const bytes = signWith(world, buildCommit({ tree: repository.writeTree(), parents: [first, second], author: world.signer.identity }));
  for (const header of ['gpgsigx 1', 'gpgsig-sha256 1', 'gpgsig\t1', 'gpgsig']) {
    for (const [before, seen] of [
      [`parent ${first}`, ''],
      [`parent ${second}`, first],
    ] as const) {
      const oid = raw(world, insertBefore(bytes, before, `${header}\n`));
      assert.ok(world.gitAccepts(oid), `${header}: git is fooled`);
      assert.equal(repository.git('log', '-1', '--format=%P', oid), seen, `${header}: git does not see the parent`);
      const { lines, code } = await world.verify([oid]);
      assert.equal(code, 1);
      const { reasons = [] } = lines.find((line) => line.oid === oid) ?? {};
      assert.ok(reasons.includes('HEADER_PARENTS_DIFFER'), `${header}: ${reasons.join()}`);
    }
  }
});

test('attack 45: a header that begins with gpgsig hides the tagger', async () => {
  await using world = AttackWorld.create();
  const { repository } = world;
  const [commit = ''] = world.chain([false]);
  const bytes = buildTag({ object: commit, tag: 'v1', tagger: world.signer.identity });
  const oid = repository.writeObject('tag', insertBefore(signTag(bytes, world.signer.sign(bytes, 0)), 'tagger', 'gpgsig-sha256 x\n'), {
    literally: true,
  });
  assert.ok(world.gitAccepts(oid), 'git is fooled');
  const { lines } = await world.verifyIds([oid]);
  assert.deepEqual(lines[0]?.reasons, ['HEADER_MISORDERED']);
});

test('attack 46: text is added to a signed object without breaking its signature', async () => {
  await using world = AttackWorld.create();
  const { repository } = world;
  const [commit = ''] = world.chain([false]);
  const payload = buildCommit({ tree: repository.writeTree(), author: world.signer.identity });
  const signature = world.signer.sign(payload, 0);
  const tag = buildTag({ object: commit, tag: 'v1', tagger: world.signer.identity });
  const tagSignature = world.signer.sign(tag, 0);
  const objects = {
    'a header that is not signed': raw(world, insertBefore(signCommit(payload, signature, 'sha1'), 'gpgsig', 'gpgsig-evil text\n')),
    'text behind the END line': raw(world, signCommit(payload, `${signature}text\n`, 'sha1')),
    'text on the END line': raw(world, signCommit(payload, `${signature.trimEnd()} text\n`, 'sha1')),
    'text behind the signature of a tag': repository.writeObject('tag', signTag(tag, `${tagSignature}\nTrust me.\n`)),
  };
  assert.match(repository.git('cat-file', 'tag', objects['text behind the signature of a tag']), /Trust me\.$/, 'git shows it');
  const { lines } = await world.verifyIds(Object.values(objects));
  for (const [i, [what, oid]] of Object.entries(objects).entries()) {
    assert.ok(world.gitAccepts(oid), `${what}: git accepts`);
    assert.equal(lines[i]?.decision, 'rejected', what);
    assert.equal(lines[i]?.gitLetter, 'G', what);
  }
});

test('attack 46: other spellings of a good signature are the same signer’s over the same content, under a new id', async () => {
  await using world = AttackWorld.create();
  const { repository } = world;
  const payload = buildCommit({ tree: repository.writeTree(), author: world.signer.identity });
  const signature = world.signer.sign(payload, 0);
  const spellings = [signature, signature.replace('\nU1', '\nU\t1\n'), rewriteSshsig(signature, 'anything')];
  const oids = spellings.map((each) => raw(world, signCommit(payload, each, 'sha1')));
  const { code, lines } = await world.verifyIds(oids);
  assert.equal(new Set(oids).size, oids.length);
  assert.equal(code, 0);
  for (const [i, line] of lines.entries()) assert.deepEqual([line.oid, line.signer?.key], [oids[i], world.key.fingerprint]);
});

test('attack 47: two signatures, of which one is good', async () => {
  await using world = AttackWorld.create();
  const { repository } = world;
  const stranger = makeSshKey('ed25519');
  const payload = buildCommit({ tree: repository.writeTree(), author: world.signer.identity });
  const good = signCommit(payload, world.signer.sign(payload, 0), 'sha1');
  const goodFirst = raw(world, signCommit(good, stranger.sign(Buffer.from('other')), 'sha1'));
  const goodLast = raw(
    world,
    insertBefore(
      signCommit(payload, stranger.sign(Buffer.from('other')), 'sha1'),
      '\n',
      good.subarray(good.indexOf('gpgsig'), good.indexOf('\n\n') + 1),
    ),
  );
  assert.ok(world.gitAccepts(goodFirst), 'git takes the first');
  const { lines } = await world.verifyIds([goodFirst, goodLast]);
  for (const line of lines) assert.deepEqual([line.decision, line.reasons.includes('SIGNATURE_SEVERAL')], ['rejected', true]);
});

test('attack 47: two OpenPGP signature packets or blocks', async () => {
  await using world = AttackWorld.create();
  const key = makeOpenpgpTestKey('ed25519');
  const keyring = world.repository.writeFile('keyring', key.certificate);
  const other = makeOpenpgpTestKey('ed25519');
  const payload = buildCommit({ tree: world.repository.writeTree() });
  const [good, bad] = [key.sign(payload, 1_700_000_000), other.sign(Buffer.from('other'), 1_700_000_000)];
  const pair = (a: string, b: string): string => armor('SIGNATURE', Buffer.concat([dearmor(a), dearmor(b)]));
  const oids = [pair(good, bad), pair(bad, good), pair(good, good), good + bad, bad + good].map((each) =>
    raw(world, signCommit(payload, each, 'sha1')),
  );
  const { lines } = await world.verifyIds(oids, { trust: ['--keyring', keyring] });
  for (const line of lines) assert.deepEqual([line.decision, line.reasons[0]], ['rejected', 'OPENPGP_SIGNATURE_MULTIPLE']);
});

test('attack 48: headers that stand twice', async () => {
  await using world = AttackWorld.create();
  const tree = world.repository.writeTree();
  const payload = buildCommit({ tree, author: world.signer.identity });
  const doubled = [
    insertBefore(payload, 'author', 'tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\n'),
    insertBefore(payload, 'author', 'author Linus Torvalds <torvalds@example.org> 1 +0000\n'),
    insertBefore(payload, 'committer', 'committer Linus Torvalds <torvalds@example.org> 1 +0000\n'),
  ];
  const oids = doubled.map((each) => raw(world, signWith(world, each)));
  for (const oid of oids) assert.ok(world.gitAccepts(oid), 'git accepts');
  const { lines } = await world.verifyIds(oids);
  for (const line of lines) assert.deepEqual([line.decision, line.reasons.includes('HEADER_DUPLICATE')], ['rejected', true]);
});

test('attack 49: the signature header of the other object format', async () => {
  for (const [objectFormat, other] of [
    ['sha1', 'sha256'],
    ['sha256', 'sha1'],
  ] as const) {
    await using world = AttackWorld.create({ objectFormat });
    const { repository } = world;
    const payload = buildCommit({ tree: repository.writeTree(), author: world.signer.identity });
    const [own, foreign] = [
      signCommit(payload, world.signer.sign(payload, 0), objectFormat),
      signCommit(payload, world.signer.sign(payload, 0), other),
    ];
    const oids = [own, foreign].map((each) => raw(world, each));
    assert.deepEqual(
      oids.map((oid) => world.gitAccepts(oid)),
      [true, false],
    );
    const { lines } = await world.verifyIds(oids);
    assert.deepEqual(
      lines.map(({ decision, reasons }) => [decision, reasons]),
      [
        ['accepted', []],
        ['rejected', ['UNSIGNED']],
      ],
    );
    assert.deepEqual(lines[1]?.notes, ['SIGNATURE_OTHER_HASH']);
  }
});

test('attack 50: a NUL hides the rest of the message', async () => {
  await using world = AttackWorld.create();
  const tree = world.repository.writeTree();
  const oids = ['harmless\0evil\n', '']
    .map((message) => buildCommit({ tree, author: world.signer.identity, message }))
    .map((each) => raw(world, signWith(world, each)));
  const header = raw(world, signWith(world, buildCommit({ tree, author: world.signer.identity, extraHeaders: ['x a\0b'] })));
  assert.ok(world.gitAccepts(oids[0] ?? ''), 'git accepts');
  assert.equal(world.repository.git('log', '-1', '--format=%B', oids[0] ?? '').trim(), 'harmless', 'git hides it');
  const { lines } = await world.verifyIds([...oids, header]);
  assert.deepEqual(
    lines.map(({ reasons }) => reasons),
    [['MESSAGE_NUL'], [], ['HEADER_NUL']],
  );
});

test('attack 51: an encoding header makes git show other text than was signed', async () => {
  await using world = AttackWorld.create();
  const tree = world.repository.writeTree();
  const extraHeaders = ['encoding ISO-8859-1'];
  const latin = buildCommit({ tree, author: world.signer.identity, extraHeaders, message: Buffer.from('caf\xe9\n', 'latin1') });
  const shown = buildCommit({ tree, author: world.signer.identity, extraHeaders, message: 'café\n' });
  const signed = raw(world, signWith(world, latin));
  const converted = raw(world, signCommit(latin, world.signer.sign(shown, 0), 'sha1'));
  assert.match(world.repository.git('log', '-1', '--format=raw', signed), /café/, 'git converts');
  const { lines } = await world.verifyIds([signed, converted]);
  assert.deepEqual(
    lines.map(({ reasons }) => reasons),
    [[], ['SSH_SIGNATURE_BAD']],
  );
});

test('attack 52: line ends and continuations', async () => {
  await using world = AttackWorld.create();
  const payload = buildCommit({ tree: world.repository.writeTree(), author: world.signer.identity });
  const signed = signWith(world, payload).toString();
  const changed = {
    'tab for a space': signed.replace(/\n [A-Z]/i, (found) => found.replace(' ', '\t')),
    'CRLF in the header': signed.replace(/\ncommitter (.*)\n/, '\ncommitter $1\r\n'),
    'two spaces': signed.replace('\n ', '\n  '),
    'trailing space in the message': signed.replace(/\n$/, ' \n'),
    'no last line feed': signed.replace(/\n$/, ''),
    'one more line feed': `${signed}\n`,
    'a line of the signature left out': signed.replace(/\n [^\n-]+\n/, '\n'),
    'an empty line in the signature': signed.replace('\n ', '\n\n '),
    'a signature that begins on the second line': signed.replace('gpgsig ', 'gpgsig \n '),
    'header behind the empty line': signed.replace(/(gpgsig [^]*-----\n)\n/, '\n$1'),
  };
  const { lines } = await world.verifyIds(Object.values(changed).map((each) => raw(world, Buffer.from(each))));
  for (const [i, what] of Object.keys(changed).entries()) {
    // White space inside base64 is nothing to OpenSSH, and nothing is hidden by it.
    assert.equal(lines[i]?.decision, what === 'two spaces' ? 'accepted' : 'rejected', what);
  }
});

test('attack 53: bytes under an id that is not theirs', async () => {
  await using world = AttackWorld.create();
  const { repository } = world;
  const [first = '', tip = ''] = world.chain([true, true]);
  // The bytes of another good commit: only the id is wrong.
  forgeObject(`${repository.path}/.git/objects`, tip, 'commit', repository.readObject('commit', first));
  assert.equal(repository.git('rev-list', '--count', 'main'), '1', 'git walks the foreign bytes');
  assert.equal(repository.git('log', '-1', '--format=%G?', tip), 'G', 'git accepts');
  const unsigned = repository.writeCommit({ message: 'unsigned\n' });
  forgeObject(`${repository.path}/.git/objects`, unsigned, 'commit', buildCommit({ tree: repository.writeTree(), message: 'other\n' }));
  const { lines } = await world.verifyIds([first, tip, unsigned]);
  assert.deepEqual(
    lines.map(({ reasons }) => reasons),
    [[], ['OBJECT_ID_MISMATCH'], ['UNSIGNED', 'OBJECT_ID_MISMATCH']],
  );
});

test('attack 54: a signature that was made for something else', async () => {
  await using world = AttackWorld.create();
  const { repository } = world;
  const tree = repository.writeTree();
  const payload = buildCommit({ tree });
  const key = makeOpenpgpTestKey('ed25519');
  const keyring = repository.writeFile('keyring', key.certificate);
  const time = { createdAt: 1_700_000_000 };
  const literal = packet(11, Buffer.concat([Buffer.from('b\0\0\0\0\0'), payload]));
  const onePass = packet(4, Buffer.concat([Buffer.from([3, 0, 10, 22]), Buffer.from(key.keyId, 'hex'), Buffer.from([1])]));
  const signature = signaturePacket(key.raw, payload, time);
  const cases: Readonly<Record<string, string>> = {
    SSH_NAMESPACE_WRONG: world.key.sign(payload, { namespace: 'file' }),
    OPENPGP_SIGNATURE_TYPE_WRONG: signDetached(key.raw, payload, { ...time, type: 0x13 }),
    OPENPGP_SIGNATURE_NOT_DETACHED: armor('MESSAGE', Buffer.concat([onePass, literal, signature])),
    SIGNATURE_FORMAT_UNKNOWN: `-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n${payload.toString()}${signDetached(key.raw, payload, { ...time, type: 1 })}`,
    X509_UNSUPPORTED: '-----BEGIN SIGNED MESSAGE-----\nMAsGCSqGSIb3DQEHAg==\n-----END SIGNED MESSAGE-----\n',
  };
  const oids = Object.values(cases).map((each) => raw(world, signCommit(payload, each, 'sha1')));
  for (const type of [0x02, 0x10, 0x18, 0x19, 0x1f, 0x20, 0x40, 0x50])
    oids.push(raw(world, signCommit(payload, signDetached(key.raw, payload, { ...time, type }), 'sha1')));
  const blob = repository.writeObject('blob', signWith(world, payload));
  // Signed as a tag, offered as a commit, and the other way round.
  const tag = buildTag({ object: tree, type: 'tree', tag: 'x', tagger: world.signer.identity });
  const asCommit = raw(world, signCommit(tag, world.signer.sign(tag, 0), 'sha1'));
  const asTag = repository.writeObject('tag', signTag(payload, world.signer.sign(payload, 0)), { literally: true });
  const trust = ['--allowed-signers', world.allowedSigners, '--keyring', keyring];
  const { lines } = await world.verifyIds([...oids, blob, asCommit, asTag], { trust });
  const reasons = lines.map((line) => line.reasons[0]);
  assert.deepEqual(reasons.slice(0, 5), Object.keys(cases));
  assert.ok(lines.every(({ decision }) => decision === 'rejected'));
  assert.deepEqual(new Set(reasons.slice(5, oids.length)), new Set(['OPENPGP_SIGNATURE_TYPE_WRONG']));
  assert.equal(reasons[oids.length], 'OBJECT_NOT_SIGNABLE');
  for (const line of lines.slice(oids.length + 1)) assert.ok(line.reasons.includes('OBJECT_MALFORMED'));
});

test('attack 55: weak algorithms', async () => {
  await using world = AttackWorld.create();
  const { repository } = world;
  const payload = buildCommit({ tree: repository.writeTree() });
  const time = { createdAt: 1_700_000_000 };
  const key = makeOpenpgpTestKey('rsa2048');
  const short = makeOpenpgpTestKey('rsa768');
  const keyring = repository.writeFile('keyring', Buffer.concat([key.certificate, short.certificate]));
  const rsa = makeSshKey('rsa2048');
  const signers = repository.writeFile('rsa_signers', `rsa@example.com ${rsa.publicLine}\n`);
  const signatures = [
    ...[1, 2, 3].map((hash) => signDetached(key.raw, payload, { ...time, hash })),
    signDetached(short.raw, payload, { ...time, hash: 8 }),
    rsa.sign(payload, { rsaAlgorithm: 'ssh-rsa' }),
  ];
  const oids = signatures.map((each) => raw(world, signCommit(payload, each, 'sha1')));
  importOpenpgp(world, key.certificate);
  assert.ok(world.gitAccepts(oids[1] ?? ''), 'git takes SHA-1');
  const { lines } = await world.verifyIds(oids, { trust: ['--keyring', keyring, '--allowed-signers', signers] });
  assert.deepEqual(
    lines.map(({ decision, reasons }) => [decision, reasons[0]]),
    [...Array.from({ length: 4 }, () => ['rejected', 'OPENPGP_ALGORITHM_WEAK']), ['rejected', 'SSH_SIGNATURE_BAD']],
  );
});

test('attack 56: restrictions that a verifier does not know', async () => {
  await using world = AttackWorld.create();
  const { repository } = world;
  const payload = buildCommit({ tree: repository.writeTree() });
  const ca = makeSshKey('ed25519');
  const certificate = makeSshCertificate(ca, makeSshKey('ed25519'), {
    principals: ['a@example.com'],
    criticalOptions: { 'force-command': 'false' },
  });
  const signers = repository.writeFile('ca_signers', `a@example.com cert-authority ${ca.publicLine}\n`);
  const key = makeOpenpgpTestKey('ed25519');
  const keyring = repository.writeFile('keyring', key.certificate);
  const [critical, notation] = [
    { type: 100, data: Buffer.of(1), critical: true },
    { type: 20, data: Buffer.from('\0\0\0\0\0\x01\0\0x', 'latin1'), critical: true },
  ];
  const time = { createdAt: 1_700_000_000 };
  const signatures = [
    certificate.sign(payload),
    signDetached(key.raw, payload, { ...time, hashed: [critical] }),
    signDetached(key.raw, payload, { ...time, unhashed: [critical] }),
    signDetached(key.raw, payload, { ...time, hashed: [notation] }),
  ];
  const oids = signatures.map((each) => raw(world, signCommit(payload, each, 'sha1')));
  repository.config('gpg.ssh.allowedSignersFile', signers);
  assert.ok(world.gitAccepts(oids[0] ?? ''), 'git passes over the option');
  const { lines } = await world.verifyIds(oids, { trust: ['--keyring', keyring, '--allowed-signers', signers] });
  const expected = ['SSH_CERTIFICATE_CRITICAL_OPTION', ...Array.from({ length: 3 }, () => 'OPENPGP_CRITICAL_UNKNOWN')];
  assert.deepEqual(
    lines.map(({ decision, reasons }) => [decision, reasons[0]]),
    expected.map((reason) => ['rejected', reason]),
  );
});
