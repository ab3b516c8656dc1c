// `countersign verify`: judges history and reports.

import { createWriteStream } from 'node:fs';
import { dirname, resolve } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { finished } from 'node:stream/promises';
import { ToolError } from '../errors.ts';
import { locateGit, openRepository, resolveSelection, selectAll, type Repository } from '../git/index.ts';
import {
  cachePathIn,
  defaultCacheDirectory,
  loadTrust,
  verifyObjects,
  verifySelection,
  type TrustStore,
  type VerifyOptions,
} from '../history/index.ts';
import { OID_LENGTH } from '../object/index.ts';
import {
  exitCodeOf,
  renderJson,
  renderJunit,
  renderNdjson,
  renderSarif,
  renderText,
  type Report,
  type Renderer,
  type Write,
} from '../report/index.ts';
import { showProgress } from './progress.ts';
import { styleFor, tellWarning, writerTo } from './terminal.ts';
import { readVersion } from './version.ts';

/** The formats of `--format`. */
export type Format = 'text' | 'json' | 'ndjson' | 'sarif' | 'junit';

/** The flags of `countersign verify`, parsed. */
export interface VerifyFlags {
  readonly directory: string;
  readonly all: boolean;
  readonly stdin: boolean;
  readonly allowedSigners: readonly string[];
  readonly revoked: readonly string[];
  readonly keyring: readonly string[];
  readonly format: Format;
  readonly output: string | null;
  readonly maxCount: number | null;
  readonly cache: boolean;
  readonly cacheDir: string | null;
  readonly jobs: number | null;
  readonly quiet: boolean;
  readonly verbose: boolean;
}

/** Object ids from stdin, a line each; what has come in is handed on at once. */
async function* readIds(repository: Repository, signal: AbortSignal): AsyncGenerator<readonly string[]> {
  const length = OID_LENGTH[repository.algorithm];
  let number = 0;
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity, signal })) {
    number++;
    const oid = line.trim();
    if (oid === '') continue;
    if (oid.length !== length || !/^[0-9a-f]+$/.test(oid)) {
      throw new ToolError(
        'USAGE',
        `stdin:${number}: not an object id: ${JSON.stringify(oid.slice(0, 80))}`,
        `one full id of ${length} lower-case hex digits a line; git rev-list prints them`,
      );
    }
    yield [oid];
  }
}

function rendererFor(flags: VerifyFlags): Renderer {
  switch (flags.format) {
    case 'json':
      return renderJson;
    case 'ndjson':
      return renderNdjson;
    case 'sarif':
      return (report, write) => renderSarif(report, write, readVersion());
    case 'junit':
      return renderJunit;
    case 'text': {
      const style = styleFor(flags.output === null ? process.stdout : {});
      return (report, write) => renderText(report, write, { verbose: flags.verbose, style });
    }
  }
}

interface Output {
  readonly write: Write;
  readonly close: () => Promise<void>;
}

const SILENCE: Output = { write: () => undefined, close: () => Promise.resolve() };

function openOutput(path: string | null): Output {
  if (path === null) return { write: writerTo(process.stdout), close: () => Promise.resolve() };
  const stream = createWriteStream(path);
  const write = writerTo(stream);
  const attempt = async (wait: Promise<void>): Promise<void> => {
    try {
      await wait;
    } catch (error) {
      throw new ToolError(
        'OUTPUT_UNWRITABLE',
        `cannot write ${path}: ${error instanceof Error ? error.message : String(error)}`,
        `check that ${dirname(resolve(path))} can be written to`,
      );
    }
  };
  return {
    write: (chunk) => attempt(Promise.resolve(chunk).then(write)),
    close: () => {
      stream.end();
      return attempt(finished(stream));
    },
  };
}

function optionsFor(flags: VerifyFlags, repository: Repository, trust: TrustStore, now: number, signal: AbortSignal): VerifyOptions {
  const directory = flags.cache ? (flags.cacheDir ?? defaultCacheDirectory()) : null;
  return {
    trust,
    now,
    signal,
    onWarning: tellWarning,
    ...(directory !== null && { cachePath: cachePathIn(directory, repository) }),
    ...(flags.maxCount !== null && { maxCount: flags.maxCount }),
    ...(flags.jobs !== null && { jobs: flags.jobs }),
  };
}

/**
 * Runs the command. Resolves to the exit code: 0 all accepted, 1 something rejected, 2 something could not be judged.
 * Throws ToolError for what makes judging impossible.
 *
 * @param revisions as the user wrote them; empty for HEAD
 */
export async function verify(revisions: readonly string[], flags: VerifyFlags, signal: AbortSignal): Promise<number> {
  const now = Math.floor(Date.now() / 1000);
  const names = revisions.length === 0 ? ['HEAD'] : revisions;
  const location = await locateGit(flags.directory);
  // At once: each waits for a git. What is wrong with the repository is told first.
  const selecting = flags.stdin ? Promise.resolve(null) : flags.all ? selectAll(location) : resolveSelection(location, names);
  selecting.catch(() => undefined);
  const repository = await openRepository(flags.directory);
  const files = { allowedSigners: flags.allowedSigners, revoked: flags.revoked, keyrings: flags.keyring };
  const [trust, selection] = await Promise.all([loadTrust(repository, files, now), selecting]);
  trust.warnings.forEach(tellWarning);
  const options = optionsFor(flags, repository, trust, now, signal);
  const batches =
    selection === null ? verifyObjects(repository, readIds(repository, signal), options) : verifySelection(repository, selection, options);
  const isTerminal = process.stderr.isTTY && !flags.quiet && !flags.stdin;
  const report: Report = {
    repository: repository.directory,
    trust: trust.sources,
    range: flags.stdin ? ['--stdin'] : flags.all ? ['--all'] : names,
    verdicts: showProgress(batches, isTerminal),
  };
  const output = flags.quiet && flags.output === null ? SILENCE : openOutput(flags.output);
  const summary = await rendererFor(flags)(report, output.write);
  await output.close();
  return exitCodeOf(summary);
}
