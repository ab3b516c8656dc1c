// A set of certificate serial numbers as revocation lists give them: single ones, ranges and bitmaps, none of them expanded.

import { MalformedError } from '../../errors.ts';
import { bitLength } from './wire.ts';

interface Bitmap {
  readonly offset: bigint;
  /** Big-endian, as in an mpint; the last bit stands for the offset itself. */
  readonly bits: Uint8Array;
}

const CODE = 'SSH_REVOCATIONS_MALFORMED';
const LAST = 0xffff_ffff_ffff_ffffn;

/** Serial numbers, 64-bit. Serial 0 is never in it: it is what certificates without a number carry, and OpenSSH refuses lists that name it. */
export class SerialSet {
  readonly #singles = new Set<bigint>();
  readonly #bitmaps: Bitmap[] = [];
  #ranges: (readonly [bigint, bigint])[] = [];
  #isSorted = true;

  /** Throws MalformedError `SSH_REVOCATIONS_MALFORMED` for serial 0. */
  add(serial: bigint): void {
    if (serial === 0n) throw new MalformedError(CODE, 'serial 0 cannot be revoked');
    this.#singles.add(serial);
  }

  /** Both ends inclusive. Throws MalformedError `SSH_REVOCATIONS_MALFORMED` for an empty range or one with serial 0. */
  addRange(low: bigint, high: bigint): void {
    if (low === 0n || low > high) throw new MalformedError(CODE, `serials ${low} to ${high} are no range`);
    this.#ranges.push([low, high]);
    this.#isSorted = false;
  }

  /** `bits` without leading zeros. Throws MalformedError `SSH_REVOCATIONS_MALFORMED` when it holds serial 0 or runs over 64 bits. */
  addBitmap(offset: bigint, bits: Uint8Array): void {
    const length = bitLength(bits);
    if (length === 0) return;
    if (offset + BigInt(length - 1) > LAST) throw new MalformedError(CODE, 'a bitmap of serials runs over 64 bits');
    if (offset === 0n && ((bits.at(-1) ?? 0) & 1) !== 0) throw new MalformedError(CODE, 'serial 0 cannot be revoked');
    this.#bitmaps.push({ offset, bits });
  }

  has(serial: bigint): boolean {
    return serial !== 0n && (this.#singles.has(serial) || this.#isInRange(serial) || this.#bitmaps.some((bitmap) => isSet(bitmap, serial)));
  }

  #sortRanges(): void {
    const sorted = this.#ranges.toSorted((a, b) => (a[0] < b[0] ? -1 : Number(a[0] > b[0])));
    const merged: [bigint, bigint][] = [];
    for (const [low, high] of sorted) {
      const last = merged.at(-1);
      if (last === undefined || low > last[1]) merged.push([low, high]);
      else if (high > last[1]) last[1] = high;
    }
    this.#ranges = merged;
    this.#isSorted = true;
  }

  #isInRange(serial: bigint): boolean {
    if (!this.#isSorted) this.#sortRanges();
    let from = 0;
    let to = this.#ranges.length;
    while (from < to) {
      const middle = (from + to) >> 1;
      const [low, high] = this.#ranges[middle] ?? [0n, 0n];
      if (serial < low) to = middle;
      else if (serial > high) from = middle + 1;
      else return true;
    }
    return false;
  }
}

function isSet({ offset, bits }: Bitmap, serial: bigint): boolean {
  if (serial < offset || serial - offset >= BigInt(bits.length * 8)) return false;
  const bit = Number(serial - offset);
  return (((bits[bits.length - 1 - (bit >> 3)] ?? 0) >> (bit & 7)) & 1) === 1;
}
