// Reads big-endian fields from untrusted bytes; every read is bounds-checked and the end is asked for.

import { MalformedError } from '../errors.ts';

/** A cursor over bytes. Every method throws MalformedError with the given code when the bytes run out. */
export class ByteReader {
  readonly bytes: Uint8Array;
  readonly #code: string;
  readonly #view: DataView;
  #offset = 0;

  constructor(bytes: Uint8Array, code: string) {
    this.bytes = bytes;
    this.#code = code;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get offset(): number {
    return this.#offset;
  }

  get remaining(): number {
    return this.bytes.length - this.#offset;
  }

  fail(message: string): never {
    throw new MalformedError(this.#code, message, this.#offset);
  }

  #advance(count: number, what: string): number {
    if (count > this.remaining) this.fail(`${what}: ${count} bytes wanted, ${this.remaining} left`);
    const start = this.#offset;
    this.#offset += count;
    return start;
  }

  u8(what: string): number {
    return this.#view.getUint8(this.#advance(1, what));
  }

  u16(what: string): number {
    return this.#view.getUint16(this.#advance(2, what));
  }

  u32(what: string): number {
    return this.#view.getUint32(this.#advance(4, what));
  }

  u64(what: string): bigint {
    return this.#view.getBigUint64(this.#advance(8, what));
  }

  /** A view, not a copy. */
  take(count: number, what: string): Uint8Array {
    const start = this.#advance(count, what);
    return this.bytes.subarray(start, start + count);
  }

  /** An SSH `string` (RFC 4251 §5): a u32 length, then that many bytes; a view, not a copy. */
  lengthPrefixed(what: string, maximum: number): Uint8Array {
    const length = this.u32(what);
    if (length > maximum) this.fail(`${what}: ${length} bytes, more than ${maximum}`);
    return this.take(length, what);
  }

  rest(): Uint8Array {
    return this.take(this.remaining, 'rest');
  }

  expectEnd(): void {
    if (this.remaining !== 0) this.fail(`${this.remaining} bytes after the end`);
  }
}
