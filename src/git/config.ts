// Reads the signature settings of git's configuration.

import { isAbsolute, join } from 'node:path';
import { ToolError } from '../errors.ts';
import { findTop, isBelow } from './programs.ts';
import type { Repository } from './repository.ts';
import { runGit } from './run.ts';

/** What git is configured with for verifying; null where a key is not set. */
export interface SignatureConfig {
  readonly allowedSignersFile: string | null;
  readonly revocationFile: string | null;
  readonly minTrustLevel: string | null;
}

async function readPath(repository: Repository, key: string): Promise<string | null> {
  // --type=path expands `~`; a relative path counts from the top of the work tree, as in git's own verification.
  const { code, stdout, stderr } = await runGit(repository, ['config', '--type=path', '-z', '--get', key]);
  if (code === 1) return null;
  if (code !== 0) throw new ToolError('GIT_CONFIG_BROKEN', `cannot read git's configuration: ${stderr.trim()}`, 'mend the file it names');
  const path = stdout.toString('utf8').replace(/\0$/, '');
  if (path === '' || isAbsolute(path)) return path === '' ? null : path;
  const top = await runGit(repository, ['rev-parse', '--path-format=absolute', '--show-toplevel']);
  return join(top.code === 0 ? top.stdout.toString('utf8').trimEnd() : repository.directory, path);
}

async function readText(repository: Repository, key: string): Promise<string | null> {
  const { code, stdout } = await runGit(repository, ['config', '-z', '--get', key]);
  return code === 0 ? stdout.toString('utf8').replace(/\0$/, '') : null;
}

/** Reads `gpg.ssh.allowedSignersFile`, `gpg.ssh.revocationFile` and `gpg.minTrustLevel`. Throws ToolError `GIT_CONFIG_BROKEN`. */
export async function readSignatureConfig(repository: Repository): Promise<SignatureConfig> {
  const [allowedSignersFile, revocationFile, minTrustLevel] = await Promise.all([
    readPath(repository, 'gpg.ssh.allowedSignersFile'),
    readPath(repository, 'gpg.ssh.revocationFile'),
    readText(repository, 'gpg.minTrustLevel'),
  ]);
  return { allowedSignersFile, revocationFile, minTrustLevel };
}

/** Whether a file lies in the work tree that is being judged, where a commit can change it. */
export function isInWorkTree(repository: Repository, path: string): boolean {
  const { directory, gitDirectory, commonDirectory } = repository;
  return isBelow(path, findTop(directory)) && !isBelow(path, gitDirectory) && !isBelow(path, commonDirectory);
}
