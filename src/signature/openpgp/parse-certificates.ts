// Loads OpenPGP certificates: openpgp.js reads every key as a second opinion, the self-signatures are checked by the same code as git's signatures.

import type * as Openpgp from 'openpgp';

import { MalformedError } from '../../errors.ts';
import { limits } from '../../bytes/index.ts';
import { judgeCertificate } from './certificate.ts';
import { mergeCertificate, splitCertificates } from './certificate-packets.ts';
import type { CertificatePackets, CertificateProblem } from './certificate-packets.ts';
import { isSigningAlgorithm } from './algorithms.ts';
import { parsePublicKey } from './public-key.ts';
import type { OpenpgpCertificate, OpenpgpVerificationKey } from './types.ts';

export type { CertificateProblem } from './certificate-packets.ts';

/** What a keyring holds. */
export interface ParsedCertificates {
  readonly certificates: OpenpgpCertificate[];
  /** What could not be read; the rest is loaded all the same. */
  readonly problems: CertificateProblem[];
}

interface Loaded {
  readonly packets: CertificatePackets;
  readonly primary: OpenpgpVerificationKey;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Finds the certificates of all files; copies of one become one. */
function collect(files: readonly Uint8Array[], problems: CertificateProblem[]): Map<string, Loaded> {
  const loaded = new Map<string, Loaded>();
  for (const [index, bytes] of files.entries()) {
    const prefix = files.length === 1 ? '' : `file ${index + 1}, `;
    if (bytes.length > limits.keyringBytes) {
      problems.push({ position: `${prefix}byte 0`, message: 'keyring too long' });
      continue;
    }
    const split = splitCertificates(bytes);
    for (const problem of split.problems) problems.push({ ...problem, position: prefix + problem.position });
    for (const packets of split.certificates) {
      try {
        const primary = parsePublicKey(packets.primary.body);
        const known = loaded.get(primary.fingerprint);
        if (known === undefined) loaded.set(primary.fingerprint, { packets: { ...packets, position: prefix + packets.position }, primary });
        else mergeCertificate(known.packets, packets);
      } catch (error) {
        if (!(error instanceof MalformedError)) throw error;
        problems.push({ position: prefix + packets.position, message: error.message });
      }
    }
  }
  return loaded;
}

/** Reads one key with openpgp.js; returns what it makes of it otherwise than we do, or null. */
async function findDisagreement(openpgp: typeof Openpgp, key: OpenpgpVerificationKey): Promise<string | null> {
  const packet = new openpgp.PublicKeyPacket();
  try {
    await packet.read(key.body);
  } catch (error) {
    return `openpgp.js cannot read key ${key.fingerprint}: ${messageOf(error)}`;
  }
  if (packet.getFingerprint() === key.fingerprint && Math.floor(packet.created.getTime() / 1000) === key.createdAt) return null;
  return `openpgp.js reads key ${key.fingerprint} as another key`;
}

/** Drops the keys of which two readers do not have the same idea: a key that is read in two ways vouches for nothing. */
async function keepAgreed(
  openpgp: typeof Openpgp,
  certificate: OpenpgpCertificate,
  position: string,
  problems: CertificateProblem[],
): Promise<OpenpgpCertificate | null> {
  const kept = [];
  for (const facts of certificate.keys) {
    const isSigner = isSigningAlgorithm(facts.key.body[5] ?? 0);
    const disagreement = isSigner ? await findDisagreement(openpgp, facts.key) : null;
    if (disagreement === null) kept.push(facts);
    else {
      problems.push({ position, message: disagreement });
      if (facts.isPrimary) return null;
    }
  }
  return { ...certificate, keys: kept };
}

/**
 * Reads certificates: armored (any number of blocks, text between them) or binary, any number, copies merged. Several files may be given at
 * once, which is how a revocation in one of them reaches a certificate in another.
 *
 * `now` (seconds since 1970) is when self-signatures that run out are judged. Never throws for bad bytes: what cannot be read is listed in
 * `problems`, and the rest is loaded. Only signatures by the certificate's own keys (and its designated revokers) are verified, at most 1,000 of
 * them for one certificate.
 *
 * openpgp.js is loaded here and nowhere else (50 ms). It does not keep the bytes of user ids and signatures (it decodes text and writes it
 * anew), so that framing and checking are ours and it serves as the second reader of every key that can sign.
 */
export async function parseCertificates(bytes: Uint8Array | readonly Uint8Array[], now: number): Promise<ParsedCertificates> {
  const problems: CertificateProblem[] = [];
  const loaded = collect(bytes instanceof Uint8Array ? [bytes] : bytes, problems);
  const certificates: OpenpgpCertificate[] = [];
  if (loaded.size === 0) return { certificates, problems };
  const openpgp = await import('openpgp');
  for (const { packets, primary } of loaded.values()) {
    try {
      const certificate = judgeCertificate(packets, primary, now, (fingerprint) => loaded.get(fingerprint)?.primary);
      const kept = await keepAgreed(openpgp, certificate, packets.position, problems);
      if (kept !== null) certificates.push(kept);
    } catch (error) {
      if (!(error instanceof MalformedError)) throw error;
      problems.push({ position: packets.position, message: error.message });
    }
  }
  return { certificates, problems };
}
