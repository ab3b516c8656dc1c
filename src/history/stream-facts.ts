// Object ids in, cryptographic facts out in the same order: git, cache and workers kept busy at once, in flat memory.

import { availableParallelism } from 'node:os';
import { ObjectReader, type RecordBatch, type Repository } from '../git/index.ts';
import { openpgp, type OpenpgpFacts, type OpenpgpVerificationKey } from '../signature/index.ts';
import type { ObjectFacts } from '../verify/index.ts';
import { Bell } from './bell.ts';
import type { FactCache } from './fact-cache.ts';
import { isLasting } from './is-lasting.ts';
import { isStale } from './is-stale.ts';
import { createInlinePool, createWorkerPool, type FactPool } from './pool.ts';
import type { TrustStore } from './trust-store.ts';

/** Bytes a batch: some 15 ms of work, against 0.1 ms for its way to a worker; small enough to spread evenly. */
const BATCH_BYTES = 128 * 1024;
/** Below so many objects the 50 ms that starting threads takes are not won back. */
const POOL_FROM = 400;
/** Below so many objects, computing is faster than opening the cache. */
const CACHE_FROM = 256;
/** Objects under way at once. */
const IN_FLIGHT = 16_384;

/** Ids that came in together, and what is known of each so far. */
interface Chunk {
  readonly oids: readonly string[];
  readonly facts: (ObjectFacts | null)[];
  missing: number;
  /** The first place that has no facts yet. */
  next: number;
}

/** What a stream of facts needs. */
export interface FactOptions {
  readonly trust: TrustStore;
  /** Called when the cache is worth opening. */
  readonly openCache: () => FactCache | null;
  /** Worker threads; by default one a core. */
  readonly jobs?: number | undefined;
}

/** One run over one sequence of ids; use {@link streamFacts}. */
class FactStream {
  readonly #repository: Repository;
  readonly #options: FactOptions;
  readonly #reader: ObjectReader;
  readonly #chunks: Chunk[] = [];
  /** The chunks that git's answers go to, in the order of the questions. */
  readonly #waiting: Chunk[] = [];
  #requested = 0;
  #inFlight = 0;
  #pool: FactPool;
  #pooled = false;
  #cache: FactCache | null = null;
  #keysLoaded = false;
  #keys: readonly OpenpgpVerificationKey[] = [];
  #index = openpgp.indexOpenpgpKeys([]);
  #stopped = false;
  #fed = false;
  #failure: { readonly error: unknown } | null = null;
  readonly #news = new Bell();
  readonly #room = new Bell();

  constructor(repository: Repository, options: FactOptions) {
    this.#repository = repository;
    this.#options = options;
    this.#reader = new ObjectReader(repository);
    this.#pool = createInlinePool(repository.algorithm);
  }

  async #loadKeys(): Promise<void> {
    if (this.#keysLoaded) return;
    this.#keysLoaded = true;
    this.#keys = (await this.#options.trust.loadOpenpgp()).verificationKeys;
    this.#index = openpgp.indexOpenpgpKeys(this.#keys);
    this.#pool.setKeys(this.#keys);
  }

  #usePool(): void {
    if (this.#pooled || this.#stopped || this.#requested <= POOL_FROM) return;
    this.#pooled = true;
    this.#pool = createWorkerPool(this.#repository.algorithm, this.#options.jobs ?? availableParallelism());
    this.#pool.setKeys(this.#keys);
  }

  /** A cached answer is stale when the keyring has since gained a key that the signature was not tried with. */
  async #isStale(facts: OpenpgpFacts): Promise<boolean> {
    await this.#loadKeys();
    return isStale(facts, this.#index);
  }

  async #take(oids: readonly string[]): Promise<void> {
    const chunk: Chunk = { oids, facts: [], missing: 0, next: 0 };
    const questions: string[] = [];
    for (const oid of oids) {
      const cached = this.#cache?.lookUp(oid) ?? null;
      const stale = cached?.signature?.format === 'openpgp' && (await this.#isStale(cached.signature));
      if (cached === null || stale) questions.push(oid);
      chunk.facts.push(stale ? null : cached);
    }
    chunk.missing = questions.length;
    chunk.next = chunk.facts.indexOf(null);
    this.#chunks.push(chunk);
    if (chunk.missing > 0) this.#waiting.push(chunk);
    this.#inFlight += oids.length;
    this.#requested += questions.length;
    this.#usePool();
    if (chunk.missing === 0) this.#news.ring();
    else await this.#reader.request(questions);
  }

  async feed(chunks: AsyncIterable<readonly string[]>): Promise<void> {
    let first = true;
    for await (const oids of chunks) {
      // What is opened from here on nobody would close.
      if (this.#stopped) return;
      if (first && oids.length >= CACHE_FROM) this.#cache = this.#options.openCache();
      first = false;
      await this.#take(oids);
      while (this.#inFlight > IN_FLIGHT && !this.#stopped) await this.#room.wait();
      if (this.#stopped) return;
    }
    this.#fed = true;
    this.#reader.finish();
    this.#news.ring();
  }

  #remember(facts: readonly ObjectFacts[], text: string): void {
    if (this.#cache === null) return;
    const lasting = facts.filter(isLasting);
    if (lasting.length === 0) return;
    this.#cache.add(
      lasting.map(({ oid }) => oid),
      lasting.length === facts.length ? text : JSON.stringify(lasting),
    );
  }

  #fill(text: string): void {
    const facts = JSON.parse(text) as ObjectFacts[];
    for (const each of facts) {
      const chunk = this.#waiting[0];
      if (chunk === undefined || chunk.oids[chunk.next] !== each.oid) throw new Error('internal error: git answered out of order');
      chunk.facts[chunk.next++] = each;
      chunk.missing--;
      while (chunk.next < chunk.facts.length && chunk.facts[chunk.next] !== null) chunk.next++;
      if (chunk.missing === 0) this.#waiting.shift();
    }
    this.#remember(facts, text);
    this.#news.ring();
  }

  /** OpenPGP keys are loaded when the first OpenPGP signature comes by, not before. */
  async #prepare({ bytes }: RecordBatch): Promise<void> {
    if (!this.#keysLoaded && Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes('-----BEGIN PGP '))
      await this.#loadKeys();
  }

  async collect(): Promise<void> {
    const slots = new Bell();
    let underWay = 0;
    // Answers are filled in one after the other, in the order of the questions, each as soon as those before it are in.
    let tail = Promise.resolve();
    for await (const batch of this.#reader.batches(BATCH_BYTES)) {
      await this.#prepare(batch);
      const answer = this.#pool.run(batch);
      underWay++;
      tail = Promise.all([answer, tail])
        .then(([text]) => this.#fill(text))
        .catch((error: unknown) => this.fail(error))
        .finally(() => {
          underWay--;
          slots.ring();
        });
      while (underWay >= this.#pool.capacity && !this.#stopped) await slots.wait();
    }
    await tail;
  }

  fail(error: unknown): void {
    this.#failure ??= { error };
    this.#news.ring();
  }

  async *results(): AsyncGenerator<readonly ObjectFacts[]> {
    for (;;) {
      while (this.#chunks[0]?.missing === 0) {
        const { facts } = this.#chunks.shift() as Chunk;
        this.#inFlight -= facts.length;
        this.#room.ring();
        yield facts as ObjectFacts[];
      }
      if (this.#failure !== null) throw this.#failure.error;
      if (this.#fed && this.#chunks.length === 0) return;
      await this.#news.wait();
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#room.ring();
    this.#reader.stop();
    await this.#pool.stop();
    this.#cache?.close();
  }
}

/**
 * The facts of objects, in the order of their ids. Throws ToolError when git fails, and whatever `chunks` throws.
 *
 * @param chunks object ids, in portions of any size; a portion's facts come out together
 * @param signal ends the stream early: it throws the signal's reason
 */
export async function* streamFacts(
  repository: Repository,
  chunks: AsyncIterable<readonly string[]>,
  options: FactOptions,
  signal?: AbortSignal,
): AsyncGenerator<readonly ObjectFacts[]> {
  const stream = new FactStream(repository, options);
  const onAbort = (): void => stream.fail(signal?.reason);
  signal?.addEventListener('abort', onAbort);
  if (signal?.aborted === true) onAbort();
  const fed = stream.feed(chunks).catch((error: unknown) => stream.fail(error));
  const collected = stream.collect().catch((error: unknown) => stream.fail(error));
  try {
    yield* stream.results();
  } finally {
    signal?.removeEventListener('abort', onAbort);
    await stream.stop();
    await Promise.all([fed, collected]);
  }
}
