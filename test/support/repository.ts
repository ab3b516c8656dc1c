// A throw-away git repository with an environment of its own: nothing of the machine's or the user's configuration reaches it.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { buildCommit, buildTag, signCommit, signTag } from './build-object.ts';
import type { CommitFields, ObjectFormat, ObjectType, TagFields } from './build-object.ts';
import { addCommits } from './history.ts';
import type { HistoryOptions, TestSigner } from './history.ts';
import { PackWriter } from './pack.ts';

export { buildCommit, buildTag, objectId, signCommit, signTag } from './build-object.ts';
export type { CommitFields, ObjectFormat, ObjectType, TagFields } from './build-object.ts';
export type { TestSigner } from './history.ts';

export interface RepositoryOptions {
  /** Default `sha1`. */
  readonly objectFormat?: ObjectFormat;
  readonly bare?: boolean;
  /** An existing directory to make the repository in; default a new one under the system's temporary directory. */
  readonly home?: string;
}

export interface GitResult {
  /** The exit code; null when a signal ended git. */
  readonly status: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

export interface GitOptions {
  readonly input?: Uint8Array | string;
  /** Added to the clean environment. */
  readonly env?: Readonly<Record<string, string>>;
}

export type AddHistoryOptions = Omit<HistoryOptions, 'tree' | 'format'> & { /** Default `refs/heads/main`. */ readonly ref?: string };

const OUTPUT_LIMIT = 512 * 1024 * 1024;

/** The environment in which git, gpg and ssh-keygen see nothing but `home`. */
export function cleanEnvironment(home: string): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    GNUPGHOME: join(home, 'gnupg'),
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    LC_ALL: 'C',
    TZ: 'UTC',
  };
}

/** A repository under a home directory of its own; `await using` removes both. */
export class TestRepository implements AsyncDisposable {
  /** HOME of every program that `git` and `env` start; GNUPGHOME is `gnupg` in it. */
  readonly home: string;
  /** The work tree, or the repository itself when bare. */
  readonly path: string;
  readonly objectFormat: ObjectFormat;
  /** The clean environment, for other programs that are to see the same. */
  readonly env: Readonly<Record<string, string>>;

  private constructor(home: string, objectFormat: ObjectFormat) {
    this.home = home;
    this.path = join(home, 'repository');
    this.objectFormat = objectFormat;
    this.env = cleanEnvironment(home);
  }

  static create(options: RepositoryOptions = {}): TestRepository {
    const { objectFormat = 'sha1', bare = false, home = mkdtempSync(join(tmpdir(), 'countersign-')) } = options;
    const repository = new TestRepository(home, objectFormat);
    mkdirSync(repository.path, { recursive: true });
    repository.git('init', '-q', '-b', 'main', `--object-format=${objectFormat}`, ...(bare ? ['--bare'] : []));
    repository.config('user.name', 'Test Er');
    repository.config('user.email', 'tester@example.com');
    return repository;
  }

  /** Opens a repository that `create` made in this home earlier. */
  static open(home: string, objectFormat: ObjectFormat = 'sha1'): TestRepository {
    return new TestRepository(home, objectFormat);
  }

  /** Runs git and returns whatever comes of it. */
  tryGit(args: readonly string[], options: GitOptions = {}): GitResult {
    const { status, stdout, stderr, error } = spawnSync('git', args, {
      cwd: this.path,
      env: { ...this.env, ...options.env },
      maxBuffer: OUTPUT_LIMIT,
      ...(options.input === undefined ? {} : { input: options.input }),
    });
    if (error !== undefined) throw error;
    return { status, stdout, stderr: stderr.toString('utf8') };
  }

  /** Runs git and returns what it prints, without the last line feed. Throws when git fails. */
  git(...args: readonly string[]): string {
    return this.#checked(args, {}).toString('utf8').replace(/\n$/, '');
  }

  #checked(args: readonly string[], options: GitOptions): Buffer {
    const { status, stdout, stderr } = this.tryGit(args, options);
    if (status !== 0) throw new Error(`git ${args.join(' ')}: exit ${status}: ${stderr.trim()}`);
    return stdout;
  }

  config(key: string, value: string): void {
    this.git('config', key, value);
  }

  /** Writes an object and returns its id. `literally` lets pass what git would refuse. */
  writeObject(type: ObjectType, bytes: Uint8Array, options: { readonly literally?: boolean } = {}): string {
    const args = ['hash-object', '-t', type, '-w', '--stdin', ...(options.literally === true ? ['--literally'] : [])];
    return this.#checked(args, { input: bytes }).toString('utf8').trim();
  }

  readObject(type: ObjectType, oid: string): Buffer {
    return this.#checked(['cat-file', type, oid], {});
  }

  /** Writes a file beside the repository and returns its path. */
  writeFile(name: string, content: string | Uint8Array): string {
    const path = join(this.home, name);
    writeFileSync(path, content);
    return path;
  }

  /** The id of a tree with one small file, written on the way. */
  writeTree(): string {
    const blob = this.writeObject('blob', Buffer.from('content\n'));
    return this.writeObject('tree', Buffer.concat([Buffer.from('100644 file\0'), Buffer.from(blob, 'hex')]));
  }

  /** Writes a commit, signed when a signer is given, and returns its id. */
  writeCommit(fields: Partial<CommitFields>, signer?: TestSigner): string {
    const whole = { ...fields, tree: fields.tree ?? this.writeTree() };
    const bytes = buildCommit(signer === undefined ? whole : { author: signer.identity, ...whole });
    const signed = signer === undefined ? bytes : signCommit(bytes, signer.sign(bytes, fields.time ?? 1_700_000_000), this.objectFormat);
    return this.writeObject('commit', signed, { literally: true });
  }

  /** Writes a tag, signed when a signer is given, points `refs/tags/…` to it and returns its id. */
  writeTag(fields: TagFields, signer?: TestSigner): string {
    const bytes = buildTag(signer === undefined ? fields : { tagger: signer.identity, ...fields });
    const signed = signer === undefined ? bytes : signTag(bytes, signer.sign(bytes, fields.time ?? 1_700_000_000));
    const oid = this.writeObject('tag', signed, { literally: true });
    this.updateRef(`refs/tags/${fields.tag}`, oid);
    return oid;
  }

  updateRef(ref: string, oid: string): void {
    this.git('update-ref', ref, oid);
  }

  /** The directory in which packs lie. */
  packDirectory(): string {
    const directory = join(this.path, this.git('rev-parse', '--git-path', 'objects/pack'));
    mkdirSync(directory, { recursive: true });
    return directory;
  }

  /** Lets git index (and so check) a pack that was written into `packDirectory`. */
  indexPack(path: string): void {
    this.git('index-pack', path);
  }

  /** Adds a history by pack, points the ref to its end and returns the id of its last commit. */
  addHistory(options: AddHistoryOptions): string {
    const { ref = 'refs/heads/main', ...history } = options;
    const pack = new PackWriter(this.packDirectory(), this.objectFormat, options.count);
    const tip = addCommits(pack, { ...history, tree: this.writeTree(), format: this.objectFormat });
    this.indexPack(pack.finish());
    this.updateRef(ref, tip);
    return tip;
  }

  /** Ends the agents that gpg may have started here and removes everything. */
  async remove(): Promise<void> {
    if (existsSync(join(this.home, 'gnupg'))) spawnSync('gpgconf', ['--kill', 'all'], { env: this.env, stdio: 'ignore' });
    await rm(this.home, { recursive: true, force: true, maxRetries: 3 });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.remove();
  }
}
