// The environment in which git is started: made from nothing, so that no variable of the caller changes what is read.

import process from 'node:process';

// What git needs to find its files and the user's configuration. Every GIT_* of the caller is left out, GIT_DIR and GIT_CONFIG_COUNT among them.
const KEPT = [
  'PATH',
  'HOME',
  'USERPROFILE',
  'XDG_CONFIG_HOME',
  'SystemRoot',
  'SYSTEMROOT',
  'TMPDIR',
  'TEMP',
  'TMP',
  'USER',
  'LOGNAME',
  'GNUPGHOME',
  'TZ',
];

const SET: Readonly<Record<string, string>> = {
  // Messages that we read must be in English.
  LC_ALL: 'C',
  // Objects as they are, not as refs/replace or info/grafts would have them.
  GIT_NO_REPLACE_OBJECTS: '1',
  GIT_GRAFT_FILE: process.platform === 'win32' ? 'NUL' : '/dev/null',
  // A partial clone must not fetch what is missing: verifying starts no transport.
  GIT_NO_LAZY_FETCH: '1',
  GIT_ALLOW_PROTOCOL: 'none',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_TERMINAL_PROMPT: '0',
};

/** The environment for git and gpg. */
export function cleanEnvironment(): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const name of KEPT) {
    const value = process.env[name];
    if (value !== undefined) environment[name] = value;
  }
  return { ...environment, ...SET };
}

/** Configuration that must not depend on the repository: each could run a program, or lie about the shape of history. */
export const FIXED_CONFIG: readonly string[] = [
  'core.commitGraph=false',
  'core.multiPackIndex=false',
  'core.useReplaceRefs=false',
  'core.fsmonitor=false',
  'core.hooksPath=/dev/null',
  'core.warnAmbiguousRefs=true',
  'core.quotePath=false',
  'log.showSignature=false',
].flatMap((setting) => ['-c', setting]);
