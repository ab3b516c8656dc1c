// Opens a repository: what has to be known of it before anything in it is believed.

import { readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { ToolError } from '../errors.ts';
import type { HashAlgorithm } from '../object/index.ts';
import { findGit } from './programs.ts';
import { runGit, type GitLocation } from './run.ts';

/** A repository to read from. */
export interface Repository extends GitLocation {
  readonly gitDirectory: string;
  /** Shared by all work trees. */
  readonly commonDirectory: string;
  readonly algorithm: HashAlgorithm;
  /** `[2, 39]` for git 2.39.5. */
  readonly gitVersion: readonly [number, number];
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
      `git config --global --add safe.directory ${directory}`,
    );
  }
  const hint = stderr.includes('not a git repository') ? 'go to a repository, or name one with -C DIR' : undefined;
  return new ToolError('REPOSITORY_NOT_FOUND', `cannot open ${directory}: ${first}`, hint);
}

/** Throws ToolError `GIT_TOO_OLD` below git 2.31, the first with `--path-format`. */
function parseVersion(text: string): readonly [number, number] {
  const found = /(\d+)\.(\d+)/.exec(text);
  const version = [Number(found?.[1] ?? 0), Number(found?.[2] ?? 0)] as const;
  if (version[0] > 2 || (version[0] === 2 && version[1] >= 31)) return version;
  throw new ToolError('GIT_TOO_OLD', `cannot use ${text.trim() || 'this git'}`, 'install git 2.31 or later');
}

async function readShallow(commonDirectory: string): Promise<ReadonlySet<string>> {
  const text = await readFile(join(commonDirectory, 'shallow'), 'latin1');
  return new Set(text.split('\n').filter((line) => line !== ''));
}

/**
 * Opens the repository that `directory` lies in.
 * Throws ToolError `GIT_NOT_FOUND`, `REPOSITORY_NOT_FOUND` or `REPOSITORY_NOT_OWNED`.
 */
export async function openRepository(directory: string): Promise<Repository> {
  const cwd = await realpath(directory).catch(() => null);
  if (cwd === null) throw new ToolError('REPOSITORY_NOT_FOUND', `cannot open ${directory}: no such directory`);
  const git = findGit(cwd);
  const location = { git, directory: cwd };
  const [version, { code, stdout, stderr }] = await Promise.all([runGit(location, ['version']), runGit(location, QUERY)]);
  const gitVersion = parseVersion(version.stdout.toString('utf8'));
  if (code !== 0) throw openError(cwd, stderr);
  const [gitDirectory = '', commonDirectory = '', algorithm, shallow] = stdout.toString('utf8').split('\n');
  if (algorithm !== 'sha1' && algorithm !== 'sha256') {
    throw new ToolError(
      'OBJECT_FORMAT_UNKNOWN',
      `cannot read ${cwd}: its object format is ${JSON.stringify(algorithm)}`,
      'sha1 and sha256 are known',
    );
  }
  return {
    ...location,
    gitVersion,
    gitDirectory,
    commonDirectory,
    algorithm,
    shallow: shallow === 'true' ? await readShallow(commonDirectory) : new Set(),
  };
}
