// Keeps cryptographic facts by object id, so that no signature is computed twice: never verdicts, only what the bytes say.

import { createHash } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import process from 'node:process';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { OID_LENGTH, type HashAlgorithm } from '../object/index.ts';
import type { ObjectFacts } from '../verify/index.ts';
import { OidIndex } from './oid-index.ts';

/** Changes whenever the meaning of ObjectFacts changes; a cache of another version is made anew. */
const VERSION = 'countersign facts 1';
const SEGMENTS_KEPT = 16;

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

/** Why a path is not fit to hold the cache: not ours, or others may write to it. Null when it is. */
function unfit(path: string, kind: 'directory' | 'file'): string | null {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return null;
  if (kind === 'directory' ? !stats.isDirectory() : !stats.isFile()) return `${path} is not a plain ${kind}`;
  if (process.getuid === undefined) return null;
  if (stats.uid !== process.getuid()) return `${path} belongs to another user`;
  return (stats.mode & 0o022) === 0 ? null : `others may write to ${path}`;
}

function openDatabase(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: 2000 });
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
    throw new Error(`made by another version of countersign`);
  }
  return database;
}

/**
 * An open cache: segments of a few hundred objects in the order in which they were verified, each with its own digest. Reading on in the
 * order of history touches each segment once. A damaged segment counts as absent.
 */
export class FactCache {
  readonly #database: DatabaseSync;
  readonly #oidBytes: number;
  readonly #warn: (message: string) => void;
  readonly #read: StatementSync;
  readonly #insert: StatementSync;
  readonly #segments = new Map<number, Segment | null>();
  #index: OidIndex | null = null;
  #pending = 0;
  #current: Segment | null = null;

  private constructor(database: DatabaseSync, oidBytes: number, warn: (message: string) => void) {
    this.#database = database;
    this.#oidBytes = oidBytes;
    this.#warn = warn;
    this.#read = database.prepare('SELECT oids, facts, digest FROM segment WHERE id = ?');
    this.#insert = database.prepare('INSERT INTO segment (oids, facts, digest) VALUES (?, ?, ?)');
  }

  /**
   * Opens the cache file, making it when it is not there. What is damaged or of another version is discarded with a warning; what is not
   * ours alone is left alone and not used: null.
   */
  static open(path: string, algorithm: HashAlgorithm, warn: (message: string) => void): FactCache | null {
    const oidBytes = OID_LENGTH[algorithm] / 2;
    try {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      const reason = unfit(dirname(path), 'directory') ?? unfit(path, 'file');
      if (reason !== null) {
        warn(`the cache is not used: ${reason}`);
        return null;
      }
      try {
        return new FactCache(openDatabase(path), oidBytes, warn);
      } catch (error) {
        warn(`the cache ${path} is discarded: ${error instanceof Error ? error.message : String(error)}`);
        for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true });
        return new FactCache(openDatabase(path), oidBytes, warn);
      }
    } catch (error) {
      warn(`the cache is not used: ${error instanceof Error ? error.message : String(error)}`);
      return null;
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
      this.#warn('a damaged part of the cache is ignored');
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

  /** The facts of an object, if they are known. */
  lookUp(oid: string): ObjectFacts | undefined {
    const near = this.#current?.places.get(oid);
    if (near !== undefined) return this.#current?.facts[near];
    this.#index ??= this.#loadIndex();
    const id = this.#index.find(oid);
    if (id === undefined) return undefined;
    this.#current = this.#segment(id);
    const place = this.#current?.places.get(oid);
    return place === undefined ? undefined : this.#current?.facts[place];
  }

  /** Keeps the facts of a batch: `facts` is the JSON array that belongs to `oids`. */
  add(oids: readonly string[], facts: string): void {
    const packed = Buffer.from(oids.join(''), 'hex');
    try {
      if (this.#pending++ === 0) this.#database.exec('BEGIN');
      this.#insert.run(packed, facts, digestOf(packed, facts));
      if (this.#pending === 64) this.#commit();
    } catch (error) {
      this.#pending = 0;
      this.#warn(`the cache cannot be written: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  #commit(): void {
    if (this.#pending > 0) this.#database.exec('COMMIT');
    this.#pending = 0;
  }

  /** Writes what is pending and closes the file. */
  close(): void {
    try {
      this.#commit();
    } catch (error) {
      this.#warn(`the cache cannot be written: ${error instanceof Error ? error.message : String(error)}`);
    }
    this.#database.close();
  }
}
