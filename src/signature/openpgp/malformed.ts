// The one way in which the OpenPGP parsers give up, with the reason as its code.

import { MalformedError } from '../../errors.ts';

import type { OpenpgpReason } from './types.ts';

/** Throws MalformedError with an OpenPGP reason as its code; `offset` in bytes. */
export function failOpenpgp(reason: OpenpgpReason, message: string, offset?: number): never {
  throw new MalformedError(reason, message, offset);
}

export function malformed(message: string, offset?: number): never {
  return failOpenpgp('OPENPGP_SIGNATURE_MALFORMED', message, offset);
}
