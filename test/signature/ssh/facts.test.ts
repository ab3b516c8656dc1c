// Holds the cryptographic facts of SSH signatures against ssh-keygen, for every key type and for the odd spellings that OpenSSH takes or refuses.

import assert from 'node:assert/strict';
import test, { after } from 'node:test';

import { establishSshFacts } from '../../../src/signature/ssh/index.ts';
import { openSshOracle } from '../../support/ssh-oracle.ts';
import { makeSshCertificate, makeSshKey } from '../../support/ssh-signer.ts';
import type { SshKeyKind, SshTestKey } from '../../support/ssh-signer.ts';
import { armorSshsig, mpint, str, u32 } from '../../support/ssh-wire.ts';

const KINDS: readonly SshKeyKind[] = ['ed25519', 'ecdsa-p256', 'ecdsa-p384', 'ecdsa-p521', 'rsa2048', 'sk-ed25519', 'sk-ecdsa-p256'];
const payload = Buffer.from('tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\n\nmessage\n');
const oracle = openSshOracle();
after(() => {
  oracle.close();
});

const keys = new Map<SshKeyKind, SshTestKey>();
function keyOf(kind: SshKeyKind): SshTestKey {
  const key = keys.get(kind) ?? makeSshKey(kind);
  keys.set(kind, key);
  return key;
}

/** OpenSSH 9.2's answer must be ours, or ours stricter in the one way that is recorded. */
function compare(armor: Uint8Array | string, name: string): ReturnType<typeof establishSshFacts> {
  const facts = establishSshFacts(payload, Buffer.from(armor));
  const isGood = oracle.checkNoValidate(payload, armor);
  assert.equal(facts.openssh?.legacy ?? facts.status === 'good', isGood, `${name}: ${JSON.stringify(facts)}`);
  if (facts.status === 'good') assert.ok(isGood, name);
  return facts;
}

interface Parts {
  magic?: string;
  version?: number;
  key: Buffer;
  namespace?: Buffer | string;
  reserved?: Buffer | string;
  hash?: Buffer | string;
  signature: Buffer;
  tail?: Buffer;
}

function assemble(parts: Parts): Buffer {
  const {
    magic = 'SSHSIG',
    version = 1,
    key,
    namespace = 'git',
    reserved = '',
    hash = 'sha512',
    signature,
    tail = Buffer.alloc(0),
  } = parts;
  return Buffer.concat([Buffer.from(magic), u32(version), str(key), str(namespace), str(reserved), str(hash), str(signature), tail]);
}

/** What SSHSIG signs, for tests that build the signature themselves. */
async function signedData(hash = 'sha512'): Promise<Buffer> {
  const { createHash } = await import('node:crypto');
  return Buffer.concat([Buffer.from('SSHSIG'), str('git'), str(''), str(hash), str(createHash(hash).update(payload).digest())]);
}

for (const kind of KINDS) {
  test(`${kind}: good, other payload, other namespace, certificate`, () => {
    const key = keyOf(kind);
    for (const hash of ['sha256', 'sha512'] as const) {
      const facts = compare(key.sign(payload, { hash }), `${kind} ${hash}`);
      assert.equal(facts.status, 'good');
      assert.equal(facts.hash, hash);
      assert.equal(facts.key?.sha256, key.fingerprint);
      assert.equal(facts.key.type, key.type);
    }
    assert.equal(compare(key.sign(Buffer.from('other')), 'other payload').reason, 'SSH_SIGNATURE_BAD');
    assert.equal(compare(key.sign(payload, { namespace: 'file' }), 'namespace file').reason, 'SSH_NAMESPACE_WRONG');
    assert.equal(compare(key.sign(payload, { namespace: 'Git' }), 'namespace Git').reason, 'SSH_NAMESPACE_WRONG');
    const certified = makeSshCertificate(keyOf('ecdsa-p256'), key, {
      serial: 7n,
      principals: ['a', 'b'],
      criticalOptions: { 'force-command': 'x' },
      extensions: ['permit-pty'],
    });
    const facts = compare(certified.sign(payload), 'certificate');
    assert.equal(facts.status, 'good');
    assert.equal(facts.key?.sha256, key.fingerprint, 'a certificate bears the fingerprint of its subject');
    assert.deepEqual(facts.certificate?.principals, ['a', 'b']);
    assert.deepEqual(facts.certificate.criticalOptions, ['force-command']);
    assert.deepEqual(facts.certificate.extensions, ['permit-pty']);
    assert.equal(facts.certificate.serial, '7');
    assert.equal(facts.certificate.ca.sha256, keyOf('ecdsa-p256').fingerprint);
  });
}

test('facts survive JSON unchanged and hold no key blob', () => {
  const facts = establishSshFacts(payload, Buffer.from(keyOf('ed25519').sign(payload)));
  assert.deepEqual(JSON.parse(JSON.stringify(facts)), facts);
  assert.ok(!JSON.stringify(facts).includes(keyOf('ed25519').publicBlob.toString('base64')));
  assert.deepEqual(Object.keys(facts).toSorted(), ['format', 'hash', 'key', 'namespace', 'status']);
});

test('armor: spellings that OpenSSH takes and refuses', () => {
  const armor = keyOf('ed25519').sign(payload);
  const body = armor.split('\n').slice(1, -2).join('\n');
  const wrap = (text: string): string => `-----BEGIN SSH SIGNATURE-----\n${text}\n-----END SSH SIGNATURE-----\n`;
  const spaced = body.replaceAll('\n', '').replaceAll(/(.{10})/g, '$1 \t\v\f\r\n\n');
  const cases: Record<string, string> = {
    plain: armor,
    'text after END': `${armor}anything\n-----BEGIN SSH SIGNATURE-----\n`,
    'END without line feed': armor.trimEnd(),
    'END with more on its line': armor.replace('END SSH SIGNATURE-----', 'END SSH SIGNATURE-----xyz'),
    'white space everywhere': wrap(spaced),
    'one line': wrap(body.replaceAll('\n', '')),
    'leading space': ` ${armor}`,
    'leading line': `\n${armor}`,
    'space after BEGIN': armor.replace('-----\n', '----- \n'),
    'no line feed before END': armor.replace('\n-----END', '-----END'),
    'URL-safe alphabet': wrap(`${body.slice(0, 40)}-_${body.slice(42)}`),
    'foreign character': wrap(`${body.slice(0, 40)}!${body.slice(41)}`),
    'NUL inside': wrap(`${body.slice(0, 40)}\0${body.slice(40)}`),
    'NUL at the end': wrap(`${body}\0`),
    'two NULs at the end': wrap(`${body}\0\0`),
    'byte above 0x7f': wrap(`${body.slice(0, 40)}\u0085${body.slice(40)}`),
    'no-break space': Buffer.from(wrap(`${body.slice(0, 40)}\u00a0${body.slice(40)}`), 'latin1').toString('latin1'),
    'extra padding': wrap(`${body}=`),
    'data after padding': wrap(`${body}=AAAA`),
    'empty body': wrap(''),
    'no body': '-----BEGIN SSH SIGNATURE-----\n-----END SSH SIGNATURE-----\n',
    'only BEGIN': '-----BEGIN SSH SIGNATURE-----\n',
    empty: '',
    'lower case': armor.toLowerCase(),
    'CR LF throughout': armor.replaceAll('\n', '\r\n'),
    'CR LF after the first line': armor.replaceAll('\n', '\r\n').replace('\r\n', '\n'),
  };
  for (const [name, text] of Object.entries(cases)) compare(text, name);
});

test('armor: CR LF after BEGIN is refused by OpenSSH 9.2 and taken from 9.5 on', () => {
  const facts = compare(keyOf('ed25519').sign(payload).replaceAll('\n', '\r\n'), 'CR LF');
  assert.equal(facts.status, 'malformed');
  assert.deepEqual(facts.openssh, { legacy: false, modern: true });
});

test('armor: padding must be complete and its spare bits zero', async () => {
  const data = await signedData();
  for (const size of [0, 1, 2]) {
    const key = keyOf('ed25519');
    // The reserved field may hold anything, so it serves to move the end of the base64.
    const armor = armorSshsig(assemble({ key: key.publicBlob, reserved: 'x'.repeat(size), signature: key.signRaw(data) }));
    assert.equal(compare(armor, `reserved ${size}`).status, 'good');
    compare(armor.replaceAll('=', ''), `no padding ${size}`);
    compare(armor.replace('=', ''), `one less padding ${size}`);
    compare(armor.replace('=\n', '= \t\n'), `space after padding ${size}`);
    compare(armor.replace('==', '= ='), `space within padding ${size}`);
    // Sets a spare bit of the last digit.
    compare(
      armor.replace(/([A-Za-z0-9+/])(=+)/, (_, digit: string, rest: string) => String.fromCharCode(digit.charCodeAt(0) + 1) + rest),
      `spare bit ${size}`,
    );
  }
});

test('blob: versions, magic, reserved, hash, NULs and trailing bytes', async () => {
  const key = keyOf('ed25519');
  const signature = key.signRaw(await signedData());
  const base = { key: key.publicBlob, signature };
  const cases: Record<string, Buffer> = {
    'version 0': assemble({ ...base, version: 0 }),
    'version 2': assemble({ ...base, version: 2 }),
    'wrong magic': assemble({ ...base, magic: 'SSHSIH' }),
    'reserved filled': assemble({ ...base, reserved: Buffer.alloc(100, 0xff) }),
    'trailing byte': assemble({ ...base, tail: Buffer.of(0) }),
    'hash SHA512': assemble({ ...base, hash: 'SHA512' }),
    'hash sha384': assemble({ ...base, hash: 'sha384' }),
    'hash sha1': assemble({ ...base, hash: 'sha1' }),
    'hash empty': assemble({ ...base, hash: '' }),
    'hash pattern': assemble({ ...base, hash: '*' }),
    'hash with NUL': assemble({ ...base, hash: 'sha512\0' }),
    'hash with inner NUL': assemble({ ...base, hash: 'sha\x00512' }),
    'namespace with NUL': assemble({ ...base, namespace: 'git\0' }),
    'namespace with two NULs': assemble({ ...base, namespace: 'git\0\0' }),
    'namespace empty': assemble({ ...base, namespace: '' }),
    'signature empty': assemble({ ...base, signature: Buffer.alloc(0) }),
    'signature trailing byte': assemble({ ...base, signature: Buffer.concat([signature, Buffer.of(0)]) }),
    'signature short': assemble({ ...base, signature: Buffer.concat([str('ssh-ed25519'), str(signature.subarray(-64, -1))]) }),
    'signature long': assemble({
      ...base,
      signature: Buffer.concat([str('ssh-ed25519'), str(Buffer.concat([signature.subarray(-64), Buffer.of(0)]))]),
    }),
    'signature type other': assemble({ ...base, signature: Buffer.concat([str('ssh-rsa'), str(signature.subarray(-64))]) }),
    'signature type with NUL': assemble({ ...base, signature: Buffer.concat([str('ssh-ed25519\0'), str(signature.subarray(-64))]) }),
    'signature type alias': assemble({ ...base, signature: Buffer.concat([str('ed25519'), str(signature.subarray(-64))]) }),
    truncated: assemble(base).subarray(0, -1),
  };
  for (const [name, blob] of Object.entries(cases)) compare(armorSshsig(blob), name);
});

test('key blob: aliases of the type, trailing bytes, odd lengths', async () => {
  const data = await signedData();
  for (const kind of KINDS) {
    const key = keyOf(kind);
    const fields = key.publicBlob.subarray(4 + key.type.length);
    const names = [
      'ed25519',
      'ED25519',
      'eD25519-sk',
      'ecdsa',
      'ECDSA-SK',
      'rsa',
      'RSA',
      'rsa-sha2-256',
      'rsa-sha2-512',
      'RSA-SHA2-512',
      'webauthn-sk-ecdsa-sha2-nistp256@openssh.com',
      key.type.toUpperCase(),
      `${key.type}\0`,
      `${key.type}x`,
      '',
    ];
    for (const name of names) {
      const facts = compare(
        armorSshsig(assemble({ key: Buffer.concat([str(name), fields]), signature: key.signRaw(data) })),
        `${kind} as ${name}`,
      );
      if (facts.status === 'good')
        assert.equal(facts.key?.sha256, key.fingerprint, `${kind} as ${name}: fingerprint of the canonical encoding`);
    }
    compare(
      armorSshsig(assemble({ key: Buffer.concat([key.publicBlob, Buffer.of(0)]), signature: key.signRaw(data) })),
      `${kind} trailing`,
    );
    compare(armorSshsig(assemble({ key: key.publicBlob.subarray(0, -1), signature: key.signRaw(data) })), `${kind} truncated`);
  }
});

test('ECDSA: leading zeros, negative numbers, flipped s, out of range, wrong types', async () => {
  const data = await signedData();
  const orders = { 'ecdsa-p256': 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n } as const;
  const key = keyOf('ecdsa-p256');
  const raw = key.signRaw(data);
  const inner = raw.subarray(4 + key.type.length + 4);
  const rLength = inner.readUInt32BE(0);
  const r = inner.subarray(4, 4 + rLength);
  const s = inner.subarray(8 + rLength);
  const wrap = (a: Buffer, b: Buffer, type: string = key.type, tail = Buffer.alloc(0)): string =>
    armorSshsig(assemble({ key: key.publicBlob, signature: Buffer.concat([str(type), str(Buffer.concat([a, b, tail]))]) }));
  const order = orders['ecdsa-p256'];
  const number = BigInt(`0x${s.toString('hex')}`);
  const bytes = (value: bigint): Buffer => Buffer.from(value.toString(16).padStart(66, '0'), 'hex');
  const zeros = Buffer.alloc(40);
  compare(wrap(mpint(r), mpint(s)), 'plain');
  compare(wrap(str(Buffer.concat([zeros, r])), str(Buffer.concat([zeros, s]))), 'leading zeros');
  compare(wrap(str(Buffer.concat([Buffer.alloc(2049), r])), mpint(s)), 'too many leading zeros');
  compare(wrap(str(Buffer.concat([Buffer.of(0x80), r])), mpint(s)), 'negative');
  compare(wrap(mpint(r), mpint(bytes(order - number))), 'flipped s');
  compare(wrap(mpint(r), mpint(bytes(number + order))), 's + n');
  compare(wrap(mpint(Buffer.alloc(1)), mpint(s)), 'r zero');
  compare(wrap(mpint(r), mpint(Buffer.alloc(1))), 's zero');
  compare(wrap(mpint(r), mpint(s), key.type, Buffer.of(0)), 'trailing byte');
  compare(wrap(mpint(r), mpint(s), 'ecdsa-sha2-nistp384'), 'other curve');
  compare(wrap(mpint(r), mpint(s), 'ecdsa'), 'short name');
  assert.equal(compare(wrap(mpint(r), mpint(bytes(order - number))), 'flipped s').status, 'good', 'ECDSA is malleable, as in OpenSSH');
});

test('ECDSA keys: compressed, off the curve, infinity, other curve name', async () => {
  const data = await signedData();
  const key = keyOf('ecdsa-p256');
  const point = key.publicBlob.subarray(-65);
  const keyWith = (curve: string, bytes: Buffer): Buffer => Buffer.concat([str(key.type), str(curve), str(bytes)]);
  const off = Buffer.from(point);
  off[64] = (off[64] ?? 0) ^ 1;
  const compressed = Buffer.concat([Buffer.of(2 + ((point[64] ?? 0) & 1)), point.subarray(1, 33)]);
  const hybrid = Buffer.concat([Buffer.of(6 + ((point[64] ?? 0) & 1)), point.subarray(1)]);
  const cases: Record<string, Buffer> = {
    compressed: keyWith('nistp256', compressed),
    hybrid: keyWith('nistp256', hybrid),
    'off the curve': keyWith('nistp256', off),
    infinity: keyWith('nistp256', Buffer.of(0)),
    empty: keyWith('nistp256', Buffer.alloc(0)),
    'other curve': keyWith('nistp384', point),
    'upper-case curve': keyWith('NISTP256', point),
    'curve with NUL': keyWith('nistp256\0', point),
  };
  for (const [name, blob] of Object.entries(cases)) compare(armorSshsig(assemble({ key: blob, signature: key.signRaw(data) })), name);
});

test('RSA: algorithms, short signatures, padded numbers, small keys', async () => {
  const { generateKeyPairSync, sign } = await import('node:crypto');
  const data = await signedData();
  const key = keyOf('rsa2048');
  for (const rsaAlgorithm of ['rsa-sha2-256', 'rsa-sha2-512', 'ssh-rsa'] as const) {
    for (const hash of ['sha256', 'sha512'] as const) compare(key.sign(payload, { rsaAlgorithm, hash }), `${rsaAlgorithm} over ${hash}`);
  }
  const raw = key.signRaw(data).subarray(-256);
  const wrap = (signature: Buffer, type = 'rsa-sha2-512'): string =>
    armorSshsig(assemble({ key: key.publicBlob, signature: Buffer.concat([str(type), str(signature)]) }));
  for (const type of ['rsa-sha2-256', 'rsa-sha2-512-cert-v01@openssh.com', 'ssh-rsa-cert-v01@openssh.com', 'rsa'])
    compare(wrap(raw, type), type);
  compare(wrap(Buffer.concat([Buffer.of(0), raw])), 'one byte too long');
  compare(wrap(raw.subarray(1)), 'cut');
  compare(wrap(Buffer.alloc(0)), 'empty');
  // A signature that starts with a zero byte verifies without it: one in 256 does.
  let found: { hash: Buffer; payload: Buffer } | undefined;
  for (let i = 0; i < 4000 && found === undefined; i++) {
    const text = Buffer.from(`payload ${i}`);
    const blob = key.signBlob(text);
    if (blob.at(-256) === 0)
      found = {
        hash: Buffer.concat([blob.subarray(0, -256 - 4 - 4 - 12 - 4), str(Buffer.concat([str('rsa-sha2-512'), str(blob.subarray(-255))]))]),
        payload: text,
      };
  }
  assert.ok(found !== undefined);
  assert.equal(establishSshFacts(found.payload, Buffer.from(armorSshsig(found.hash))).status, 'good', 'a short RSA signature');
  assert.ok(oracle.checkNoValidate(found.payload, armorSshsig(found.hash)));
  const jwk = key.privateKey.export({ format: 'jwk' });
  const n = Buffer.from(jwk.n ?? '', 'base64url');
  const padded = Buffer.concat([str('ssh-rsa'), str(Buffer.from([0, 0, 1, 0, 1])), str(Buffer.concat([Buffer.alloc(9), n]))]);
  assert.equal(
    compare(armorSshsig(assemble({ key: padded, signature: key.signRaw(data) })), 'padded numbers').key?.sha256,
    key.fingerprint,
  );
  const negative = Buffer.concat([str('ssh-rsa'), str(Buffer.from([1, 0, 1])), str(n)]);
  compare(armorSshsig(assemble({ key: negative, signature: key.signRaw(data) })), 'negative modulus');
  for (const modulusLength of [1016, 1023, 1024, 1032]) {
    const small = generateKeyPairSync('rsa', { modulusLength }).privateKey;
    const part = Buffer.from(small.export({ format: 'jwk' }).n ?? '', 'base64url');
    const blob = Buffer.concat([str('ssh-rsa'), mpint(Buffer.from([1, 0, 1])), mpint(part)]);
    const signature = Buffer.concat([str('rsa-sha2-512'), str(sign('sha512', data, small))]);
    const facts = compare(armorSshsig(assemble({ key: blob, signature })), `RSA ${modulusLength}`);
    assert.equal(facts.reason, modulusLength < 1024 ? 'SSH_KEY_TOO_SHORT' : undefined);
  }
});

test('Ed25519: S of L or more verifies in OpenSSH 9.2 only, and is refused here', async () => {
  const L = 2n ** 252n + 27742317777372353535851937790883648493n;
  const data = await signedData();
  const shift = (signature: Buffer, times: bigint): Buffer => {
    const s = BigInt(`0x${Buffer.from(signature.subarray(-32).toReversed()).toString('hex')}`) + times * L;
    const encoded = Buffer.from(s.toString(16).padStart(64, '0'), 'hex').toReversed();
    return Buffer.concat([signature.subarray(-64, -32), encoded]);
  };
  const key = keyOf('ed25519');
  for (const times of [0n, 1n, 2n, 7n, 8n, 14n]) {
    const signature = Buffer.concat([str('ssh-ed25519'), str(shift(key.signRaw(data), times))]);
    const facts = compare(armorSshsig(assemble({ key: key.publicBlob, signature })), `S + ${times} L`);
    if (times === 1n) {
      assert.equal(facts.reason, 'SSH_SIGNATURE_NOT_CANONICAL');
      assert.deepEqual(facts.openssh, { legacy: true, modern: false });
    }
  }
  const sk = keyOf('sk-ed25519');
  const raw = sk.signRaw(data);
  const head = 4 + sk.type.length + 4;
  const moved = Buffer.concat([raw.subarray(0, head), shift(raw.subarray(head, head + 64), 1n), raw.subarray(head + 64)]);
  assert.equal(compare(armorSshsig(assemble({ key: sk.publicBlob, signature: moved })), 'sk S + L').reason, 'SSH_SIGNATURE_NOT_CANONICAL');
});

test('FIDO: flags and counter are reported, not enforced; the application is part of the key', async () => {
  const data = await signedData();
  for (const kind of ['sk-ed25519', 'sk-ecdsa-p256'] as const) {
    const key = keyOf(kind);
    for (const flags of [0, 1, 5, 0xff]) {
      const facts = compare(key.sign(payload, { flags, counter: 0xffffffff }), `${kind} flags ${flags}`);
      assert.deepEqual(facts.fido, { flags, counter: 0xffffffff, userPresent: (flags & 1) !== 0, userVerified: (flags & 4) !== 0 });
    }
    const raw = key.signRaw(data);
    const touched = Buffer.from(raw);
    touched[touched.length - 5] = 5;
    compare(armorSshsig(assemble({ key: key.publicBlob, signature: touched })), `${kind} forged flags`);
    const other = Buffer.concat([key.publicBlob.subarray(0, -8), str('ssh:evil')]);
    compare(armorSshsig(assemble({ key: other, signature: raw })), `${kind} other application`);
    const nul = Buffer.concat([key.publicBlob.subarray(0, -8), str('ssh:\0')]);
    compare(armorSshsig(assemble({ key: nul, signature: raw })), `${kind} application with NUL`);
    compare(armorSshsig(assemble({ key: key.publicBlob, signature: Buffer.concat([raw, Buffer.of(0)]) })), `${kind} trailing`);
    compare(armorSshsig(assemble({ key: key.publicBlob, signature: raw.subarray(0, -4) })), `${kind} without counter`);
  }
});

test('webauthn: client data must start as a browser writes it', () => {
  const key = keyOf('sk-ecdsa-p256');
  const origin = 'https://example.com';
  const json = (challenge: string, rest: string): string => `{"type":"webauthn.get","challenge":"${challenge}","origin":"${origin}"${rest}`;
  const good = compare(key.sign(payload, { webauthn: { origin } }), 'webauthn');
  assert.equal(good.status, 'good');
  assert.equal(good.fido?.origin, origin);
  compare(key.sign(payload, { webauthn: { origin, clientData: (c) => json(c, ' garbage') } }), 'rest is free');
  compare(key.sign(payload, { webauthn: { origin, clientData: (c) => ` ${json(c, '}')}` } }), 'leading space');
  compare(key.sign(payload, { webauthn: { origin, clientData: (c) => json(`${c}=`, '}') } }), 'padded challenge');
  compare(key.sign(payload, { webauthn: { origin, clientData: () => json('AAAA', '}') } }), 'other challenge');
  compare(key.sign(payload, { webauthn: { origin, clientData: () => '' } }), 'no client data');
  compare(key.sign(payload, { webauthn: { origin: 'a"b' } }), 'quote in origin');
  compare(key.sign(payload, { flags: 0x41, webauthn: { origin } }), 'flag 0x40');
  compare(key.sign(payload, { flags: 0x81, webauthn: { origin } }), 'flag 0x80 without extensions');
  compare(key.sign(payload, { flags: 0x01, webauthn: { origin, extensions: Buffer.from('x') } }), 'extensions without flag 0x80');
  compare(key.sign(payload, { webauthn: { origin, extensions: Buffer.from('x') } }), 'extensions');
  compare(key.sign(payload, { webauthn: { origin: '' } }), 'empty origin');
});

test('certificates: broken, badly signed, of other kinds, by odd authorities', () => {
  const ca = keyOf('ed25519');
  const subject = keyOf('ecdsa-p256');
  const bad = makeSshCertificate(ca, subject, {
    corruptSignature: (signature) => Buffer.concat([signature.subarray(0, -1), Buffer.of((signature.at(-1) ?? 0) ^ 0x01)]),
  });
  const facts = compare(bad.sign(payload), 'bad CA signature');
  assert.equal(facts.status, 'bad');
  const host = compare(makeSshCertificate(ca, subject, { kind: 2 }).sign(payload), 'host');
  assert.equal(host.certificate?.kind, 2);
  assert.equal(compare(makeSshCertificate(ca, subject, { kind: 3 }).sign(payload), 'kind 3').reason, 'SSH_CERTIFICATE_MALFORMED');
  compare(makeSshCertificate(ca, subject, { principals: [] }).sign(payload), 'no principals');
  const many = (count: number): string[] => Array.from({ length: count }, (_, i) => `p${i}`);
  compare(makeSshCertificate(ca, subject, { principals: many(256) }).sign(payload), '256 principals');
  compare(makeSshCertificate(ca, subject, { principals: many(257) }).sign(payload), '257 principals');
  compare(makeSshCertificate(ca, subject, { principals: ['a\0'] }).sign(payload), 'principal with NUL');
  compare(makeSshCertificate(ca, subject, { principals: ['a\0b'] }).sign(payload), 'principal with inner NUL');
  compare(makeSshCertificate(ca, subject, { keyId: 'a\0b' }).sign(payload), 'key id with NUL');
  compare(makeSshCertificate(ca, subject, { corrupt: (body) => Buffer.concat([body, Buffer.of(0)]) }).sign(payload), 'body too long');
  const certifiedCa = makeSshCertificate(ca, keyOf('ed25519'));
  compare(makeSshCertificate(certifiedCa, subject).sign(payload), 'CA is a certificate');
  for (const caAlgorithm of ['rsa-sha2-256', 'rsa-sha2-512', 'ssh-rsa'] as const) {
    const signed = compare(makeSshCertificate(keyOf('rsa2048'), subject, { caAlgorithm }).sign(payload), `CA ${caAlgorithm}`);
    assert.equal(signed.certificate?.caAlgorithm, caAlgorithm);
  }
  for (const kind of KINDS) assert.equal(compare(makeSshCertificate(keyOf(kind), subject).sign(payload), `CA ${kind}`).status, 'good');
  const certified = makeSshCertificate(ca, subject);
  const renamed = Buffer.concat([
    str('ecdsa-sha2-nistp384-cert-v01@openssh.com'),
    certified.publicBlob.subarray(4 + certified.type.length),
  ]);
  compare(armorSshsig(assemble({ key: renamed, signature: subject.signRaw(Buffer.alloc(1)) })), 'renamed');
});

test('ssh-dss is not checked', () => {
  const blob = Buffer.concat([
    str('ssh-dss'),
    mpint(Buffer.alloc(128, 5)),
    mpint(Buffer.alloc(20, 5)),
    mpint(Buffer.alloc(128, 3)),
    mpint(Buffer.alloc(128, 2)),
  ]);
  const facts = establishSshFacts(
    payload,
    Buffer.from(armorSshsig(assemble({ key: blob, signature: Buffer.concat([str('ssh-dss'), str(Buffer.alloc(40, 1))]) }))),
  );
  assert.equal(facts.status, 'unsupported');
  assert.equal(facts.reason, 'SSH_KEY_UNSUPPORTED');
});
