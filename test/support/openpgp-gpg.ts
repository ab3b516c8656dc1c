// Runs the machine's gpg in a throw-away home, and reads its status lines the way git does: the reference that our verdicts are held against.

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface GpgResult {
  readonly exitCode: number;
  readonly status: string;
  readonly stderr: string;
  /** Git's letter for these status lines. */
  readonly letter: string;
  readonly userId: string;
  readonly fingerprint: string;
  readonly primary: string;
  readonly trust: string;
}

const LETTERS: Readonly<Record<string, string>> = { GOODSIG: 'G', BADSIG: 'B', ERRSIG: 'E', EXPSIG: 'X', EXPKEYSIG: 'Y', REVKEYSIG: 'R' };

/** What git 2.39 makes of gpg's status output (gpg-interface.c, parse_gpg_output). */
export function readGpgStatus(status: string): Pick<GpgResult, 'letter' | 'userId' | 'fingerprint' | 'primary' | 'trust'> {
  let letter = 'N';
  let userId = '';
  let fingerprint = '';
  let primary = '';
  let trust = '';
  let seen = 0;
  for (const line of status.split('\n')) {
    const [keyword = '', ...fields] = line.replace(/^\[GNUPG:\] /, '').split(' ');
    const found = LETTERS[keyword];
    if (found !== undefined) {
      seen++;
      letter = found;
      userId = found === 'E' ? '' : fields.slice(1).join(' ');
    } else if (keyword === 'VALIDSIG') {
      fingerprint = (fields[0] ?? '').toLowerCase();
      primary = (fields[9] ?? '').toLowerCase();
    } else if (keyword.startsWith('TRUST_')) trust = keyword.slice(6).toLowerCase();
  }
  if (seen > 1) return { letter: 'E', userId: '', fingerprint: '', primary: '', trust };
  if (letter === 'G' && (trust === 'undefined' || trust === 'never')) letter = 'U';
  return { letter, userId, fingerprint, primary, trust };
}

/** One GNUPGHOME under the system's temporary folder; `close` it. */
export class GpgHome {
  readonly directory: string;
  readonly env: NodeJS.ProcessEnv;

  constructor() {
    this.directory = mkdtempSync(join(tmpdir(), 'gpg-'));
    this.env = { ...process.env, GNUPGHOME: this.directory, HOME: this.directory, LC_ALL: 'C', TZ: 'UTC' };
  }

  /** Runs gpg; returns its stdout, throws with its stderr when it fails. */
  run(args: readonly string[], input?: Uint8Array | string): Buffer {
    return execFileSync('gpg', ['--batch', '--quiet', '--no-tty', '--pinentry-mode', 'loopback', '--passphrase', '', ...args], {
      env: this.env,
      input,
      stdio: ['pipe', 'pipe', 'pipe'],
      maxBuffer: 1 << 28,
    });
  }

  /** Makes a key and returns its primary fingerprint. `expiry` as gpg takes it (`0`, `1y`, `seconds=60`). */
  generate(userId: string, algorithm: string, usage = 'default', expiry = '0', at?: number): string {
    this.run([...this.#clock(at), '--quick-generate-key', userId, algorithm, usage, expiry]);
    return this.fingerprint(userId);
  }

  addSubkey(fingerprint: string, algorithm: string, usage: string, expiry = '0', at?: number): void {
    this.run([...this.#clock(at), '--quick-add-key', fingerprint, algorithm, usage, expiry]);
  }

  fingerprint(userId: string): string {
    const listing = this.run(['--with-colons', '--list-keys', userId]).toString();
    const line = listing.split('\n').find((each) => each.startsWith('fpr:'));
    if (line === undefined) throw new Error(`gpg has no key for ${userId}`);
    return (line.split(':')[9] ?? '').toLowerCase();
  }

  export(...fingerprints: readonly string[]): Buffer {
    return this.run(['--export', ...fingerprints]);
  }

  exportArmored(...fingerprints: readonly string[]): string {
    return this.run(['--armor', '--export', ...fingerprints]).toString();
  }

  exportOwnertrust(): string {
    return this.run(['--export-ownertrust']).toString();
  }

  /** Imports certificates; gpg's failure (it may take none of them) is not an error here. */
  import(certificates: Uint8Array | string, at?: number): void {
    spawnSync('gpg', ['--batch', '--quiet', '--no-tty', '--no-auto-check-trustdb', ...this.#clock(at), '--import'], {
      env: this.env,
      input: certificates,
    });
  }

  /** Sets ownertrust: 2 undefined, 3 never, 4 marginal, 5 fully, 6 ultimate. */
  trust(fingerprint: string, level: number): void {
    this.run(['--import-ownertrust'], `${fingerprint.toUpperCase()}:${level}:\n`);
  }

  /** An armored detached signature by the key (append `!` for exactly this sub-key). */
  sign(fingerprint: string, payload: Uint8Array, options: readonly string[] = [], at?: number): string {
    return this.run([...this.#clock(at), '--armor', '--local-user', fingerprint, ...options, '--detach-sign'], payload).toString();
  }

  /** What `gpg --verify` says, run as git runs it, with `trust-model` always or as given. */
  verify(payload: Uint8Array, signature: Uint8Array | string, options: readonly string[] = [], at?: number): GpgResult {
    const file = join(this.directory, 'signature.tmp');
    writeFileSync(file, signature);
    const args = ['--no-auto-check-trustdb', '--keyid-format=long', '--status-fd=1', ...options, ...this.#clock(at), '--verify', file, '-'];
    const result = spawnSync('gpg', ['--no-tty', ...args], { env: this.env, input: payload });
    const status = result.stdout.toString('latin1');
    return { exitCode: result.status ?? -1, status, stderr: result.stderr.toString(), ...readGpgStatus(status) };
  }

  /** Stops the agent and removes the folder. */
  close(): void {
    spawnSync('gpgconf', ['--kill', 'all'], { env: this.env });
    rmSync(this.directory, { recursive: true, force: true });
  }

  #clock(at: number | undefined): string[] {
    return at === undefined ? [] : ['--faked-system-time', `${at}!`];
  }
}
