// Verdicts for the tests of the renderers, good and hostile.

import type { Report } from '../../src/report/index.ts';
import type { Verdict } from '../../src/verify/index.ts';

export const OID = '0123456789abcdef0123456789abcdef01234567';
const FINGERPRINT = 'SHA256:PY7PVbfRf5WdnsZAC3RSW3dkIrFULgH3CbmpeWMUmVs';

/** An accepted SSH commit, with what is given put in its place. */
export function makeVerdict(parts: Partial<Verdict> = {}): Verdict {
  return {
    oid: OID,
    type: 'commit',
    format: 'ssh',
    status: 'good',
    signer: { key: FINGERPRINT, keyType: 'ssh-ed25519', principal: 'ada@example.org', trustedBy: 'team.signers:3' },
    committer: 'Ada <ada@example.org>',
    claimedAt: 1_769_850_900,
    reasons: [],
    notes: [],
    details: {},
    letters: { reference: 'G', modern: 'G' },
    gitLetter: 'G',
    decision: 'accepted',
    ...parts,
  };
}

export const UNSIGNED: Partial<Verdict> = {
  format: null,
  status: 'unsigned',
  signer: null,
  reasons: ['UNSIGNED'],
  letters: { reference: 'N', modern: 'N' },
  gitLetter: 'N',
  decision: 'rejected',
};

/** What an attacker would write where a name belongs. */
export const HOSTILE_TEXTS: readonly string[] = [
  '\u001b]0;owned\u0007\u001b[31mred\u001b[0m',
  'a\n::set-output name=x::y',
  '::error::a line of its own',
  '##vso[task.setvariable variable=x]y',
  '##[add-matcher]x',
  '\u202egnp.exe\u202c \u2066x\u2069 zero\u200bwidth',
  '</failure><failure message="x">]]>&amp;\'"',
  '[click](https://example.org) {0} {{1}}',
  'lone \ud800 surrogate \udc00 \ufffe\uffff',
  'back\\slash \\u001b "quoted" \u2028\u2029\u0000\r',
  '\u{e0041}\u{e0042} tags',
  '',
];

/** A report over the given verdicts. */
export function makeReport(verdicts: Iterable<Verdict>, parts: Partial<Omit<Report, 'verdicts'>> = {}): Report {
  async function* stream(): AsyncGenerator<readonly Verdict[]> {
    // In portions of changing size, as the engine hands them out.
    let portion: Verdict[] = [];
    let size = 1;
    for (const verdict of verdicts) {
      portion.push(verdict);
      if (portion.length < size) continue;
      yield portion;
      portion = [];
      size = (size * 3) % 1000;
    }
    if (portion.length > 0) yield portion;
  }
  return { repository: '/repo', trust: ['allowed signers: team.signers (given)'], range: ['main..topic'], ...parts, verdicts: stream() };
}

/** A sink and what it got. */
export function makeSink(): { readonly chunks: string[]; readonly write: (chunk: string) => void; readonly text: () => string } {
  const chunks: string[] = [];
  return { chunks, write: (chunk) => void chunks.push(chunk), text: () => chunks.join('') };
}
