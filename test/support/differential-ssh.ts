// What the differential tests of SSH share: who signs, and whom git is configured to trust.

import type { Sign } from './differential-objects.ts';
import type { TestRepository } from './repository.ts';
import type { SshSignOptions, SshTestKey } from './ssh-signer.ts';

/** Signs with the key. */
export function bySsh(signer: SshTestKey, options?: SshSignOptions): Sign {
  return (payload) => signer.sign(payload, options);
}

/** Configures the lines of the allowed signers, and the revocation file; null and undefined take the settings away. */
export function trustSsh(repository: TestRepository, allowedSigners: readonly string[] | null, revoked?: string | Uint8Array): void {
  repository.tryGit(['config', '--unset', 'gpg.ssh.allowedSignersFile']);
  repository.tryGit(['config', '--unset', 'gpg.ssh.revocationFile']);
  if (allowedSigners !== null) {
    const lines = allowedSigners.map((line) => `${line}\n`).join('');
    repository.config('gpg.ssh.allowedSignersFile', repository.writeFile('allowed_signers', lines));
  }
  if (revoked !== undefined) repository.config('gpg.ssh.revocationFile', repository.writeFile('revoked', revoked));
}
