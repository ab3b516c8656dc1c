// Finds the programs that are started, so that neither a repository nor a relative PATH entry can supply one.

import { accessSync, constants, existsSync, realpathSync, statSync } from 'node:fs';
import { delimiter, dirname, isAbsolute, join, sep } from 'node:path';
import process from 'node:process';
import { ToolError } from '../errors.ts';

const SUFFIXES = process.platform === 'win32' ? ['.exe'] : [''];

function isExecutable(path: string): boolean {
  try {
    if (!statSync(path).isFile()) return false;
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The top of the work tree that `directory` lies in, found without git; the directory itself where there is none. Both are real paths. */
export function findTop(directory: string): string {
  // The root itself does not count: every program lies below it.
  for (let top = directory; dirname(top) !== top; top = dirname(top)) if (existsSync(join(top, '.git'))) return top;
  return directory;
}

/** Whether a path leads into the directory `top` (a real path), through whatever links; false when it leads nowhere. */
export function isBelow(path: string, top: string): boolean {
  try {
    return `${realpathSync(path)}${sep}`.startsWith(top.endsWith(sep) ? top : `${top}${sep}`);
  } catch {
    return false;
  }
}

/**
 * Where PATH has the program; only absolute entries count, and none inside the work tree that is being judged, by whatever way
 * they lead there. Null when there is none.
 *
 * @param judged the real path of a directory in that work tree
 */
export function findProgram(name: string, judged: string): string | null {
  const top = findTop(judged);
  for (const directory of (process.env['PATH'] ?? '').split(delimiter)) {
    if (!isAbsolute(directory) || isBelow(directory, top)) continue;
    for (const suffix of SUFFIXES) {
      const path = join(directory, name + suffix);
      if (isExecutable(path)) return path;
    }
  }
  return null;
}

/** The git to use. Throws ToolError `GIT_NOT_FOUND`. */
export function findGit(judged: string): string {
  const path = findProgram('git', judged);
  if (path === null) throw new ToolError('GIT_NOT_FOUND', 'git is not on the PATH', 'install git 2.31 or later');
  return path;
}
