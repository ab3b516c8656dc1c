// Builds SSH wire data for tests (RFC 4251 §5), written apart from src/ so that a shared mistake cannot hide.

/** Bytes of a text as they are, or the bytes themselves. */
function bytesOf(value: Uint8Array | string): Uint8Array {
  return typeof value === 'string' ? Buffer.from(value, 'utf8') : value;
}

/** A `uint32`. */
export function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** A `uint64`. */
export function u64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(value);
  return bytes;
}

/** A `string`: its length, then its bytes. */
export function str(value: Uint8Array | string): Buffer {
  const bytes = bytesOf(value);
  return Buffer.concat([u32(bytes.length), bytes]);
}

/** A non-negative `mpint` in its one canonical spelling. */
export function mpint(magnitude: Uint8Array): Buffer {
  let start = 0;
  while (start < magnitude.length && magnitude[start] === 0) start++;
  const digits = magnitude.subarray(start);
  const needsSignByte = digits.length > 0 && ((digits[0] ?? 0) & 0x80) !== 0;
  return str(needsSignByte ? Buffer.concat([Buffer.of(0), digits]) : digits);
}

/** Wraps a blob the way ssh-keygen does: 70 columns, a final newline. */
export function armorSshsig(blob: Uint8Array): string {
  const base64 = Buffer.from(blob).toString('base64');
  const lines = base64.match(/.{1,70}/g) ?? [];
  return `-----BEGIN SSH SIGNATURE-----\n${lines.join('\n')}\n-----END SSH SIGNATURE-----\n`;
}
