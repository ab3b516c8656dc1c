// The face of history/: verify ranges, with workers and a cache.

export { cachePathIn, defaultCacheDirectory } from './cache-path.ts';
export { loadTrust, type TrustFiles, type TrustStore } from './trust-store.ts';
export { verifyObjects, verifyRange, verifySelection, type VerifyOptions } from './verify-range.ts';
