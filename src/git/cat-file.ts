// Reads objects in bulk through one `git cat-file`, as batches of raw records that a worker can take apart.

import { limits } from '../bytes/index.ts';
import { ToolError } from '../errors.ts';
import { streamGit, type GitLocation, type GitStream } from './run.ts';

const LF = 10;
const SPACE = 32;
const CROSS = 120;
/** An id of 64 digits, a type, a size and the spaces between stay far below. */
const MAXIMUM_HEADER = 256;

/**
 * A run of whole records as `git cat-file --batch` writes them: `oid type size LF content LF`, or `oid missing LF`.
 * An object above the size limit has its content left out and each digit of its size crossed out by an `x`.
 * `bytes` owns its buffer, which may be transferred to another thread.
 */
export interface RecordBatch {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly count: number;
}

/** Cuts a stream into batches of whole records of about `target` bytes. */
export class RecordCutter {
  readonly #target: number;
  #buffer: Uint8Array<ArrayBuffer>;
  #length = 0;
  /** Up to here the buffer holds whole records. */
  #whole = 0;
  #count = 0;
  /** Bytes that must be in the buffer before the record at #whole can be told to be whole. */
  #wanted = 0;
  /** Content of an object that is too large, still to come and to be dropped. */
  #skip = 0;

  constructor(target: number) {
    this.#target = target;
    this.#buffer = new Uint8Array(target * 2);
  }

  /** Whole records not yet given out. */
  get count(): number {
    return this.#count;
  }

  get hasPartialRecord(): boolean {
    return this.#length > this.#whole || this.#skip > 0;
  }

  #append(chunk: Uint8Array): void {
    const length = this.#length + chunk.length;
    if (length > this.#buffer.length) {
      const grown = new Uint8Array(Math.max(length, this.#wanted, this.#buffer.length * 2));
      grown.set(this.#buffer.subarray(0, this.#length));
      this.#buffer = grown;
    }
    this.#buffer.set(chunk, this.#length);
    this.#length = length;
  }

  /** Drops the content behind a header whose size is over the limit, and crosses the size out. */
  #crossOut(headerEnd: number, digits: number, size: number): void {
    this.#buffer.fill(CROSS, headerEnd - 1 - digits, headerEnd - 1);
    const here = Math.min(this.#length - headerEnd, size + 1);
    this.#buffer.copyWithin(headerEnd, headerEnd + here, this.#length);
    this.#length -= here;
    this.#skip = size + 1 - here;
  }

  /** Moves #whole behind the next record if the buffer holds all of it. */
  #advance(): boolean {
    const start = this.#whole;
    const line = this.#buffer.subarray(start, Math.min(start + MAXIMUM_HEADER, this.#length)).indexOf(LF);
    if (line === -1) {
      if (this.#length - start >= MAXIMUM_HEADER)
        throw new ToolError('GIT_FAILED', 'git cat-file answers with a line that is no object header');
      return false;
    }
    const headerEnd = start + line + 1;
    let digits = 0;
    let size = 0;
    for (let factor = 1, at = headerEnd - 2; at > start; at--, digits++, factor *= 10) {
      const byte = this.#buffer[at] as number;
      if (byte < 48 || byte > 57) break;
      size += (byte - 48) * factor;
    }
    let end = headerEnd;
    // `oid missing` ends in a word, not in a number.
    if (digits > 0 && this.#buffer[headerEnd - 2 - digits] === SPACE) {
      if (size > limits.objectBytes) this.#crossOut(headerEnd, digits, size);
      else end += size + 1;
    }
    this.#wanted = end;
    if (end > this.#length) return false;
    this.#whole = end;
    this.#count++;
    return true;
  }

  #cut(): RecordBatch {
    const batch = { bytes: this.#buffer.subarray(0, this.#whole), count: this.#count };
    const rest = this.#buffer.subarray(this.#whole, this.#length);
    this.#buffer = new Uint8Array(Math.max(this.#target * 2, rest.length));
    this.#buffer.set(rest);
    this.#length = rest.length;
    this.#wanted = 0;
    this.#whole = 0;
    this.#count = 0;
    return batch;
  }

  /** Takes the next bytes of the stream; returns the batches that are full. */
  push(chunk: Uint8Array): RecordBatch[] {
    const dropped = Math.min(this.#skip, chunk.length);
    this.#skip -= dropped;
    this.#append(chunk.subarray(dropped));
    const batches: RecordBatch[] = [];
    while (this.#length > this.#whole && this.#length >= this.#wanted && this.#skip === 0 && this.#advance()) {
      if (this.#whole >= this.#target) batches.push(this.#cut());
    }
    return batches;
  }

  /** What is there of whole records, though the batch is not full. */
  flush(): RecordBatch | null {
    return this.#count === 0 ? null : this.#cut();
  }
}

/** The exit code of git for options that it does not know. */
const USAGE = 129;

/** One running `git cat-file`. Requests are answered in order. */
export class ObjectReader {
  readonly #location: GitLocation;
  #stream: GitStream;
  /** git 2.36 and later hold their answers back until told to flush; older ones write each by itself, and cost more. */
  #buffered = true;
  /** What has been asked, until the first answer shows that git knows its options. */
  #unanswered: string[] | null = [];
  #finished = false;
  #requested = 0;
  #received = 0;

  constructor(location: GitLocation) {
    this.#location = location;
    this.#stream = streamGit(location, ['cat-file', '--batch-command', '--buffer']);
  }

  async #ask(oids: readonly string[]): Promise<void> {
    let text = '';
    for (const oid of oids) text += this.#buffered ? `contents ${oid}\n` : `${oid}\n`;
    const { stdin } = this.#stream;
    // A git that has ended never drains, and may have said that it is closed before anybody listened.
    if (stdin.write(this.#buffered ? `${text}flush\n` : text, 'latin1') || stdin.destroyed) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        stdin.removeListener('drain', done).removeListener('close', done);
        resolve();
      };
      stdin.once('drain', done).once('close', done);
    });
  }

  /** Asks for objects; resolves when git has room for more questions. */
  request(oids: readonly string[]): Promise<void> {
    this.#requested += oids.length;
    this.#unanswered?.push(...oids);
    return this.#ask(oids);
  }

  /** No more requests: the batches end behind the last answer. */
  finish(): void {
    this.#finished = true;
    this.#stream.stdin.end();
  }

  /** Starts anew with what git before 2.36 knows. */
  async #restart(): Promise<void> {
    this.#buffered = false;
    this.#stream = streamGit(this.#location, ['cat-file', '--batch']);
    await this.#ask(this.#unanswered ?? []);
    if (this.#finished) this.#stream.stdin.end();
  }

  /**
   * The answers, in the order of the requests, as batches of about `target` bytes; a batch that is not full is given out
   * when all that was asked for is there. Throws ToolError `GIT_FAILED` when git ends early.
   */
  async *batches(target: number): AsyncGenerator<RecordBatch> {
    const cutter = new RecordCutter(target);
    for await (const chunk of this.#stream.stdout as AsyncIterable<Buffer>) {
      this.#unanswered = null;
      for (const batch of cutter.push(chunk)) {
        this.#received += batch.count;
        yield batch;
      }
      if (this.#received + cutter.count === this.#requested) {
        const batch = cutter.flush();
        if (batch !== null) {
          this.#received += batch.count;
          yield batch;
        }
      }
    }
    const { code, stderr } = await this.#stream.ended;
    if (code === USAGE && this.#buffered && this.#unanswered !== null) {
      await this.#restart();
      yield* this.batches(target);
      return;
    }
    if (code !== 0 || this.#received !== this.#requested || cutter.hasPartialRecord) {
      const answered = `${this.#received} of ${this.#requested} objects`;
      throw new ToolError('GIT_FAILED', `git cat-file ended with ${code} after ${answered}: ${stderr.trim()}`);
    }
  }

  stop(): void {
    this.#stream.stop();
  }
}
