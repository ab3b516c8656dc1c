// Puts one signature before gpg and before us, with the same certificates and clock.

import { openpgp } from '../../src/signature/index.ts';
import type { OpenpgpJudgement } from '../../src/signature/index.ts';
import type { GpgHome, GpgResult } from './openpgp-gpg.ts';

/** The clock of the tests that do not care: November 2023. */
export const NOW = 1_700_000_000;

/** Our judgement of a signature, the certificates being trusted. */
export async function judge(
  certificates: Uint8Array,
  payload: Uint8Array,
  signature: Uint8Array | string,
  now: number = NOW,
): Promise<OpenpgpJudgement> {
  const parsed = await openpgp.parseCertificates(certificates, now);
  const keys = openpgp.indexOpenpgpKeys(parsed.certificates.flatMap((certificate) => certificate.keys.map(({ key }) => key)));
  const facts = openpgp.establishOpenpgpFacts(payload, typeof signature === 'string' ? Buffer.from(signature) : signature, keys);
  return openpgp.judgeOpenpgp(facts, openpgp.trustOpenpgpCertificates(parsed.certificates), now);
}

export interface Comparison {
  readonly ours: OpenpgpJudgement;
  readonly gpg: GpgResult;
}

/** Both judgements; gpg imports the certificates first, and trusts everything. */
export async function compare(
  home: GpgHome,
  certificates: Uint8Array,
  payload: Uint8Array,
  signature: Uint8Array | string,
  now: number = NOW,
): Promise<Comparison> {
  home.import(certificates, now);
  const gpg = home.verify(payload, signature, ['--trust-model', 'always'], now);
  return { ours: await judge(certificates, payload, signature, now), gpg };
}
