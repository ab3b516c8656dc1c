// Verifies history: what the user names in, verdicts out, in history order.

import { availableParallelism } from 'node:os';
import { listCommits, resolveSelection, selectAll, type Repository, type Selection } from '../git/index.ts';
import { checkFacts, decide, type ObjectFacts, type Trust, type Verdict } from '../verify/index.ts';
import { FactCache } from './fact-cache.ts';
import { streamFacts } from './stream-facts.ts';
import type { TrustStore } from './trust-store.ts';

/** How to verify. */
export interface VerifyOptions {
  /** Whom to believe; see {@link loadTrust}. */
  readonly trust: TrustStore;
  /** The time at which OpenPGP keys are judged, seconds since 1970; by default the present. */
  readonly now?: number;
  /** Path of the fact cache; absent: no cache is read or written. See {@link defaultCachePath}. */
  readonly cachePath?: string;
  /** Worker threads; by default one a core. */
  readonly jobs?: number;
  /** At most so many commits of a walk. */
  readonly maxCount?: number;
  /** Ends the run: it throws the signal's reason. */
  readonly signal?: AbortSignal;
  /** Told of what does not change the answer, such as a damaged cache. */
  readonly onWarning?: (message: string) => void;
}

async function* selectionIds(repository: Repository, selection: Selection, maxCount?: number): AsyncGenerator<readonly string[]> {
  if (selection.tags.length > 0) yield selection.tags;
  yield* listCommits(repository, selection, maxCount);
}

async function trustFor(store: TrustStore, facts: readonly ObjectFacts[], known: Trust | null): Promise<Trust | null> {
  if (known !== null || !facts.some(({ format }) => format === 'openpgp')) return known;
  return store.loadAll();
}

/**
 * Verifies objects by id, in order; ids may still be coming in while verdicts go out.
 * A portion of ids yields one array of verdicts. Throws ToolError when git or the trust fails.
 */
export async function* verifyObjects(
  repository: Repository,
  ids: AsyncIterable<readonly string[]>,
  options: VerifyOptions,
): AsyncGenerator<Verdict[]> {
  const now = options.now ?? Math.floor(Date.now() / 1000);
  const warn = options.onWarning ?? (() => undefined);
  const { cachePath, trust: store } = options;
  const openCache = (): FactCache | null => (cachePath === undefined ? null : FactCache.open(cachePath, repository.algorithm, warn));
  const factOptions = { trust: store, openCache, jobs: options.jobs ?? availableParallelism() };
  let complete: Trust | null = null;
  for await (const facts of streamFacts(repository, ids, factOptions, options.signal)) {
    complete = await trustFor(store, facts, complete);
    const trust = complete ?? store.withoutOpenpgp;
    yield facts.map((each) => decide(checkFacts(each, trust, now)));
  }
}

/** Verifies what a selection reaches: its tags first, then its commits, newest first. */
export function verifySelection(repository: Repository, selection: Selection, options: VerifyOptions): AsyncGenerator<Verdict[]> {
  return verifyObjects(repository, selectionIds(repository, selection, options.maxCount), options);
}

/**
 * Verifies revisions, ranges and tags, named as git names them: a revision stands for its whole history (`HEAD`, `main`),
 * `A..B` for what B has and A has not, the name of an annotated tag for the tag object. `['--all']` stands for every ref.
 *
 * @returns verdicts in history order; nothing is thrown for a bad signature
 * Throws ToolError when a name is unknown or ambiguous, the clone is shallow, or objects are missing.
 */
export async function* verifyRange(repository: Repository, revisions: readonly string[], options: VerifyOptions): AsyncGenerator<Verdict> {
  const all = revisions.length === 1 && revisions[0] === '--all';
  const selection = all ? await selectAll(repository) : await resolveSelection(repository, revisions);
  for await (const verdicts of verifySelection(repository, selection, options)) yield* verdicts;
}
