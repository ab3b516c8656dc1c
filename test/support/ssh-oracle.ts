// Asks the machine's ssh-keygen what it thinks, in the way git does (gpg-interface.c, verify_ssh_signed_buffer), and answers with git's letter.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface OracleQuestion {
  readonly payload: Uint8Array;
  readonly armor: Uint8Array | string;
  readonly allowedSigners: Uint8Array | string;
  /** Seconds since 1970; undefined: git knows no time and gives none. */
  readonly claimedAt?: number;
  readonly revocations?: Uint8Array | string;
  /** Default UTC. */
  readonly timeZone?: string;
}

export interface SshOracle {
  readonly directory: string;
  /** Runs ssh-keygen; never fails by itself. */
  readonly run: (
    args: readonly string[],
    input?: Uint8Array,
    timeZone?: string,
  ) => { readonly status: number; readonly stdout: Buffer; readonly stderr: string };
  /** Whether `ssh-keygen -Y check-novalidate -n git` finds the signature good. */
  readonly checkNoValidate: (payload: Uint8Array, armor: Uint8Array | string) => boolean;
  readonly letter: (question: OracleQuestion) => 'G' | 'U' | 'B';
  readonly close: () => void;
}

function splitLines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line))
    .filter((line) => line !== '');
}

/** A working directory with ssh-keygen in it; close it when done. */
export function openSshOracle(): SshOracle {
  const directory = mkdtempSync(join(tmpdir(), 'ssh-oracle-'));
  const signature = join(directory, 'signature');
  const signers = join(directory, 'signers');
  const revoked = join(directory, 'revoked');
  const name = join(directory, 'principal');

  const start = (program: string, args: readonly string[], input?: Uint8Array, timeZone = 'UTC'): ReturnType<SshOracle['run']> => {
    const { status, stdout, stderr } = spawnSync(program, args, {
      input: input ?? '',
      env: { PATH: process.env['PATH'], HOME: directory, TZ: timeZone },
    });
    return { status: status ?? -1, stdout, stderr: stderr.toString() };
  };
  const run: SshOracle['run'] = (args, input, timeZone) => start('ssh-keygen', args, input, timeZone);

  const localTime = (seconds: number, timeZone: string): string =>
    spawnSync('date', ['-d', `@${seconds}`, '+%Y%m%d%H%M%S'], { env: { PATH: process.env['PATH'], TZ: timeZone } })
      .stdout.toString()
      .trim();

  const letter: SshOracle['letter'] = (question) => {
    const { payload, timeZone = 'UTC', claimedAt } = question;
    writeFileSync(signature, question.armor);
    writeFileSync(signers, question.allowedSigners);
    const time = claimedAt === undefined ? [] : [`-Overify-time=${localTime(claimedAt, timeZone)}`];
    const found = run(['-Y', 'find-principals', '-f', signers, '-s', signature, ...time], payload, timeZone);
    if (found.status !== 0 || found.stdout.length === 0) {
      const checked = run(['-Y', 'check-novalidate', '-n', 'git', '-s', signature, ...time], payload, timeZone);
      return checked.status === 0 && checked.stdout.toString().startsWith('Good "git" signature with ') ? 'U' : 'B';
    }
    if (question.revocations !== undefined) writeFileSync(revoked, question.revocations);
    const revocation = question.revocations === undefined ? [] : ['-r', revoked];
    for (const principal of splitLines(found.stdout.toString('latin1'))) {
      // A name may be any bytes, and node passes arguments as UTF-8 only: the shell reads it from a file.
      writeFileSync(name, principal, 'latin1');
      const args = ['-Y', 'verify', '-n', 'git', '-f', signers, '-s', signature, ...time, ...revocation];
      const verified = start(
        'sh',
        ['-c', 'principal=$(cat "$0") && exec ssh-keygen "$@" -I "$principal"', name, ...args],
        payload,
        timeZone,
      );
      if (verified.status === 0 && verified.stdout.toString('latin1').startsWith('Good "git" signature for ')) return 'G';
    }
    return 'B';
  };

  return {
    directory,
    run,
    letter,
    checkNoValidate: (payload, armor) => {
      writeFileSync(signature, armor);
      return run(['-Y', 'check-novalidate', '-n', 'git', '-s', signature], payload).status === 0;
    },
    close: () => {
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
