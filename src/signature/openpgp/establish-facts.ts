// Establishes what a detached OpenPGP signature says of a payload, by the given keys and by cryptography alone.

import { MalformedError } from '../../errors.ts';
import type { GitLetter } from '../letter.ts';
import { HASHES, HASH_MD5, isSigningAlgorithm, PUBLIC_KEY_NAMES } from './algorithms.ts';
import { parseDetachedSignature } from './detached.ts';
import type { DetachedSignature } from './detached.ts';
import type { OpenpgpKeys } from './keys.ts';
import type { PreparedKey } from './public-key.ts';
import type { SignaturePacket } from './signature-packet.ts';
import { canonicalizeText } from './text.ts';
import { OPENPGP_REASONS } from './types.ts';
import type { OpenpgpFacts, OpenpgpReason, OpenpgpVerificationKey } from './types.ts';
import { verifySignature } from './verify-signature.ts';

type Status = OpenpgpFacts['status'];

const NONE: readonly string[] = [];
// Keys shorter than this are broken by a student's laptop; gpg takes them.
const MINIMUM_RSA_BYTES = 128;

function bothLetters(letter: GitLetter): { reference: GitLetter; modern: GitLetter } {
  return { reference: letter, modern: letter };
}

/** What a signature packet says of itself. */
function describe(signature: SignaturePacket): Omit<OpenpgpFacts, 'status' | 'tried'> {
  const { version, type, createdAt, expiresAfter, issuerKeyId, issuerFingerprint, signersUserId } = signature;
  return {
    format: 'openpgp',
    version,
    type,
    algorithm: PUBLIC_KEY_NAMES[signature.algorithm] ?? `unknown-${signature.algorithm}`,
    hash: signature.hash === HASH_MD5 ? 'md5' : (HASHES[signature.hash]?.name ?? `unknown-${signature.hash}`),
    ...(issuerKeyId !== undefined && { issuerKeyId }),
    ...(issuerFingerprint !== undefined && { issuerFingerprint }),
    ...(createdAt !== undefined && { createdAt }),
    // gpg adds the two as 32-bit numbers, and wraps (parse-packet.c).
    ...(createdAt !== undefined && expiresAfter !== undefined && expiresAfter !== 0 && { expiresAt: (createdAt + expiresAfter) >>> 0 }),
    ...(signersUserId !== undefined && { signersUserId }),
  };
}

function refuseMalformed(error: MalformedError): OpenpgpFacts {
  const reason = OPENPGP_REASONS.find((each) => each === error.code) ?? 'OPENPGP_SIGNATURE_MALFORMED';
  const isVersion = reason === 'OPENPGP_SIGNATURE_VERSION_UNSUPPORTED';
  const letter = reason === 'OPENPGP_SIGNATURE_MULTIPLE' ? 'E' : 'N';
  return { format: 'openpgp', status: isVersion ? 'unsupported' : 'malformed', reason, tried: NONE, letter: bothLetters(letter) };
}

/** Why the packet needs no key to be refused, in gpg's order (mainproc.c check_sig_and_print, sig-check.c); null: go on. */
function refuseByPacket(signature: SignaturePacket): { status: Status; reason: OpenpgpReason; letter?: GitLetter } | null {
  if (signature.type !== 0 && signature.type !== 1) return { status: 'malformed', reason: 'OPENPGP_SIGNATURE_TYPE_WRONG' };
  if (signature.hash === HASH_MD5) return { status: 'unsupported', reason: 'OPENPGP_ALGORITHM_WEAK' };
  // mainproc.c, proc_tree: a hash that libgcrypt does not have ends gpg before it says anything of a signature. 0 is none, and 6 is Tiger.
  if (HASHES[signature.hash] === undefined) {
    const isOpened = signature.hash === 0 || signature.hash === 6;
    return { status: 'unsupported', reason: 'OPENPGP_ALGORITHM_UNSUPPORTED', letter: isOpened ? 'E' : 'N' };
  }
  if (!isSigningAlgorithm(signature.algorithm)) return { status: 'unsupported', reason: 'OPENPGP_ALGORITHM_UNSUPPORTED' };
  if (signature.createdAt === undefined) return { status: 'malformed', reason: 'OPENPGP_SIGNATURE_MALFORMED' };
  return null;
}

/** The keys that the signature may be by: the one whose fingerprint it names, else (as gpg does) all with the key id that it names. */
function findCandidates(signature: SignaturePacket, keys: OpenpgpKeys): readonly OpenpgpVerificationKey[] {
  if (signature.issuerFingerprint !== undefined) {
    const named = keys.byFingerprint(signature.issuerFingerprint);
    if (named !== undefined) return [named];
  }
  return signature.issuerKeyId === undefined ? [] : keys.byKeyId(signature.issuerKeyId);
}

interface Attempt {
  readonly outcome: 'good' | 'bad' | 'unsupported' | 'unknown-key';
  readonly key?: OpenpgpVerificationKey;
  readonly keyBytes: number;
  readonly tried: readonly string[];
}

/**
 * gpg never compares the algorithm that a signature names with the key's (sig-check.c): it verifies by the key's, with as many integers as that
 * takes. Such a signature is read the same way here, and refused if it is good.
 */
function verifyByKey(signature: SignaturePacket, key: PreparedKey, data: Uint8Array): Attempt['outcome'] {
  const { algorithm } = key;
  if (signature.algorithm === algorithm) return verifySignature(signature, key, data);
  if (signature.numbers.length < (algorithm === 1 || algorithm === 3 ? 1 : 2)) return 'unsupported';
  return verifySignature({ ...signature, algorithm }, key, data);
}

/** Tries every candidate: one that fails never hides one that verifies. */
function tryCandidates(signature: SignaturePacket, data: Uint8Array, keys: OpenpgpKeys): Attempt {
  const tried: string[] = [];
  let outcome: Attempt['outcome'] = 'unknown-key';
  for (const key of findCandidates(signature, keys)) {
    tried.push(key.fingerprint);
    const prepared = keys.prepare(key);
    // RFC 9580 §5.2.3: v6 keys make v6 signatures only, and v6 signatures are made by them only.
    const isMixed = (key.version === 6) !== (signature.version === 6);
    const result = prepared === null ? 'unsupported' : isMixed ? 'bad' : verifyByKey(signature, prepared, data);
    if (result === 'good') return { outcome: result, key, keyBytes: prepared?.size ?? 0, tried };
    if (outcome !== 'bad') outcome = result;
  }
  return { outcome, keyBytes: 0, tried };
}

const FAILURES = {
  bad: 'OPENPGP_SIGNATURE_BAD',
  unsupported: 'OPENPGP_ALGORITHM_UNSUPPORTED',
  'unknown-key': 'OPENPGP_KEY_UNKNOWN',
} as const satisfies Record<Exclude<Attempt['outcome'], 'good'>, OpenpgpReason>;

/** What is refused although gpg would take it. */
function collectRefusals(detached: DetachedSignature, isExact: boolean, attempt: Attempt): OpenpgpReason[] {
  const { signature } = detached;
  const refusals: OpenpgpReason[] = [];
  const isOfKey = PUBLIC_KEY_NAMES[signature.algorithm] === attempt.key?.algorithm;
  if (!detached.canonical || !isOfKey) refusals.push('OPENPGP_SIGNATURE_MALFORMED');
  if (signature.version === 3) refusals.push('OPENPGP_SIGNATURE_VERSION_UNSUPPORTED');
  if (!isExact) refusals.push('OPENPGP_SIGNATURE_TYPE_WRONG');
  const isWeakKey = (signature.algorithm === 1 || signature.algorithm === 3) && attempt.keyBytes < MINIMUM_RSA_BYTES;
  if (HASHES[signature.hash]?.weak === true || isWeakKey) refusals.push('OPENPGP_ALGORITHM_WEAK');
  // gpg falls back on the key id when it does not have the key that the fingerprint names; that is another key.
  if (signature.issuerFingerprint !== undefined && signature.issuerFingerprint !== attempt.key?.fingerprint)
    refusals.push('OPENPGP_KEY_UNKNOWN');
  return refusals;
}

/** The letter of a signature that gpg cannot read, however good it is here; undefined: gpg reads it. */
function letterWithoutGpg(signature: SignaturePacket): GitLetter | undefined {
  if (signature.version === 6) return 'N';
  return signature.algorithm === 27 || signature.algorithm === 28 ? 'E' : undefined;
}

function establish(payload: Uint8Array, detached: DetachedSignature, keys: OpenpgpKeys): OpenpgpFacts {
  const { signature } = detached;
  const description = describe(signature);
  const foreign = letterWithoutGpg(signature);
  const refused = refuseByPacket(signature);
  if (refused !== null) {
    const { status, reason, letter = foreign ?? 'E' } = refused;
    return { ...description, status, reason, tried: NONE, letter: bothLetters(letter) };
  }
  const text = signature.type === 1 ? canonicalizeText(payload) : null;
  const attempt = tryCandidates(signature, text?.bytes ?? payload, keys);
  const letter = foreign === undefined ? {} : { letter: bothLetters(foreign) };
  const { outcome, tried, key } = attempt;
  if (outcome !== 'good' || key === undefined) {
    return { ...description, status: outcome, reason: outcome === 'good' ? 'OPENPGP_SIGNATURE_BAD' : FAILURES[outcome], tried, ...letter };
  }
  // gpg (sig-check.c): a critical subpacket that it does not know makes a signature bad that verifies.
  if (signature.hasCriticalUnknown) return { ...description, status: 'bad', reason: 'OPENPGP_CRITICAL_UNKNOWN', tried, ...letter };
  const refusals = collectRefusals(detached, text?.exact ?? true, attempt);
  return { ...description, status: 'good', tried, key: key.fingerprint, ...(refusals.length > 0 && { refusals }), ...letter };
}

/**
 * Establishes the facts of one armored detached signature (as it stands in a commit or tag) over a payload.
 * Never throws: broken bytes are the status `malformed`. Status `good` says only that a key of `keys` made the signature; whether that key
 * may, and `refusals`, are for judgeOpenpgp. A pure function of its arguments.
 *
 * v4 signatures are judged as gpg 2.2.40 does. v6 signatures and native Ed25519 and Ed448 (RFC 9580), which gpg cannot read, are an extension:
 * they can be `good` while `letter` says what git shows with gpg (`N` and `E`).
 */
export function establishOpenpgpFacts(payload: Uint8Array, armor: Uint8Array, keys: OpenpgpKeys): OpenpgpFacts {
  let detached: DetachedSignature;
  try {
    detached = parseDetachedSignature(armor);
  } catch (error) {
    if (error instanceof MalformedError) return refuseMalformed(error);
    throw error;
  }
  return establish(payload, detached, keys);
}
