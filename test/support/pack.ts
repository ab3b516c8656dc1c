// Writes git packs, so that a repository of 200,000 commits is made in seconds and with flat memory.

import { createHash } from 'node:crypto';
import { closeSync, openSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';

import { objectId } from './build-object.ts';
import type { ObjectFormat, ObjectType } from './build-object.ts';

const TYPE_CODES: Readonly<Record<ObjectType, number>> = { commit: 1, tree: 2, blob: 3, tag: 4 };
const FLUSH_AT = 1024 * 1024;

/** The type and size in front of a packed object (gitformat-pack, "object entries"): four bits of the size, then seven a byte. */
export function encodeEntryHeader(type: ObjectType, size: number): Buffer {
  const bytes: number[] = [];
  let byte = (TYPE_CODES[type] << 4) | (size & 15);
  // Division, not a shift: sizes may pass 32 bits.
  for (let rest = Math.floor(size / 16); rest > 0; rest = Math.floor(rest / 128)) {
    bytes.push(byte | 0x80);
    byte = rest & 0x7f;
  }
  return Buffer.from([...bytes, byte]);
}

/**
 * A version 2 pack without deltas, written object by object. The count is known from the start, since it stands in the header.
 * The pack lies in `directory` under a temporary name until `finish`, which returns the path of `pack-….pack`; `git index-pack` makes the index.
 */
export class PackWriter {
  readonly #directory: string;
  readonly #format: ObjectFormat;
  readonly #count: number;
  readonly #temporary: string;
  readonly #file: number;
  readonly #digest;
  #chunks: Uint8Array[] = [];
  #pending = 0;
  #written = 0;

  constructor(directory: string, format: ObjectFormat, count: number) {
    this.#directory = directory;
    this.#format = format;
    this.#count = count;
    this.#temporary = join(directory, `tmp_pack_${process.pid}_${Math.random().toString(36).slice(2)}`);
    this.#file = openSync(this.#temporary, 'wx');
    this.#digest = createHash(format);
    const header = Buffer.alloc(12);
    header.write('PACK');
    header.writeUInt32BE(2, 4);
    header.writeUInt32BE(count, 8);
    this.#push(header);
  }

  /** Adds an object and returns its id. No object may be added twice: git refuses such a pack. */
  add(type: ObjectType, bytes: Uint8Array): string {
    if (this.#written === this.#count) throw new Error(`the pack was announced to hold ${this.#count} objects`);
    this.#written++;
    this.#push(encodeEntryHeader(type, bytes.length));
    // The default chunk of 16 KiB would stay alive behind each result of a few hundred bytes.
    this.#push(deflateSync(bytes, { level: 1, chunkSize: Math.min(bytes.length + 64, 16_384) }));
    return objectId(type, bytes, this.#format);
  }

  /** Writes the trailer and returns the pack's path. */
  finish(): string {
    if (this.#written !== this.#count) throw new Error(`the pack was announced to hold ${this.#count} objects, not ${this.#written}`);
    this.#flush();
    const trailer = this.#digest.digest();
    writeAll(this.#file, trailer);
    closeSync(this.#file);
    const path = join(this.#directory, `pack-${trailer.toString('hex')}.pack`);
    renameSync(this.#temporary, path);
    return path;
  }

  #push(bytes: Uint8Array): void {
    this.#chunks.push(bytes);
    this.#pending += bytes.length;
    if (this.#pending >= FLUSH_AT) this.#flush();
  }

  #flush(): void {
    const joined = Buffer.concat(this.#chunks);
    this.#digest.update(joined);
    writeAll(this.#file, joined);
    this.#chunks = [];
    this.#pending = 0;
  }
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let offset = 0; offset < bytes.length;) offset += writeSync(file, bytes, offset);
}
