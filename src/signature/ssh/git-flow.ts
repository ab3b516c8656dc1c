// Walks through allowed signers the way git does with its calls of ssh-keygen, to come to git's letter.

import { nameOfAuthority, nameOfCertificate, nameOfKey } from './allowed-signers.ts';
import type { AllowedSignerLine, AllowedSigners } from './allowed-signers.ts';
import { checkLine, findLinePrincipals } from './line-check.ts';
import type { Instant, PresentedCertificate } from './line-check.ts';
import type { SshRevocations } from './revocations.ts';
import type { SshCertificateFacts, SshKeyId, SshReason } from './types.ts';

/** Whom to believe: several files count as one, in their order. Use one object for many signatures: answers are kept with it. */
export interface SshTrust {
  readonly allowedSigners: readonly AllowedSigners[];
  readonly revocations: readonly SshRevocations[];
  /** IANA name of the zone in which git and ssh-keygen run; it moves the instant of judgement by the daylight saving in force. */
  readonly timeZone: string;
  /** The least trust to accept; default fully, which is what git gives every key that is listed: with `ultimate` none is accepted. */
  readonly minimum?: 'fully' | 'ultimate';
}

/** A good signature's key and certificate: all that trust asks about. */
export interface Presented {
  readonly key: SshKeyId;
  readonly facts: SshCertificateFacts | undefined;
  readonly certificate: PresentedCertificate | undefined;
}

/** What git's two calls of ssh-keygen come to. */
export interface GitFlow {
  readonly letter: 'G' | 'U' | 'B';
  readonly accepted?: { readonly principal: string; readonly line: AllowedSignerLine };
  /** Why lines were passed over, in the order found. */
  readonly reasons: readonly SshReason[];
}

/** The lines that list the key, its certificate or the certificate's CA, in the order of the files. */
export function collectLines(trust: SshTrust, presented: Presented): AllowedSignerLine[] {
  const { key, facts } = presented;
  return trust.allowedSigners.flatMap(({ lines }) => {
    if (facts === undefined) return lines.get(nameOfKey(key.sha256)) ?? [];
    const verbatim = lines.get(nameOfCertificate(facts.blobSha256)) ?? [];
    return [...verbatim, ...(lines.get(nameOfAuthority(facts.ca.sha256)) ?? [])].toSorted((a, b) => a.line - b.line);
  });
}

/** git's gpg-interface.c, verify_ssh_signed_buffer: the principals of the first line that lists the key, then the first of them that verifies. */
export function followGit(lines: readonly AllowedSignerLine[], presented: Presented, revoked: boolean, instant: Instant): GitFlow {
  const reasons: SshReason[] = [];
  for (const line of lines) {
    const found = findLinePrincipals(line, presented.certificate, instant);
    if ('reason' in found) {
      reasons.push(found.reason);
      continue;
    }
    // A list without a first name prints nothing, and git falls back to "good, by somebody".
    if (found.principals.length === 0) break;
    return verifyAs(found.principals, lines, presented, revoked, instant);
  }
  return { letter: 'U', reasons };
}

function verifyAs(
  principals: readonly string[],
  lines: readonly AllowedSignerLine[],
  presented: Presented,
  revoked: boolean,
  instant: Instant,
): GitFlow {
  const reasons: SshReason[] = [];
  let letter: GitFlow['letter'] = 'B';
  for (const printed of principals) {
    // git drops a CR at the end of a line, and empty lines.
    const principal = printed.endsWith('\r') ? printed.slice(0, -1) : printed;
    if (principal === '') continue;
    for (const line of lines) {
      const refusal = checkLine(line, presented.certificate, principal, instant);
      if (refusal !== null) {
        reasons.push(refusal);
        continue;
      }
      if (!revoked) letter = 'G';
      // `!a` in a list is no principal: it says who is not meant. git takes it for one.
      if (!principal.startsWith('!')) return { letter, accepted: { principal, line }, reasons: [] };
      reasons.push('SSH_PRINCIPAL_NEGATED');
    }
  }
  return { letter, reasons };
}
