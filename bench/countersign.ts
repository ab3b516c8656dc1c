// How the program under test is called, and what it must answer to count.

import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';

import type { BenchRepository } from './repositories.ts';
import { runExpecting } from './run.ts';
import type { Command } from './run.ts';

/** What every suite is given. */
export interface Context {
  /** The program under test, a JavaScript file. */
  readonly cli: string;
  readonly quick: boolean;
  readonly say: (text: string) => void;
}

export interface VerifyOptions {
  /** Null: `--no-cache`. */
  readonly cache: string | null;
  readonly format?: 'text' | 'ndjson';
  /** Default `HEAD`. */
  readonly revision?: string;
}

interface Summary {
  readonly total: number;
  readonly accepted: number;
  readonly rejected: number;
}

/** `countersign verify` of the repository's whole history with the trust that belongs to it. */
export function verifyCommand(context: Context, bench: BenchRepository, options: VerifyOptions): Command {
  const { repository, trustFlags } = bench;
  const cache = options.cache === null ? ['--no-cache'] : ['--cache-dir', options.cache];
  const args = [context.cli, 'verify', ...trustFlags, ...cache, '--format', options.format ?? 'text', options.revision ?? 'HEAD'];
  return { program: process.execPath, args, cwd: repository.path, env: repository.env };
}

export function versionCommand(context: Context, bench: BenchRepository): Command {
  return { program: process.execPath, args: [context.cli, '--version'], cwd: bench.repository.path, env: bench.repository.env };
}

/** 0 when every commit is signed, 1 (rejected) when some are not. */
export function expectedStatus(bench: BenchRepository): readonly number[] {
  return [bench.signed === bench.count ? 0 : 1];
}

/** An empty cache directory beside the repository. */
export function makeCacheDirectory(bench: BenchRepository): string {
  return mkdtempSync(join(bench.repository.home, 'cache-'));
}

/**
 * Throws when the program accepts a commit that was changed after it was signed: the speed of a verifier that does not look is worth nothing.
 * The forgery is the last commit without its parents, so that it is its own whole history.
 */
export async function checkForgeryRefused(context: Context, bench: BenchRepository): Promise<void> {
  const { repository } = bench;
  const commit = repository
    .readObject('commit', 'HEAD')
    .toString('latin1')
    .replace(/^parent .*\n/gm, '');
  const revision = repository.writeObject('commit', Buffer.from(commit, 'latin1'));
  await runExpecting(verifyCommand(context, bench, { cache: null, revision }), [1]);
}

/** Throws when the summary that ends the ndjson output does not say that all commits were judged and exactly the signed ones accepted. */
export function checkAnswer(bench: BenchRepository, ndjsonTail: string): void {
  const last = ndjsonTail.trimEnd().split('\n').at(-1) ?? '';
  const { summary }: { summary?: Summary } = JSON.parse(last);
  if (summary?.total === bench.count && summary.accepted === bench.signed && summary.rejected === bench.count - bench.signed) return;
  throw new Error(`${bench.name}: ${bench.signed} of ${bench.count} are signed, the program says ${JSON.stringify(summary)}`);
}
