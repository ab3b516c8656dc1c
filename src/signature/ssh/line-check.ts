// Holds one allowed_signers line against a key at an instant, in the two ways that ssh-keygen does it for git.

import type { AllowedSignerLine } from './allowed-signers.ts';
import { matchPatternList, matchesPattern } from './pattern.ts';
import { byteStringOfText } from './text.ts';
import type { SshCertificateFacts, SshReason } from './types.ts';

/**
 * An instant that remembers between which bounds it was found, so that an answer can be used again for every instant between them.
 * Seconds since 1970; `from` inclusive, `until` exclusive.
 */
export class Instant {
  readonly at: number;
  from = Number.NEGATIVE_INFINITY;
  until = Number.POSITIVE_INFINITY;

  constructor(at: number) {
    this.at = at;
  }

  isBefore(bound: number): boolean {
    const isBefore = this.at < bound;
    if (isBefore) this.until = Math.min(this.until, bound);
    else this.from = Math.max(this.from, bound);
    return isBefore;
  }
}

/** A certificate with its fields ready to compare. */
export interface PresentedCertificate {
  readonly isUser: boolean;
  /** As byte strings. */
  readonly principals: readonly string[];
  readonly validAfter: number;
  readonly validBefore: number;
}

// Beyond any instant that git can name; exact as a number.
const NEVER = 2n ** 52n;

function secondsOf(decimal: string): number {
  const seconds = BigInt(decimal);
  return Number(seconds > NEVER ? NEVER : seconds);
}

/** Makes a certificate's facts ready to compare. */
export function presentCertificate(facts: SshCertificateFacts): PresentedCertificate {
  return {
    isUser: facts.kind === 1,
    principals: facts.principals.map(byteStringOfText),
    validAfter: secondsOf(facts.validAfter),
    validBefore: secondsOf(facts.validBefore),
  };
}

/** Why a certificate cannot be used at the instant, whoever signed it (sshkey_cert_check_authority); null when it can. */
export function checkCertificate(certificate: PresentedCertificate, instant: Instant): SshReason | null {
  if (!certificate.isUser) return 'SSH_CERTIFICATE_NOT_USER';
  if (instant.isBefore(certificate.validAfter)) return 'SSH_CERTIFICATE_NOT_YET_VALID';
  if (!instant.isBefore(certificate.validBefore)) return 'SSH_CERTIFICATE_EXPIRED';
  return certificate.principals.length === 0 ? 'SSH_CERTIFICATE_PRINCIPAL_UNKNOWN' : null;
}

function checkWindow(line: AllowedSignerLine, instant: Instant): SshReason | null {
  if (line.validAfter !== undefined && instant.isBefore(line.validAfter)) return 'SSH_KEY_NOT_YET_VALID';
  // valid-before is inclusive.
  if (line.validBefore !== undefined && !instant.isBefore(line.validBefore + 1)) return 'SSH_KEY_EXPIRED';
  return null;
}

// strsep at commas, and an empty part ends the list.
function splitList(list: string): string[] {
  const parts = list.split(',');
  const empty = parts.indexOf('');
  return empty === -1 ? parts : parts.slice(0, empty);
}

/** What `ssh-keygen -Y find-principals` finds on a line: principals, or why there are none. */
export type FoundPrincipals = { readonly principals: readonly string[] } | { readonly reason: SshReason };

/** The principals under which a line lists the key. Namespaces are not asked here, just as ssh-keygen does not. */
export function findLinePrincipals(
  line: AllowedSignerLine,
  certificate: PresentedCertificate | undefined,
  instant: Instant,
): FoundPrincipals {
  let list = line.principals;
  if (line.isAuthority && certificate !== undefined) {
    const refusal = checkCertificate(certificate, instant);
    if (refusal !== null) return { reason: refusal };
    const found = splitList(list).flatMap((part) => certificate.principals.filter((principal) => matchesPattern(principal, part)));
    // Empty names at the start leave no comma behind.
    const first = found.findIndex((principal) => principal !== '');
    if (first === -1) return { reason: 'SSH_CERTIFICATE_PRINCIPAL_UNKNOWN' };
    list = found.slice(first).join(',');
  }
  const refusal = checkWindow(line, instant);
  // The names are printed one a line and git reads lines: a name with a line feed falls apart.
  return refusal === null ? { principals: splitList(list).flatMap((principal) => principal.split('\n')) } : { reason: refusal };
}

/** Why `ssh-keygen -Y verify -n git -I PRINCIPAL` passes over a line; null when it accepts it. */
export function checkLine(
  line: AllowedSignerLine,
  certificate: PresentedCertificate | undefined,
  principal: string,
  instant: Instant,
): SshReason | null {
  const match = matchPatternList(principal, line.principals);
  if (match === 'negated' || (match === 'none' && principal.startsWith('!'))) return 'SSH_PRINCIPAL_NEGATED';
  const unlisted: SshReason = certificate === undefined ? 'SSH_KEY_UNKNOWN' : 'SSH_CERTIFICATE_PRINCIPAL_UNKNOWN';
  if (match === 'none') return unlisted;
  if (line.isAuthority && certificate !== undefined) {
    const refusal = checkCertificate(certificate, instant);
    if (refusal !== null) return refusal;
    if (!certificate.principals.includes(principal)) return unlisted;
  }
  if (line.namespaces !== undefined && matchPatternList('git', line.namespaces) !== 'match') return 'SSH_NAMESPACE_NOT_ALLOWED';
  return checkWindow(line, instant);
}
