// Gathers small pieces of output into chunks: one write a line would cost more than making the line.

import type { Write } from './report.ts';

/** In UTF-16 units. */
const CHUNK_SIZE = 64 * 1024;

/** Text on its way to a `write`. */
export class Chunks {
  readonly #write: Write;
  #text = '';

  constructor(write: Write) {
    this.#write = write;
  }

  /** Adds text; returns a promise exactly when the caller has to wait before it adds more. */
  add(text: string): void | Promise<void> {
    this.#text += text;
    return this.#text.length < CHUNK_SIZE ? undefined : this.flush();
  }

  /** Hands on what has been gathered. */
  flush(): void | Promise<void> {
    const text = this.#text;
    this.#text = '';
    return text === '' ? undefined : this.#write(text);
  }
}
