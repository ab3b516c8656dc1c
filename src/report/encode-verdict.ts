// One verdict as a line of JSON, the shape that schema/result.schema.json describes.

import type { CheckDetails, SignerIdentity, Verdict } from '../verify/index.ts';
import { showJson } from './show-text.ts';
import { encodeTime } from './times.ts';

type Json = string | number | boolean | null | undefined | { readonly [key: string]: Json };

// Field by field, so that what a signer or a detail may carry one day does not slip into the output unseen.
function signerJson(signer: SignerIdentity | null): Json {
  if (signer === null) return null;
  const { key, keyType, principal, userId, primaryKey, certificateAuthority, trustedBy } = signer;
  return { key, keyType, principal, userId, primaryKey, certificateAuthority, trustedBy };
}

function timeJson(seconds: number | undefined): string | null | undefined {
  return seconds === undefined ? undefined : encodeTime(seconds);
}

function detailsJson(details: CheckDetails): Json {
  const { signedAt, expiredAt, revoked, validAfter, validBefore, fido } = details;
  return {
    signedAt: timeJson(signedAt),
    expiredAt: timeJson(expiredAt),
    revoked: revoked && { at: encodeTime(revoked.at), reason: revoked.reason, text: revoked.text, hard: revoked.hard },
    validAfter: timeJson(validAfter),
    validBefore: timeJson(validBefore),
    fido: fido && {
      userPresent: fido.userPresent,
      userVerified: fido.userVerified,
      flags: fido.flags,
      counter: fido.counter,
      origin: fido.origin,
    },
  };
}

function isEmpty(details: CheckDetails): boolean {
  return Object.keys(details).length === 0;
}

/**
 * A verdict as JSON on one line, without a line feed. Times are RFC 3339 in UTC; control, bidi and invisible characters are `\u` escapes.
 * `notes` and `details` are absent when there are none.
 */
export function encodeVerdict(verdict: Verdict): string {
  const { oid, type, format, status, gitLetter, signer, committer, claimedAt, decision, reasons, notes, details } = verdict;
  // Object ids, codes and the closed sets of words need no escaping, but one rule for all is cheap enough and cannot be wrong.
  return showJson(
    JSON.stringify({
      oid,
      type,
      format,
      status,
      gitLetter,
      signer: signerJson(signer),
      committer,
      claimedAt: claimedAt === null ? null : encodeTime(claimedAt),
      decision,
      reasons,
      notes: notes.length === 0 ? undefined : notes,
      details: isEmpty(details) ? undefined : detailsJson(details),
    }),
  );
}
