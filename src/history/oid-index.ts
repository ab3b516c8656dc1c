// Finds the cache segment of an object id: an open-addressing table over packed ids, some 40 bytes an object.

/** From object id to segment number; of several segments with the same id the one added last wins. */
export class OidIndex {
  readonly #width: number;
  #oids: Buffer;
  #segments: Uint32Array;
  #count = 0;
  /** Place + 1 in #oids of the id in each slot; 0 is an empty slot. A power of two, at most half full. */
  #table: Uint32Array;

  /** @param width bytes of an object id: 20 or 32 */
  constructor(width: number) {
    this.#width = width;
    this.#oids = Buffer.alloc(1024 * width);
    this.#segments = new Uint32Array(1024);
    this.#table = new Uint32Array(2048);
  }

  #slot(oids: Buffer, at: number): number {
    const mask = this.#table.length - 1;
    // Ids are hashes: their first bytes serve as one.
    for (let slot = oids.readUInt32BE(at) & mask; ; slot = (slot + 1) & mask) {
      const place = this.#table[slot] as number;
      if (place === 0) return slot;
      const start = (place - 1) * this.#width;
      if (this.#oids.compare(oids, at, at + this.#width, start, start + this.#width) === 0) return slot;
    }
  }

  #grow(): void {
    const oids = Buffer.alloc(this.#oids.length * 2);
    this.#oids.copy(oids);
    this.#oids = oids;
    const segments = new Uint32Array(this.#segments.length * 2);
    segments.set(this.#segments);
    this.#segments = segments;
    this.#table = new Uint32Array(this.#table.length * 2);
    for (let place = 0; place < this.#count; place++) this.#table[this.#slot(this.#oids, place * this.#width)] = place + 1;
  }

  /** Adds a segment's ids, packed one after the other; bytes that make no whole id are ignored. */
  add(segment: number, packed: Uint8Array): void {
    const oids = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength);
    for (let at = 0; at + this.#width <= oids.length; at += this.#width) {
      if (this.#count === this.#segments.length) this.#grow();
      oids.copy(this.#oids, this.#count * this.#width, at, at + this.#width);
      this.#segments[this.#count] = segment;
      this.#table[this.#slot(oids, at)] = ++this.#count;
    }
  }

  /** The segment that holds the id (in hex). */
  find(oid: string): number | undefined {
    const key = Buffer.from(oid, 'hex');
    if (key.length !== this.#width) return undefined;
    const place = this.#table[this.#slot(key, 0)] as number;
    return place === 0 ? undefined : this.#segments[place - 1];
  }
}
