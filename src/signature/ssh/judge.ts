// Decides whether the given trust accepts an SSH signature, and which letter git would show for it.

import type { AllowedSignerLine } from './allowed-signers.ts';
import { collectLines, followGit } from './git-flow.ts';
import type { Presented, SshTrust } from './git-flow.ts';
import { checkCertificate, Instant, presentCertificate } from './line-check.ts';
import type { PresentedCertificate } from './line-check.ts';
import { isRevoked } from './revocations.ts';
import { textOfByteString } from './text.ts';
import { findTimeZone } from './time-zone.ts';
import type { SshFacts, SshJudgement, SshKeyId, SshReason } from './types.ts';

type Letter = SshJudgement['letter'];

// git prints the time with four digits of the year, and ssh-keygen reads no more.
const YEAR_10000 = 253_402_300_800;

function refuseCertificate(presented: Presented, instant: Instant): SshReason[] {
  const { facts, certificate } = presented;
  if (facts === undefined || certificate === undefined) return [];
  const reasons: SshReason[] = [];
  const refusal = checkCertificate(certificate, instant);
  if (refusal !== null) reasons.push(refusal);
  if (facts.caAlgorithm === 'ssh-rsa') reasons.push('SSH_CERTIFICATE_CA_WEAK');
  if (facts.criticalOptions.length > 0) reasons.push('SSH_CERTIFICATE_CRITICAL_OPTION');
  return reasons;
}

const STATUSES: ReadonlyMap<SshReason, SshJudgement['status']> = new Map([
  ['SSH_KEY_REVOKED', 'revoked-key'],
  ['SSH_KEY_EXPIRED', 'expired-key'],
  ['SSH_CERTIFICATE_EXPIRED', 'expired-key'],
  ['SSH_KEY_UNKNOWN', 'unknown-key'],
  ['SSH_TRUST_NOT_GIVEN', 'unknown-key'],
  ['SSH_CERTIFICATE_CA_UNKNOWN', 'unknown-key'],
]);

function refuse(reasons: readonly SshReason[], letter: Letter): SshJudgement {
  const unique = [...new Set(reasons)];
  // That some line is about another principal tells nothing where there is more to tell.
  const telling = unique.filter((reason) => reason !== 'SSH_KEY_UNKNOWN' && reason !== 'SSH_CERTIFICATE_PRINCIPAL_UNKNOWN');
  const told = telling.length === 0 ? unique : telling;
  return { status: STATUSES.get(told[0] ?? 'SSH_KEY_UNKNOWN') ?? 'not-allowed', reasons: told, letter };
}

function bothLetters(letter: Letter['reference']): Letter {
  return { reference: letter, modern: letter };
}

function windowOf(
  line: AllowedSignerLine,
  certificate: PresentedCertificate | undefined,
): Pick<SshJudgement, 'validAfter' | 'validBefore'> {
  const after = Math.max(line.validAfter ?? 0, certificate?.validAfter ?? 0);
  const before = Math.min(line.validBefore ?? Number.MAX_SAFE_INTEGER, certificate?.validBefore ?? Number.MAX_SAFE_INTEGER);
  return { ...(after > 0 ? { validAfter: after } : {}), ...(before < YEAR_10000 ? { validBefore: before } : {}) };
}

/** Judges a good signature by its key alone; the answer holds for every instant within the bounds that `instant` then has. */
function judgeKey(presented: Presented, trust: SshTrust, instant: Instant): SshJudgement {
  const revoked = isRevoked(
    trust.revocations,
    presented.facts === undefined ? { key: presented.key } : { key: presented.key, certificate: presented.facts },
  );
  const lines = collectLines(trust, presented);
  const flow = followGit(lines, presented, revoked, instant);
  const letter = bothLetters(flow.letter);
  if (revoked) return refuse(['SSH_KEY_REVOKED'], letter);
  const unknown: SshReason = presented.facts === undefined ? 'SSH_KEY_UNKNOWN' : 'SSH_CERTIFICATE_CA_UNKNOWN';
  if (lines.length === 0) return refuse([unknown], letter);
  const refusals = refuseCertificate(presented, instant);
  if (flow.accepted === undefined)
    return refuse([...flow.reasons, ...refusals, ...(flow.reasons.length + refusals.length === 0 ? [unknown] : [])], letter);
  if (refusals.length > 0) return refuse(refusals, letter);
  if (trust.minimum === 'ultimate') return refuse(['SSH_TRUST_TOO_LOW'], letter);
  const { principal, line } = flow.accepted;
  const trustedBy = `${line.path}:${line.line}`;
  return {
    status: 'good',
    reasons: [],
    principal: textOfByteString(principal),
    trustedBy,
    ...windowOf(line, presented.certificate),
    letter,
  };
}

interface Remembered {
  readonly from: number;
  readonly until: number;
  readonly judgement: SshJudgement;
}

// Bounds: a history brings few keys, a hostile one any number; a key's answer changes at the few instants that its lines name.
const REMEMBERED_KEYS = 8192;
const REMEMBERED_SPANS = 16;
const memories = new WeakMap<SshTrust, Map<string, Remembered[]>>();

function memoryOf(trust: SshTrust): Map<string, Remembered[]> {
  let memory = memories.get(trust);
  if (memory === undefined) {
    memory = new Map();
    memories.set(trust, memory);
  }
  return memory;
}

function rememberKey(key: SshKeyId, facts: SshFacts, trust: SshTrust, at: number): SshJudgement {
  const memory = memoryOf(trust);
  const name = facts.certificate === undefined ? key.sha256 : facts.certificate.blobSha256 + key.sha256;
  let spans = memory.get(name);
  if (spans === undefined) {
    if (memory.size >= REMEMBERED_KEYS) memory.clear();
    spans = [];
    memory.set(name, spans);
  }
  for (const span of spans) if (at >= span.from && at < span.until) return span.judgement;
  const instant = new Instant(at);
  const certificate = facts.certificate === undefined ? undefined : presentCertificate(facts.certificate);
  const judgement = judgeKey({ key, facts: facts.certificate, certificate }, trust, instant);
  if (spans.length >= REMEMBERED_SPANS) spans.shift();
  spans.push({ from: instant.from, until: instant.until, judgement });
  return judgement;
}

/** The instant at which ssh-keygen judges; null when it refuses the time that git gives it. */
function verifyTime(facts: SshFacts, trust: SshTrust, claimedAt: number | null, now: number): number | null {
  // git takes a time of 0 or less for none and gives ssh-keygen no verify-time: then its own clock counts, unshifted.
  if (claimedAt === null || claimedAt <= 0) return now;
  if (claimedAt >= YEAR_10000) return null;
  // The shift is by hours: it cannot matter where no window is asked.
  if (facts.certificate === undefined && !trust.allowedSigners.some(({ hasTimes }) => hasTimes)) return claimedAt;
  const shifted = trust.timeZone === 'UTC' ? claimedAt : findTimeZone(trust.timeZone).shiftVerifyTime(claimedAt);
  return shifted < 0 ? null : shifted;
}

function refusalOf(facts: SshFacts): Pick<SshJudgement, 'status' | 'reasons'> {
  return { status: facts.status === 'good' ? 'malformed' : facts.status, reasons: [facts.reason ?? 'SSH_SIGNATURE_MALFORMED'] };
}

/** With a signature that only some of OpenSSH's releases take, git's letter is `B` with the others. */
function letterOfNotGood(facts: SshFacts, trust: SshTrust, at: number | null): Letter {
  const { key, openssh } = facts;
  if (key === undefined || openssh === undefined || at === null) return bothLetters('B');
  const { letter } = rememberKey(key, facts, trust, at);
  return { reference: openssh.legacy ? letter.reference : 'B', modern: openssh.modern ? letter.modern : 'B' };
}

/**
 * What the trust says of a signature. `trust` is null when none was given or configured. `claimedAt` is the committer's or tagger's time,
 * `now` the clock that counts where that is null; both seconds since 1970. Throws ToolError `TIME_ZONE_UNKNOWN`.
 *
 * The letter is git's own, by its way of asking ssh-keygen. The status is `good` only where git's letter is `G`, and besides
 * - the signature is canonical (OpenSSH before 10.3 takes Ed25519 signatures with S >= L);
 * - the principal is not one that the line spells `!pattern`, which git reports as if it were a name;
 * - a certificate is not signed by its CA with SHA-1 (`ssh-rsa`);
 * - a certificate has no critical options, which git ignores, whatever they ask;
 * - a certificate that a line lists verbatim is a user certificate with a principal and in its time, which git does not ask of it;
 * - the key is in none of the revocation files, which git asks only about keys that it finds listed.
 * A pattern that the user's own file gives for a principal (`*@example.com`) is accepted, and reported as it stands.
 */
export function judgeSsh(facts: SshFacts, trust: SshTrust | null, claimedAt: number | null, now: number): SshJudgement {
  const { key } = facts;
  const isGood = facts.status === 'good' && key !== undefined;
  if (trust === null) {
    const letter = bothLetters('N');
    return isGood ? refuse(['SSH_TRUST_NOT_GIVEN'], letter) : { ...refusalOf(facts), letter };
  }
  const at = verifyTime(facts, trust, claimedAt, now);
  if (!isGood) return { ...refusalOf(facts), letter: letterOfNotGood(facts, trust, at) };
  return at === null ? refuse(['SSH_TIME_INVALID'], bothLetters('B')) : rememberKey(key, facts, trust, at);
}
