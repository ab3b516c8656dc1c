// Finds the programs that are started, so that neither a repository nor a relative PATH entry can supply one.

import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join, sep } from 'node:path';
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

/** Where PATH has the program; only absolute entries count, and none inside `notBelow` (the directory being judged). Null when there is none. */
export function findProgram(name: string, notBelow: string): string | null {
  for (const directory of (process.env['PATH'] ?? '').split(delimiter)) {
    if (!isAbsolute(directory) || `${directory}${sep}`.startsWith(`${notBelow}${sep}`)) continue;
    for (const suffix of SUFFIXES) {
      const path = join(directory, name + suffix);
      if (isExecutable(path)) return path;
    }
  }
  return null;
}

/** The git to use. Throws ToolError `GIT_NOT_FOUND`. */
export function findGit(notBelow: string): string {
  const path = findProgram('git', notBelow);
  if (path === null) throw new ToolError('GIT_NOT_FOUND', 'git is not on the PATH', 'install git 2.31 or later');
  return path;
}
