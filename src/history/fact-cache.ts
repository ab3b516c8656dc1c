// Keeps cryptographic facts by object id, so that no signature is computed twice: never verdicts, only what the bytes say.

import { createHash } from 'node:crypto';
import { chmodSync, existsSync, lstatSync, mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import process from 'node:process';
import type * as sqlite from 'node:sqlite';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { OID_LENGTH, type HashAlgorithm } from '../object/index.ts';
import type { ObjectFacts } from '../verify/index.ts';
import { OidIndex } from './oid-index.ts';

/** Changes whenever the meaning of ObjectFacts changes; a cache of another version is made anew. */
const VERSION = 'countersign facts 2';
const SEGMENTS_KEPT = 16;
/** Segments a transaction. */
const COMMIT_EVERY = 64;

interface Segment {
  readonly facts: readonly ObjectFacts[];
  readonly places: ReadonlyMap<string, number>;
}

interface SegmentRow {
  readonly oids: Uint8Array;
  readonly facts: string;
  readonly digest: string;
}

function digestOf(oids: Uint8Array, facts: string): string {
  return createHash('sha256').update(VERSION).update('\0').update(oids).update(facts).digest('hex');
}

/** Makes a directory and those above it. (mkdirSync with `recursive` never returns where a file system has no such thing as a new directory: /proc.) */
function makeDirectory(path: string): void {
  if (existsSync(path)) return;
  if (dirname(path) !== path) makeDirectory(dirname(path));
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // Another process may have been faster.
    if (!existsSync(path)) throw error;
  }
}

/** Why a path is not fit to hold the cache: not ours, or others may write to it. Null when it is. */
function unfit(path: string, kind: 'directory' | 'file'): string | null {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return null;
  if (kind === 'directory' ? !stats.isDirectory() : !stats.isFile()) return `${path} is not a plain ${kind}`;
  if (process.getuid === undefined) return null;
  if (stats.uid !== process.getuid()) return `${path} belongs to another user`;
  return (stats.mode & 0o022) === 0 ? null : `others may write to ${path}`;
}

function describeError(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A file that another version made counts as damaged: what it says cannot be used. */
class OtherVersionError extends Error {}

// SQLITE_ERROR (a table is missing or has another shape), SQLITE_CORRUPT and SQLITE_NOTADB (sqlite.org/rescode.html).
const DAMAGE: ReadonlySet<unknown> = new Set([1, 11, 26]);

/** Whether an error says that the file is bad; a locked, full or read-only one is not. */
function isDamage(error: unknown): boolean {
  if (error instanceof OtherVersionError || error instanceof SyntaxError) return true;
  return error instanceof Error && 'errcode' in error && DAMAGE.has(Number(error.errcode) & 0xff);
}

function removeDatabase(path: string): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true });
}

/** Loads SQLite when a cache is opened. Node 22 warns that its interface is experimental; nobody who verifies can do anything about that. */
function loadSqlite(): typeof sqlite {
  const before = Object.getOwnPropertyDescriptor(process, 'emitWarning');
  process.emitWarning = () => undefined;
  try {
    return process.getBuiltinModule('node:sqlite');
  } finally {
    if (before !== undefined) Object.defineProperty(process, 'emitWarning', before);
  }
}

function openDatabase(path: string): DatabaseSync {
  const { DatabaseSync: Database } = loadSqlite();
  const database = new Database(path, { timeout: 2000 });
  chmodSync(path, 0o600);
  // A lost cache costs time, a lost commit of it nothing: no fsync.
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;');
  database.exec('CREATE TABLE IF NOT EXISTS meta (version TEXT NOT NULL) STRICT');
  const found = database.prepare('SELECT version FROM meta').all();
  if (found.length === 0) {
    database.exec(
      'CREATE TABLE IF NOT EXISTS segment (id INTEGER PRIMARY KEY, oids BLOB NOT NULL, facts TEXT NOT NULL, digest TEXT NOT NULL) STRICT',
    );
    database.prepare('INSERT INTO meta VALUES (?)').run(VERSION);
  } else if (found.length !== 1 || found[0]?.['version'] !== VERSION) {
    database.close();
    throw new OtherVersionError('made by another version of countersign');
  }
  return database;
}

/**
 * An open cache: segments of a few hundred objects in the order in which they were verified, each with its own digest. Reading on in the
 * order of history touches each segment once. A damaged segment counts as absent.
 */
export class FactCache {
  readonly #database: DatabaseSync;
  readonly #path: string;
  readonly #oidBytes: number;
  readonly #warn: (message: string) => void;
  readonly #read: StatementSync;
  readonly #insert: StatementSync;
  readonly #segments = new Map<number, Segment | null>();
  #index: OidIndex | null = null;
  readonly #pending: { readonly oids: Uint8Array; readonly facts: string }[] = [];
  #current: Segment | null = null;
  /** SQLite has failed: it is not asked again. */
  #failed = false;
  /** It has found the file damaged: it is removed in the end. */
  #damaged = false;

  private constructor(path: string, oidBytes: number, warn: (message: string) => void) {
    this.#database = openDatabase(path);
    this.#path = path;
    this.#oidBytes = oidBytes;
    this.#warn = warn;
    this.#read = this.#database.prepare('SELECT oids, facts, digest FROM segment WHERE id = ?');
    this.#insert = this.#database.prepare('INSERT INTO segment (oids, facts, digest) VALUES (?, ?, ?)');
  }

  /**
   * Opens the cache file, making it when it is not there. What is damaged or of another version is discarded with a warning; what is not
   * ours alone is left alone and not used: null.
   */
  static open(path: string, algorithm: HashAlgorithm, warn: (message: string) => void): FactCache | null {
    const oidBytes = OID_LENGTH[algorithm] / 2;
    try {
      makeDirectory(dirname(path));
      const reason = unfit(dirname(path), 'directory') ?? unfit(path, 'file');
      if (reason !== null) {
        warn(`the cache is not used: ${reason}`);
        return null;
      }
      try {
        return new FactCache(path, oidBytes, warn);
      } catch (error) {
        if (!isDamage(error)) throw error;
        warn(`the cache ${path} is discarded: ${describeError(error)}`);
        removeDatabase(path);
        return new FactCache(path, oidBytes, warn);
      }
    } catch (error) {
      warn(`the cache is not used: ${describeError(error)}`);
      return null;
    }
  }

  /** Runs what asks SQLite; when that fails, the cache is given up, whatever state it is in. */
  #attempt<T>(ask: () => T): T | undefined {
    if (this.#failed) return undefined;
    try {
      return ask();
    } catch (error) {
      this.#failed = true;
      this.#damaged = isDamage(error);
      this.#warn(`the cache ${this.#path} is ${this.#damaged ? 'discarded' : 'not used any further'}: ${describeError(error)}`);
      return undefined;
    }
  }

  #loadIndex(): OidIndex {
    const index = new OidIndex(this.#oidBytes);
    for (const row of this.#database.prepare('SELECT id, oids FROM segment ORDER BY id').iterate()) {
      index.add(Number(row['id']), row['oids'] as Uint8Array);
    }
    return index;
  }

  #parse(id: number): Segment | null {
    const row = this.#read.get(id) as SegmentRow | undefined;
    if (row === undefined) return null;
    if (digestOf(row.oids, row.facts) !== row.digest) {
      this.#warn(`a damaged part of the cache ${this.#path} is ignored`);
      return null;
    }
    const facts = JSON.parse(row.facts) as ObjectFacts[];
    return { facts, places: new Map(facts.map(({ oid }, place) => [oid, place])) };
  }

  #segment(id: number): Segment | null {
    const known = this.#segments.get(id);
    if (known !== undefined) return known;
    const segment = this.#parse(id);
    this.#segments.set(id, segment);
    if (this.#segments.size > SEGMENTS_KEPT) this.#segments.delete(this.#segments.keys().next().value as number);
    return segment;
  }

  #find(oid: string): ObjectFacts | undefined {
    this.#index ??= this.#loadIndex();
    const id = this.#index.find(oid);
    if (id === undefined) return undefined;
    this.#current = this.#segment(id);
    const place = this.#current?.places.get(oid);
    return place === undefined ? undefined : this.#current?.facts[place];
  }

  /** The facts of an object, if they are known. */
  lookUp(oid: string): ObjectFacts | undefined {
    const near = this.#current?.places.get(oid);
    if (near !== undefined) return this.#current?.facts[near];
    return this.#attempt(() => this.#find(oid));
  }

  /** Keeps the facts of a batch: `facts` is the JSON array that belongs to `oids`. */
  add(oids: readonly string[], facts: string): void {
    this.#pending.push({ oids: Buffer.from(oids.join(''), 'hex'), facts });
    if (this.#pending.length === COMMIT_EVERY) this.#write();
  }

  /** Writes in one short transaction: other processes wait for no more than that. */
  #write(): void {
    const pending = this.#pending.splice(0);
    if (pending.length === 0) return;
    this.#attempt(() => {
      this.#database.exec('BEGIN IMMEDIATE');
      for (const { oids, facts } of pending) this.#insert.run(oids, facts, digestOf(oids, facts));
      this.#database.exec('COMMIT');
    });
  }

  /** Writes what is pending and closes the file. */
  close(): void {
    this.#write();
    try {
      this.#database.close();
    } catch (error) {
      this.#warn(`the cache ${this.#path} cannot be closed: ${describeError(error)}`);
    }
    if (this.#damaged) removeDatabase(this.#path);
  }
}
