// Establishes what one SSH signature says by cryptography alone. The hot path: it runs once for every signed commit.

import { hash as digestOf } from 'node:crypto';

import { MalformedError } from '../../errors.ts';
import { parseSshArmor } from './armor.ts';
import { resolveKey } from './resolve-key.ts';
import { parseSshsigBlob } from './sshsig.ts';
import type { Sshsig } from './sshsig.ts';
import { textOf } from './text.ts';
import type { SshFacts, SshReason } from './types.ts';
import { checkSignatureBlob } from './verify-signature.ts';
import type { SignatureOutcome } from './verify-signature.ts';

const NAMESPACE = 'git';
const DIGEST_BYTES = { sha256: 32, sha512: 64 } as const;

// PROTOCOL.sshsig §3: magic, namespace, an empty string for reserved, the hash's name and the hash; only the hash differs between commits.
function makeSignedData(hash: Sshsig['hash']): Buffer {
  return Buffer.from(
    `SSHSIG\0\0\0\x03${NAMESPACE}\0\0\0\0\0\0\0\x06${hash}\0\0\0${String.fromCharCode(DIGEST_BYTES[hash])}${'\0'.repeat(DIGEST_BYTES[hash])}`,
    'latin1',
  );
}
const SIGNED = { sha256: makeSignedData('sha256'), sha512: makeSignedData('sha512') } as const;

// Reuses one buffer for each hash: the caller reads it before the next call, since nothing here is asynchronous.
function signedData(payload: Uint8Array, hash: Sshsig['hash']): Uint8Array {
  const signed = SIGNED[hash];
  // As a string and back: node makes a Buffer of a digest at twice the cost.
  signed.write(digestOf(hash, payload, 'binary'), signed.length - DIGEST_BYTES[hash], 'latin1');
  return signed;
}

function isGitNamespace(namespace: Uint8Array): boolean {
  return namespace.length === 3 && namespace[0] === 0x67 && namespace[1] === 0x69 && namespace[2] === 0x74;
}

/** What the CA's and the signer's signatures come to together: the worse of the two. */
function worse(ca: SignatureOutcome['result'], own: SignatureOutcome['result']): SignatureOutcome['result'] {
  if (ca === 'bad' || own === 'bad') return 'bad';
  return ca === 'lax' || own === 'lax' ? 'lax' : 'good';
}

function checkSshsig(payload: Uint8Array, sshsig: Sshsig): SshFacts {
  const resolved = resolveKey(sshsig.publicKey);
  if (!resolved.ok) return { format: 'ssh', status: resolved.status, reason: resolved.reason };
  const { verifier, certificate } = resolved;
  const { hash } = sshsig;
  const isGit = isGitNamespace(sshsig.namespace);
  const known = {
    format: 'ssh',
    key: verifier.id,
    namespace: isGit ? NAMESPACE : textOf(sshsig.namespace.subarray(0, 256)),
    hash,
    ...(certificate === undefined ? {} : { certificate: certificate.facts }),
  } as const;
  const caResult = certificate?.caResult ?? 'good';
  if (caResult === 'bad') return { ...known, status: 'bad', reason: 'SSH_CERTIFICATE_BAD' };
  if (!isGit) return { ...known, status: 'bad', reason: 'SSH_NAMESPACE_WRONG' };
  const { result, fido } = checkSignatureBlob(verifier, sshsig.signature, signedData(payload, hash), false);
  const checked = fido === undefined ? known : { ...known, fido };
  const together = worse(caResult, result);
  if (together === 'good') return { ...checked, status: 'good' };
  if (together === 'bad') return { ...checked, status: 'bad', reason: 'SSH_SIGNATURE_BAD' };
  return { ...checked, status: 'bad', reason: 'SSH_SIGNATURE_NOT_CANONICAL', openssh: { legacy: true, modern: false } };
}

// OpenSSH 9.2 refuses an armor whose first line ends in CR LF and 9.5 takes it; so does git, depending on which one is installed.
// Text behind the END line is nothing to either. But git shows it, in a tag as part of the message, and nobody signed it.
function refuseArmor(facts: SshFacts, hasCrLf: boolean): SshFacts {
  if (!hasCrLf && facts.status !== 'good') return facts;
  const { legacy, modern } = facts.openssh ?? { legacy: facts.status === 'good', modern: facts.status === 'good' };
  return { ...facts, status: 'malformed', reason: 'SSH_SIGNATURE_MALFORMED', openssh: { legacy: legacy && !hasCrLf, modern } };
}

/**
 * What the armored signature says about the payload: a pure function of the two. Never throws.
 * `status` is `good` only when OpenSSH 9.2 and later take the signature for one over the payload in namespace `git`, and no text stands behind it.
 * PROTOCOL.sshsig; sshsig_wrap_verify for the order of the checks.
 */
export function establishSshFacts(payload: Uint8Array, armor: Uint8Array): SshFacts {
  try {
    const { blob, hasCrLf, hasText } = parseSshArmor(armor);
    const facts = checkSshsig(payload, parseSshsigBlob(blob));
    return hasCrLf || hasText ? refuseArmor(facts, hasCrLf) : facts;
  } catch (error) {
    if (!(error instanceof MalformedError)) throw error;
    const reason: SshReason = 'SSH_SIGNATURE_MALFORMED';
    return { format: 'ssh', status: 'malformed', reason };
  }
}
