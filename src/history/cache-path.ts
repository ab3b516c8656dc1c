// Where the fact cache of a repository lies: outside of every work tree, in the user's own cache directory.

import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import process from 'node:process';
import type { Repository } from '../git/index.ts';

/** The user's cache directory: `$XDG_CACHE_HOME/countersign`, on Windows `%LOCALAPPDATA%\countersign\cache`. Null without a home. */
export function defaultCacheDirectory(): string | null {
  const { XDG_CACHE_HOME: xdg, LOCALAPPDATA: local } = process.env;
  if (xdg !== undefined && isAbsolute(xdg)) return join(xdg, 'countersign');
  if (process.platform === 'win32' && local !== undefined && isAbsolute(local)) return join(local, 'countersign', 'cache');
  const home = homedir();
  return isAbsolute(home) ? join(home, '.cache', 'countersign') : null;
}

/** The cache file of a repository. The name is a digest of where the repository lies, so that no name can lead out of the directory. */
export function cachePathIn(directory: string, repository: Repository): string {
  const name = createHash('sha256').update(repository.commonDirectory).digest('hex').slice(0, 32);
  return join(directory, `facts-${name}.sqlite`);
}
