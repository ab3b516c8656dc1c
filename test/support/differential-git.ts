// Asks the real git about signatures: letters in bulk, and the exit codes of verify-commit and verify-tag.

import type { GitLetter } from '../../src/index.ts';
import { readGpgStatus } from './openpgp-gpg.ts';
import type { GitOptions, GitResult, TestRepository } from './repository.ts';

/** Where both git and countersign are asked. */
export interface Surroundings {
  readonly gnupgHome?: string;
  /** Default UTC. */
  readonly timeZone?: string;
}

export type Kind = 'commit' | 'tag';

/** The clean environment of the repository, changed as the scene wants it. */
export function environmentOf(repository: TestRepository, { gnupgHome, timeZone = 'UTC' }: Surroundings): Record<string, string> {
  return { ...repository.env, TZ: timeZone, ...(gnupgHome === undefined ? {} : { GNUPGHOME: gnupgHome }) };
}

/**
 * Runs git again when a signal has ended it: git 2.39 dies of SIGPIPE, once in thirty times on a busy machine, when ssh-keygen gives up on a
 * malformed signature before it has read the payload.
 */
function runGit(repository: TestRepository, args: readonly string[], options: GitOptions): GitResult {
  for (let attempt = 0; attempt < 20; attempt++) {
    const result = repository.tryGit(args, options);
    if (result.status !== null) return result;
  }
  throw new Error(`git ${args[0]}: ended by a signal, time and again`);
}

/** The letters of `git log --format=%G?`: one process, and one more for each commit on which it dies (null). */
export function readGitLetters(
  repository: TestRepository,
  oids: readonly string[],
  around: Surroundings = {},
): Map<string, GitLetter | null> {
  const found = new Map<string, GitLetter | null>();
  const env = environmentOf(repository, around);
  const ask = (asked: readonly string[]): void => {
    const args = ['log', '--no-walk=unsorted', '--stdin', '--format=%H %G?'];
    const { status, stdout } = runGit(repository, args, { env, input: asked.map((oid) => `${oid}\n`).join('') });
    const lines = stdout.toString('latin1').split('\n').slice(0, -1);
    for (const line of lines) found.set(line.slice(0, -2), line.slice(-1) as GitLetter);
    if (status === 0) return;
    const rest = asked.slice(lines.length);
    const [first] = rest;
    if (first === undefined) throw new Error('git log died behind its last answer');
    if (asked.length === 1) found.set(first, null);
    else if (lines.length > 0) ask(rest);
    // It died before it answered anything: on the first commit, or in reading any of them.
    else for (const oid of asked) ask([oid]);
  };
  ask([...new Set(oids)]);
  return found;
}

/** What `git verify-tag --raw` says, as the letter that `%G?` would be if there were one for tags. */
export function readTagLetter(repository: TestRepository, oid: string, around: Surroundings = {}): GitLetter | null {
  const { status, stderr } = runGit(repository, ['verify-tag', '--raw', oid], { env: environmentOf(repository, around) });
  if (status === 128) return null;
  if (stderr.includes('[GNUPG:] ')) return readGpgStatus(stderr).letter as GitLetter;
  if (stderr.includes('Good "git" signature for ')) return status === 0 ? 'G' : 'B';
  if (stderr.includes('Good "git" signature with ')) return 'U';
  // No signature, no tagger, no allowed signers: git starts no program and prints nothing of one.
  return stderr === '' || /^error: (?:no signature found|gpg\.ssh\.allowedSignersFile needs)/.test(stderr) ? 'N' : 'B';
}

/** Whether git takes every one of the objects, by the exit code. */
export function gitAccepts(repository: TestRepository, type: Kind, oids: readonly string[], around: Surroundings = {}): boolean {
  return oids.length === 0 || runGit(repository, [`verify-${type}`, ...oids], { env: environmentOf(repository, around) }).status === 0;
}
