// Walks history: object ids in git's own order, in chunks, as fast as they are taken.

import { ToolError } from '../errors.ts';
import type { Repository } from './repository.ts';
import type { Selection } from './resolve.ts';
import { streamGit, type GitStream } from './run.ts';

function walkError(stderr: string): ToolError {
  const message = stderr.trim().replace(/^(fatal|error): /, '');
  const hint = 'fetch what is missing (git fetch --refetch), or check the repository with git fsck';
  return new ToolError('HISTORY_INCOMPLETE', `cannot walk the history: git rev-list says ${JSON.stringify(message)}`, hint);
}

function shallowError(oid: string): ToolError {
  return new ToolError(
    'HISTORY_SHALLOW',
    `cannot verify: this is a shallow clone, and its history is cut off at ${oid}`,
    'git fetch --unshallow (in CI: check out with the full depth, for example fetch-depth: 0)',
  );
}

/** git writes 4 KiB at a time, some hundred ids; portions of this size are cheaper to handle, and still come within milliseconds. */
const PORTION = 1024;

async function* portionsOf(stream: GitStream, oidLength: number): AsyncGenerator<string[]> {
  let rest = '';
  let oids: string[] = [];
  const width = oidLength + 1;
  for await (const chunk of stream.stdout as AsyncIterable<Buffer>) {
    const text = rest + chunk.toString('latin1');
    const whole = text.length - (text.length % width);
    for (let at = 0; at < whole; at += width) oids.push(text.slice(at, at + oidLength));
    rest = text.slice(whole);
    if (oids.length < PORTION) continue;
    yield oids;
    oids = [];
  }
  if (rest !== '') throw new ToolError('GIT_FAILED', 'git rev-list ended in the middle of a line');
  if (oids.length > 0) yield oids;
}

/**
 * The commits that a selection reaches, newest first as `git rev-list` orders them.
 * Throws ToolError `HISTORY_SHALLOW` when the walk meets the edge of a shallow clone, `HISTORY_INCOMPLETE` when objects are missing.
 *
 * @param maxCount stop after so many commits
 */
export async function* listCommits(repository: Repository, selection: Selection, maxCount?: number): AsyncGenerator<string[]> {
  if (selection.include.length === 0) return;
  const limit = maxCount === undefined ? [] : [`--max-count=${maxCount}`];
  const stream = streamGit(repository, ['rev-list', ...limit, '--stdin']);
  stream.stdin.end([...selection.include, ...selection.exclude.map((oid) => `^${oid}`)].map((line) => `${line}\n`).join(''));
  try {
    const oidLength = (selection.include[0] as string).length;
    for await (const oids of portionsOf(stream, oidLength)) {
      if (repository.shallow.size > 0) {
        const edge = oids.find((oid) => repository.shallow.has(oid));
        if (edge !== undefined) throw shallowError(edge);
      }
      yield oids;
    }
    const { code, stderr } = await stream.ended;
    if (code !== 0) throw walkError(stderr);
  } finally {
    stream.stop();
  }
}
