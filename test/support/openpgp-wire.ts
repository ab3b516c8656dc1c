// Writes OpenPGP packets, subpackets and armor byte by byte, wrong ones included, so that tests can say exactly what they mean.

/** One signature subpacket (RFC 9580 §5.2.3.7), its type without the critical bit. */
export interface TestSubpacket {
  readonly type: number;
  readonly data: Uint8Array;
  readonly critical?: boolean;
}

export function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

export function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** A multi-precision integer (RFC 9580 §3.2), leading zeros stripped. */
export function mpi(bytes: Uint8Array): Buffer {
  let start = 0;
  while (start < bytes.length && bytes[start] === 0) start++;
  const digits = bytes.subarray(start);
  const bits = digits.length === 0 ? 0 : digits.length * 8 - Math.clz32(digits[0] ?? 0) + 24;
  return Buffer.concat([u16(bits), digits]);
}

/** The length of a new-format packet or of a subpacket (RFC 9580 §4.2.1, §5.2.3.7). */
export function newLength(length: number): Buffer {
  if (length < 192) return Buffer.from([length]);
  if (length < 8384) return Buffer.from([((length - 192) >> 8) + 192, (length - 192) & 0xff]);
  return Buffer.concat([Buffer.from([255]), u32(length)]);
}

/** A packet with a new-format header. */
export function packet(tag: number, body: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([0xc0 | tag]), newLength(body.length), body]);
}

/** A packet with an old-format header and a two-byte length (RFC 9580 §4.2.2). */
export function oldPacket(tag: number, body: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([0x80 | (tag << 2) | 1]), u16(body.length), body]);
}

export function encodeSubpackets(subpackets: readonly TestSubpacket[]): Buffer {
  return Buffer.concat(
    subpackets.map(({ type, data, critical }) =>
      Buffer.concat([newLength(data.length + 1), Buffer.from([critical === true ? type | 0x80 : type]), data]),
    ),
  );
}

/** RFC 9580 §6.1. */
export function crc24(bytes: Uint8Array): number {
  let crc = 0xb704ce;
  for (const byte of bytes) {
    crc ^= byte << 16;
    for (let bit = 0; bit < 8; bit++) {
      crc <<= 1;
      if ((crc & 0x1000000) !== 0) crc ^= 0x1864cfb;
    }
  }
  return crc & 0xffffff;
}

/** ASCII armor with LF line ends and a checksum, as gpg writes it. */
export function armor(label: string, bytes: Uint8Array, options?: { readonly crc?: number | null; readonly headers?: string }): string {
  const body = Buffer.from(bytes)
    .toString('base64')
    .replace(/.{1,64}/g, '$&\n');
  const crc = options?.crc === undefined ? crc24(bytes) : options.crc;
  const check = crc === null ? '' : `=${Buffer.from([crc >> 16, (crc >> 8) & 0xff, crc & 0xff]).toString('base64')}\n`;
  return `-----BEGIN PGP ${label}-----\n${options?.headers ?? ''}\n${body}${check}-----END PGP ${label}-----\n`;
}

export function dearmor(text: string): Buffer {
  const body = /\n\r?\n([\s\S]*?)(?:\n=[^\n]*)?\n-----END/.exec(text)?.[1];
  if (body === undefined) throw new Error('not armored');
  return Buffer.from(body, 'base64');
}
