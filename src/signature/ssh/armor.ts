// Finds the SSHSIG blob inside its armor, exactly as strictly as OpenSSH 9.2 does.

import { MalformedError } from '../../errors.ts';
import { limits } from '../../bytes/index.ts';
import { decodeOpensshBase64 } from './base64.ts';

const BEGIN = Buffer.from('-----BEGIN SSH SIGNATURE-----');
const END = Buffer.from('\n-----END SSH SIGNATURE-----');
const CODE = 'SSH_SIGNATURE_MALFORMED';

export interface SshsigArmor {
  readonly blob: Uint8Array;
  /** The first line ends in CR LF, which OpenSSH reads from 9.5 on and 9.2 refuses. */
  readonly hasCrLf: boolean;
  /** Something other than white space stands behind the END line: ssh-keygen does not look at it, and it is signed by nobody. */
  readonly hasText: boolean;
}

function isBlank(bytes: Uint8Array, start: number): boolean {
  for (let i = start; i < bytes.length; i++) {
    const code = bytes[i];
    if (code !== 0x0a && code !== 0x0d && code !== 0x20 && code !== 0x09) return false;
  }
  return true;
}

/** The blob of an armored signature. Throws MalformedError `SSH_SIGNATURE_MALFORMED`. */
export function parseSshArmor(armor: Uint8Array): SshsigArmor {
  if (armor.length > limits.signatureBytes) throw new MalformedError(CODE, `signature: more than ${limits.signatureBytes} bytes`);
  const buffer = Buffer.from(armor.buffer, armor.byteOffset, armor.byteLength);
  if (buffer.length < BEGIN.length || buffer.compare(BEGIN, 0, BEGIN.length, 0, BEGIN.length) !== 0) {
    throw new MalformedError(CODE, 'signature: does not start with the BEGIN line', 0);
  }
  const hasCrLf = buffer[BEGIN.length] === 0x0d;
  const start = BEGIN.length + (hasCrLf ? 2 : 1);
  if (buffer[start - 1] !== 0x0a) throw new MalformedError(CODE, 'signature: the BEGIN line does not end at once', BEGIN.length);
  const end = buffer.indexOf(END, start);
  if (end === -1) throw new MalformedError(CODE, 'signature: no END line');
  // sshbuf_dup_string drops one NUL at the end of what it copies.
  const stop = end > start && buffer[end - 1] === 0 ? end - 1 : end;
  const blob = decodeOpensshBase64(buffer, start, stop);
  if (blob === null) throw new MalformedError(CODE, 'signature: not canonical base64', start);
  return { blob, hasCrLf, hasText: !isBlank(buffer, end + END.length) };
}
