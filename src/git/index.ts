// The face of git/: the only door to git.

export { ObjectReader, RecordCutter, type RecordBatch } from './cat-file.ts';
export { isInWorkTree, readSignatureConfig } from './config.ts';
export { locateGit, openRepository, type Repository } from './repository.ts';
export { resolveSelection, selectAll, type Selection } from './resolve.ts';
export { findGnupgHome, readUserKeyring } from './user-keyring.ts';
export { listCommits } from './rev-list.ts';
