// Opens a repository: what has to be known of it before anything in it is believed.

import { readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { ToolError } from '../errors.ts';
import { OID_LENGTH, type HashAlgorithm } from '../object/index.ts';
import { findGit } from './programs.ts';
import { runGit, type GitLocation } from './run.ts';

/** A repository to read from. */
export interface Repository extends GitLocation {
  readonly gitDirectory: string;
  /** Shared by all work trees. */
  readonly commonDirectory: string;
  readonly algorithm: HashAlgorithm;
  /** The commits at which a shallow clone cuts history off; empty in a full one. */
  readonly shallow: ReadonlySet<string>;
}

const QUERY = [
  'rev-parse',
  '--path-format=absolute',
  '--git-dir',
  '--git-common-dir',
  '--show-object-format=storage',
  '--is-shallow-repository',
];

function openError(directory: string, stderr: string): ToolError {
  const [first = 'git rev-parse failed'] = stderr.replace(/^fatal: /, '').split('\n');
  if (stderr.includes('dubious ownership')) {
    return new ToolError(
      'REPOSITORY_NOT_OWNED',
      `cannot open ${directory}: it belongs to another user`,
      // People paste this into a shell, and an attacker may have named the directory.
      `git config --global --add safe.directory '${directory.replaceAll("'", String.raw`'\''`)}'`,
    );
  }
  const hint = stderr.includes('not a git repository') ? 'go to a repository, or name one with -C DIR' : undefined;
  return new ToolError('REPOSITORY_NOT_FOUND', `cannot open ${directory}: ${first}`, hint);
}

/**
 * The edges of a shallow clone. git (shallow.c) reads a file with ids in capitals, with text behind them or with overlong lines as well; it
 * writes none of these, and an edge that is overlooked would pass for the beginning of history.
 */
async function readShallow(commonDirectory: string, algorithm: HashAlgorithm): Promise<ReadonlySet<string>> {
  const path = join(commonDirectory, 'shallow');
  const text = await readFile(path, 'latin1');
  const lines = text.replace(/\n$/, '').split('\n');
  if (!lines.every((line) => line.length === OID_LENGTH[algorithm] && /^[0-9a-f]+$/.test(line))) {
    throw new ToolError(
      'HISTORY_SHALLOW',
      `cannot verify: this is a shallow clone, and ${path} is not as git writes it`,
      'git fetch --unshallow, or clone anew',
    );
  }
  return new Set(lines);
}

/**
 * Where git is to work and which git it is; whether there is a repository is not looked at.
 * Throws ToolError `GIT_NOT_FOUND` or `REPOSITORY_NOT_FOUND` (no such directory).
 */
export async function locateGit(directory: string): Promise<GitLocation> {
  const cwd = await realpath(directory).catch(() => null);
  if (cwd === null) throw new ToolError('REPOSITORY_NOT_FOUND', `cannot open ${directory}: no such directory`);
  return { git: findGit(cwd), directory: cwd };
}

/**
 * Opens the repository that `directory` lies in.
 * Throws ToolError `GIT_NOT_FOUND`, `GIT_TOO_OLD`, `REPOSITORY_NOT_FOUND` or `REPOSITORY_NOT_OWNED`.
 */
export async function openRepository(directory: string): Promise<Repository> {
  const location = await locateGit(directory);
  const { directory: cwd } = location;
  const { code, stdout, stderr } = await runGit(location, QUERY);
  if (code !== 0) throw openError(cwd, stderr);
  const [gitDirectory = '', commonDirectory = '', algorithm, shallow, ...rest] = stdout.toString('utf8').split('\n');
  // What git does not know, rev-parse repeats.
  if (gitDirectory.startsWith('--')) throw new ToolError('GIT_TOO_OLD', `${location.git} is too old`, 'install git 2.31 or later');
  // A line feed in the path would move what follows it to the wrong place.
  if (rest.length > 1)
    throw new ToolError('REPOSITORY_NOT_FOUND', `cannot open ${cwd}: its path has a line feed in it`, 'rename the directory');
  if (algorithm !== 'sha1' && algorithm !== 'sha256') {
    throw new ToolError(
      'OBJECT_FORMAT_UNKNOWN',
      `cannot read ${cwd}: its object format is ${JSON.stringify(algorithm)}`,
      'sha1 and sha256 are known',
    );
  }
  const edges = shallow === 'true' ? await readShallow(commonDirectory, algorithm) : new Set<string>();
  return { ...location, gitDirectory, commonDirectory, algorithm, shallow: edges };
}
