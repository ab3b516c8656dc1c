// Makes a public key ready to verify with: its names, its node:crypto key, and what FIDO signatures need of it.

import { hash } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

import { MalformedError } from '../../errors.ts';
import type { SshCurve } from './key-types.ts';
import { makeKeyObject } from './key-object.ts';
import { identifyKey } from './public-key.ts';
import type { SshPublicKey } from './public-key.ts';
import type { SshKeyId } from './types.ts';

/** A key that signatures can be checked under. */
export interface SshVerifier {
  readonly kind: 'ed25519' | 'sk-ed25519' | 'ecdsa' | 'sk-ecdsa' | 'rsa';
  readonly id: SshKeyId;
  readonly key: KeyObject;
  /** The same key, told to read ECDSA signatures as r and s of fixed width. */
  readonly p1363: { readonly key: KeyObject; readonly dsaEncoding: 'ieee-p1363' };
  /** For the kinds on a NIST curve; `nistp256` otherwise. */
  readonly curve: SshCurve;
  /** SHA-256 of the FIDO application; empty for other keys. */
  readonly applicationHash: Uint8Array;
}

/** Throws MalformedError as `makeKeyObject` does, and `SSH_KEY_UNSUPPORTED` for ssh-dss. */
export function loadVerifier(publicKey: SshPublicKey): SshVerifier {
  const { material } = publicKey;
  if (material.kind === 'dss') throw new MalformedError('SSH_KEY_UNSUPPORTED', 'ssh-dss keys are not checked');
  const key = makeKeyObject(material);
  const isSk = material.kind === 'sk-ed25519' || material.kind === 'sk-ecdsa';
  return {
    kind: material.kind,
    id: identifyKey(publicKey),
    key,
    p1363: { key, dsaEncoding: 'ieee-p1363' },
    curve: publicKey.type.curve ?? 'nistp256',
    applicationHash: isSk ? hash('sha256', material.application, 'buffer') : new Uint8Array(0),
  };
}
