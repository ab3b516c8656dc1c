// Reads the public keys of the user's own OpenPGP keyring, and what it thinks of their validity, through gpg.

import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { ToolError } from '../errors.ts';
import { findProgram } from './programs.ts';
import { runProgram } from './run.ts';

/** How valid gpg holds a certificate to be (its `--with-colons` letter, in words). */
export type KeyringValidity = 'undefined' | 'never' | 'marginal' | 'fully' | 'ultimate';

/** The user's keyring: every public key as one export, and the validity of each by its primary fingerprint (lower case). */
export interface UserKeyring {
  readonly home: string;
  readonly certificates: Uint8Array;
  readonly validity: ReadonlyMap<string, KeyringValidity>;
}

// doc/DETAILS of GnuPG, field 2.
const VALIDITY: Readonly<Record<string, KeyringValidity>> = { n: 'never', m: 'marginal', f: 'fully', u: 'ultimate' };
const RANK: readonly KeyringValidity[] = ['undefined', 'never', 'marginal', 'fully', 'ultimate'];
const TIMEOUT = 120_000;

function parseValidity(listing: string): Map<string, KeyringValidity> {
  const found = new Map<string, KeyringValidity>();
  let best: KeyringValidity = 'undefined';
  let fingerprint: string | null = null;
  for (const line of listing.split('\n')) {
    const fields = line.split(':');
    if (fields[0] === 'pub') {
      best = 'undefined';
      fingerprint = null;
    }
    if (fields[0] === 'fpr') fingerprint ??= (fields[9] ?? '').toLowerCase();
    // The best user id makes the key's validity, as for a signature without a named user id.
    if (fields[0] === 'pub' || fields[0] === 'uid') {
      const validity = VALIDITY[fields[1] ?? ''] ?? 'undefined';
      if (RANK.indexOf(validity) > RANK.indexOf(best)) best = validity;
    }
    if (fingerprint !== null) found.set(fingerprint, best);
  }
  return found;
}

/** Where gpg keeps the user's keys, or null when it keeps none: asking gpg would make the directory. */
export function findGnupgHome(): string | null {
  const home = process.env['GNUPGHOME'] ?? join(process.env['HOME'] ?? homedir(), '.gnupg');
  return existsSync(home) ? home : null;
}

/**
 * Exports the user's public keys, once. Null when the user has no keyring or there is no gpg.
 * gpg is taken from the PATH, never from `gpg.program`: a repository's configuration must not name a program to run.
 * Throws ToolError `KEYRING_UNREADABLE` when gpg fails.
 *
 * @param notBelow the directory being judged: no program of its is started
 */
export async function readUserKeyring(notBelow: string): Promise<UserKeyring | null> {
  const home = findGnupgHome();
  const gpg = findProgram('gpg', notBelow);
  if (home === null || gpg === null) return null;
  const options = { cwd: notBelow, timeout: TIMEOUT };
  const quiet = ['--batch', '--no-tty', '--no-auto-check-trustdb'];
  const [exported, listed] = await Promise.all([
    runProgram(gpg, [...quiet, '--export'], options),
    runProgram(gpg, [...quiet, '--with-colons', '--list-keys'], options),
  ]);
  for (const { code, stderr } of [exported, listed]) {
    if (code !== 0) {
      throw new ToolError(
        'KEYRING_UNREADABLE',
        `cannot read the keyring in ${home}: gpg says ${JSON.stringify(stderr.trim().slice(0, 400))}`,
        'name the keys with --keyring FILE',
      );
    }
  }
  return { home, certificates: exported.stdout, validity: parseValidity(listed.stdout.toString('latin1')) };
}
