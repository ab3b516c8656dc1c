// The kinds of signature that are measured: how their test keys are made, and what trusts them.

import { makeOpenpgpTestKey } from '../test/support/openpgp-keys.ts';
import { makeSshKey } from '../test/support/ssh-signer.ts';
import type { TestSigner } from '../test/support/repository.ts';

export const SIGNER_KINDS = ['ssh-ed25519', 'ssh-sk-ed25519', 'ssh-rsa4096', 'openpgp-ed25519', 'openpgp-rsa4096'] as const;
export type SignerKind = (typeof SIGNER_KINDS)[number];

/** What says that a key is trusted; plain data, so that worker threads can send it. */
export interface KeyTrust {
  /** A line of an allowed signers file, for SSH. */
  readonly allowedSigner?: string;
  readonly certificateArmored?: string;
  /** Of the OpenPGP key, upper-case hex as gpg's ownertrust file has it. */
  readonly fingerprint?: string;
}

export interface BenchSigner extends TestSigner {
  readonly trust: KeyTrust;
}

const SSH_KINDS = { 'ssh-ed25519': 'ed25519', 'ssh-sk-ed25519': 'sk-ed25519', 'ssh-rsa4096': 'rsa4096' } as const;

function makeSigner(kind: SignerKind, mail: string): BenchSigner {
  const identity = `Sig Ner <${mail}>`;
  if (kind === 'openpgp-ed25519' || kind === 'openpgp-rsa4096') {
    const key = makeOpenpgpTestKey(kind === 'openpgp-ed25519' ? 'ed25519' : 'rsa4096', { userId: identity });
    const trust = { certificateArmored: key.certificateArmored, fingerprint: key.fingerprint.toUpperCase() };
    return { identity, sign: (payload, time) => key.sign(payload, time), trust };
  }
  const key = makeSshKey(SSH_KINDS[kind]);
  return { identity, sign: (payload) => key.sign(payload), trust: { allowedSigner: `${mail} ${key.publicLine}` } };
}

/** New keys of one kind; `prefix` makes their addresses differ from those of other threads. */
export function makeSigners(kind: SignerKind, count: number, prefix: string): BenchSigner[] {
  return Array.from({ length: count }, (_, index) => makeSigner(kind, `${prefix}-${index}@example.com`));
}
