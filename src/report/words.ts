// Words that several renderers share: counts, signers, objects.

import type { CheckStatus, SignerIdentity, Verdict } from '../verify/index.ts';
import { showText } from './show-text.ts';
import type { Summary } from './summary.ts';

/** What a rejected object of each status is called in the line of counts, one and several. */
export const STATUS_WORDS: Readonly<Record<CheckStatus, readonly [one: string, several: string]>> = {
  good: ['good signature not accepted', 'good signatures not accepted'],
  bad: ['bad signature', 'bad signatures'],
  unsigned: ['unsigned', 'unsigned'],
  'unknown-key': ['unknown key', 'unknown keys'],
  'untrusted-key': ['untrusted key', 'untrusted keys'],
  'expired-signature': ['expired signature', 'expired signatures'],
  'expired-key': ['expired key', 'expired keys'],
  'revoked-key': ['revoked key', 'revoked keys'],
  'not-allowed': ['key not allowed', 'keys not allowed'],
  malformed: ['malformed', 'malformed'],
  unsupported: ['unsupported', 'unsupported'],
  missing: ['missing', 'missing'],
};

/** `1234567` as `1,234,567`, whatever the locale. */
export function encodeCount(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

function rejectedByStatus(summary: Summary): string {
  const parts: string[] = [];
  for (const [status, words] of Object.entries(STATUS_WORDS) as [CheckStatus, readonly [string, string]][]) {
    // What is accepted is good, so the good that were rejected are those left over.
    const count = (summary.byStatus[status] ?? 0) - (status === 'good' ? summary.accepted : 0);
    if (count > 0) parts.push(`${encodeCount(count)} ${count === 1 ? words[0] : words[1]}`);
  }
  return parts.join(', ');
}

/** The counts in one line: `12,000 verified: 11,997 accepted, 3 rejected (2 unsigned, 1 bad signature)`. */
export function countsLine(summary: Summary): string {
  const { total, accepted, rejected } = summary;
  const counts = `${encodeCount(total)} verified: ${encodeCount(accepted)} accepted, ${encodeCount(rejected)} rejected`;
  return rejected === 0 ? counts : `${counts} (${rejectedByStatus(summary)})`;
}

/** The first digits of an object id, enough for people. */
export function shortOid(oid: string): string {
  return oid.slice(0, 12);
}

/** Who signed, by the best name that the trust gives, with the key where there is no name; safe to print. */
export function signerText(signer: SignerIdentity | null): string {
  if (signer === null) return 'nobody known';
  const name = signer.principal ?? signer.userId;
  return showText(name === undefined || name === '' ? `key ${signer.key}` : name);
}

/** An object as a sentence begins with it: `commit 0123456789ab`. */
export function objectText(verdict: Pick<Verdict, 'oid' | 'type'>): string {
  return `${verdict.type ?? 'object'} ${shortOid(verdict.oid)}`;
}
