// Spells commits and signatures in ways that no honest program does.

import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AttackWorld } from './attack.ts';
import { signCommit } from './build-object.ts';
import { armorSshsig, str } from './ssh-wire.ts';

/** The commit, signed by the trusted signer. */
export function signWith(world: AttackWorld, payload: Uint8Array): Buffer {
  return signCommit(payload, world.signer.sign(payload, 0), world.repository.objectFormat);
}

/** Writes a commit as it is and returns its id. */
export function raw(world: AttackWorld, bytes: Uint8Array): string {
  return world.repository.writeObject('commit', bytes, { literally: true });
}

/** The bytes with `text` put in before the first header line that begins with `start` (a line feed: the empty line). */
export function insertBefore(bytes: Uint8Array, start: string, text: string | Uint8Array): Buffer {
  const buffer = Buffer.from(bytes);
  const at = buffer.indexOf(`\n${start}`) + 1;
  if (at === 0) throw new Error(`no line begins with ${start}`);
  return Buffer.concat([buffer.subarray(0, at), Buffer.from(text), buffer.subarray(at)]);
}

/** The armored signature with other content in its reserved field, which is not signed (PROTOCOL.sshsig). */
export function rewriteSshsig(armor: string, reserved: string): string {
  const blob = Buffer.from(armor.replace(/-----[^-]*-----|\s/g, ''), 'base64');
  // Magic, version, then three strings: key, namespace, reserved.
  let at = 10;
  for (let i = 0; i < 2; i++) at += 4 + blob.readUInt32BE(at);
  return armorSshsig(Buffer.concat([blob.subarray(0, at), str(reserved), blob.subarray(at + 4 + blob.readUInt32BE(at))]));
}

/** Puts a certificate into the gpg keyring that git sees, which trusts everything. */
export function importOpenpgp(world: AttackWorld, certificate: Uint8Array, options = 'trust-model always\n'): void {
  const home = join(world.repository.home, 'gnupg');
  mkdirSync(home, { recursive: true, mode: 0o700 });
  writeFileSync(join(home, 'gpg.conf'), options);
  const { status, stderr } = spawnSync('gpg', ['--batch', '--quiet', '--import'], { env: world.repository.env, input: certificate });
  if (status !== 0) throw new Error(`gpg --import: ${stderr.toString()}`);
}
