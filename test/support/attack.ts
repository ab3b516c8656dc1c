// A repository to attack, a trusted signer, and the built program to run against it.

import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { TestRepository, type GitResult, type RepositoryOptions, type TestSigner } from './repository.ts';
import { makeSshKey, type SshTestKey } from './ssh-signer.ts';

/** The program as it is shipped. */
export const CLI = join(import.meta.dirname, '../../dist/cli.js');

export const PRINCIPAL = 'tester@example.com';

export interface RunOptions {
  /** Default the repository. */
  readonly cwd?: string;
  /** Added to the repository's clean environment; undefined removes. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly input?: string;
  /** Another Node. */
  readonly node?: string;
  /** Milliseconds; then the program is killed and `code` is null. */
  readonly timeout?: number;
  /** Sees the process as soon as it runs; stdin stays open. */
  readonly onStart?: (child: ChildProcess) => void;
}

export interface RunResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** One line of the report, as far as the attacks look at it. */
export interface Line {
  readonly oid: string;
  readonly decision: 'accepted' | 'rejected';
  readonly status: string;
  readonly reasons: readonly string[];
  readonly notes?: readonly string[];
  readonly gitLetter: string | null;
  readonly committer: string | null;
  readonly signer: { readonly key: string; readonly principal?: string; readonly userId?: string; readonly primaryKey?: string } | null;
}

export interface Verified extends RunResult {
  readonly lines: readonly Line[];
}

/** Runs the program and waits for its end. */
export function runCli(args: readonly string[], options: RunOptions & { readonly cwd: string }): Promise<RunResult> {
  const { cwd, env = {}, input, node = process.execPath, timeout = 60_000, onStart } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(node, [CLI, ...args], { cwd, env: { ...env }, stdio: 'pipe', timeout, killSignal: 'SIGKILL' });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', reject).on('close', (code) => resolve({ code, stdout, stderr }));
    child.stdin.on('error', () => undefined);
    if (onStart === undefined) child.stdin.end(input ?? '');
    else onStart(child);
  });
}

/** The lines of an ndjson report; the last, the summary, is left out. */
export function parseLines(stdout: string): Line[] {
  const values = stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line | { readonly summary: unknown });
  return values.filter((value): value is Line => 'oid' in value);
}

/** A repository, someone whose SSH key is trusted, and files that say so. */
export class AttackWorld implements AsyncDisposable {
  readonly repository: TestRepository;
  readonly key: SshTestKey = makeSshKey('ed25519');
  readonly signer: TestSigner;
  /** Trusts `key` for git. */
  readonly allowedSigners: string;

  private constructor(repository: TestRepository) {
    this.repository = repository;
    this.signer = { identity: `Test Er <${PRINCIPAL}>`, sign: (payload) => this.key.sign(payload) };
    this.allowedSigners = repository.writeFile('allowed_signers', `${PRINCIPAL} namespaces="git" ${this.key.publicLine}\n`);
    // So that git itself can be asked and shown to be fooled.
    repository.config('gpg.ssh.allowedSignersFile', this.allowedSigners);
  }

  static create(options: RepositoryOptions = {}): AttackWorld {
    return new AttackWorld(TestRepository.create(options));
  }

  /** A chain, oldest first; `signed` says which commits carry the trusted signature. Points main to its end. */
  chain(signed: readonly boolean[]): string[] {
    const oids: string[] = [];
    for (const [i, isSigned] of signed.entries()) {
      const parent = oids.at(-1);
      const fields = { message: `commit ${i}\n`, time: 1_700_000_000 + i, ...(parent !== undefined && { parents: [parent] }) };
      oids.push(this.repository.writeCommit(fields, isSigned ? this.signer : undefined));
    }
    this.repository.updateRef('refs/heads/main', oids.at(-1) ?? '');
    return oids;
  }

  /** Any command of the program, in the repository's environment. */
  run(args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
    return runCli(args, { cwd: this.repository.path, ...options, env: { ...this.repository.env, ...options.env } });
  }

  /** `verify --format ndjson` by the trusted signer, or by other trust in `args`. */
  async verify(args: readonly string[], options: RunOptions & { readonly trust?: readonly string[] } = {}): Promise<Verified> {
    const { trust = ['--allowed-signers', this.allowedSigners] } = options;
    const result = await this.run(['verify', '--format', 'ndjson', ...trust, ...args], options);
    return { ...result, lines: parseLines(result.stdout) };
  }

  /** `verify --stdin` of the given objects. */
  verifyIds(oids: readonly string[], options: { readonly trust?: readonly string[] } = {}): Promise<Verified> {
    return this.verify(['--stdin'], { ...options, input: oids.map((oid) => `${oid}\n`).join('') });
  }

  /** Whether git's own verification is content with the object. */
  gitAccepts(oid: string, env: Readonly<Record<string, string>> = {}): boolean {
    const type = this.repository.git('cat-file', '-t', oid);
    return this.git([type === 'tag' ? 'verify-tag' : 'verify-commit', oid], env).status === 0;
  }

  git(args: readonly string[], env: Readonly<Record<string, string>> = {}): GitResult {
    return this.repository.tryGit(args, { env });
  }

  /** Writes a program of the attacker's beside the repository; it notes in `trace` that it ran. */
  writeProgram(name: string, body = ''): string {
    const path = join(this.repository.home, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `#!/bin/sh\necho "$0 $*" >> '${this.trace}'\n${body}\n`);
    chmodSync(path, 0o755);
    return path;
  }

  /** Where programs of the attacker's note that they ran. */
  get trace(): string {
    return join(this.repository.home, 'trace');
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.repository.remove();
  }
}
