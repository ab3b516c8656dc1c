// Gathers small pieces of output into chunks: one write a line would cost more than making the line.

import type { Write } from './report.ts';

/** The first chunk is small, so that a reader sees something soon; each is twice as large as the one before, up to this. */
const FIRST_CHUNK = 1024;
const LARGEST_CHUNK = 64 * 1024;

/** Text on its way to a `write`. Sizes are in UTF-16 units. */
export class Chunks {
  readonly #write: Write;
  #text = '';
  #size = FIRST_CHUNK;

  constructor(write: Write) {
    this.#write = write;
  }

  /** Adds text; returns a promise exactly when the caller has to wait before it adds more. */
  add(text: string): void | Promise<void> {
    this.#text += text;
    if (this.#text.length < this.#size) return undefined;
    this.#size = Math.min(this.#size * 2, LARGEST_CHUNK);
    return this.flush();
  }

  /** Hands on what has been gathered. */
  flush(): void | Promise<void> {
    const text = this.#text;
    this.#text = '';
    return text === '' ? undefined : this.#write(text);
  }
}
