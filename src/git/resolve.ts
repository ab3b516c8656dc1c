// Turns what the user names into object ids, once, so that nothing later depends on a name.

import { ToolError } from '../errors.ts';
import { runGit, type GitLocation } from './run.ts';

/** What to judge: tag objects by themselves, and commits by a walk (`include` without what `exclude` reaches). */
export interface Selection {
  readonly tags: readonly string[];
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

interface Name {
  readonly text: string;
  readonly role: 'include' | 'exclude' | 'either' | 'left' | 'right' | 'single';
}

/** Takes `A..B`, `A...B`, `^A` and `A^!` apart; as in git, an empty side is HEAD. */
function parseNames(args: readonly string[]): Name[] {
  return args.flatMap((arg): Name[] => {
    if (arg.startsWith('-'))
      throw new ToolError('USAGE', `not a revision: ${arg}`, 'options go before revisions; names never start with a dash');
    if (/[\n\0]/.test(arg)) throw new ToolError('USAGE', 'a revision may not hold a line feed');
    const three = arg.indexOf('...');
    if (three !== -1) {
      return [
        { text: arg.slice(0, three) || 'HEAD', role: 'left' },
        { text: arg.slice(three + 3) || 'HEAD', role: 'right' },
      ];
    }
    const two = arg.indexOf('..');
    if (two !== -1) {
      return [
        { text: arg.slice(0, two) || 'HEAD', role: 'exclude' },
        { text: arg.slice(two + 2) || 'HEAD', role: 'include' },
      ];
    }
    if (arg.startsWith('^')) return [{ text: arg.slice(1), role: 'exclude' }];
    if (arg.endsWith('^!')) return [{ text: arg.slice(0, -2), role: 'single' }];
    return [{ text: arg, role: 'either' }];
  });
}

function nameError(name: string, answer: string): ToolError {
  const hint =
    name === 'HEAD'
      ? 'a repository without commits has nothing to verify'
      : 'git for-each-ref lists the names; a shallow or partial clone may lack the object';
  return new ToolError('REVISION_UNKNOWN', `cannot find ${JSON.stringify(name)}: git says ${JSON.stringify(answer)}`, hint);
}

async function lookUp(location: GitLocation, names: readonly Name[]): Promise<{ oid: string; type: string }[]> {
  const questions = names.map(({ text, role }) => (role === 'either' ? text : `${text}^{commit}`));
  const input = questions.map((question) => `${question}\n`).join('');
  const { stdout, stderr } = await runGit(location, ['cat-file', '--batch-check=%(objectname) %(objecttype)'], input);
  const ambiguous = /refname '(.*)' is ambiguous/.exec(stderr);
  if (ambiguous !== null) {
    throw new ToolError(
      'REVISION_AMBIGUOUS',
      `${JSON.stringify(ambiguous[1])} names more than one thing`,
      `write refs/heads/${ambiguous[1]} or refs/tags/${ambiguous[1]}`,
    );
  }
  const answers = stdout.toString('utf8').split('\n');
  return names.map(({ text }, i) => {
    const answer = answers[i] ?? stderr.trim();
    const found = /^([0-9a-f]{40,64}) (commit|tag)$/.exec(answer);
    if (found !== null) return { oid: found[1] as string, type: found[2] as string };
    if (/ (tree|blob)$/.test(answer))
      throw new ToolError(
        'REVISION_NOT_SIGNABLE',
        `${JSON.stringify(text)} is a ${answer.slice(-4)}`,
        'only commits and tags carry signatures',
      );
    throw nameError(text, answer.startsWith(questions[i] ?? '') ? answer.slice((questions[i] ?? '').length).trim() : answer);
  });
}

async function listCommits(location: GitLocation, args: readonly string[]): Promise<string[]> {
  const { code, stdout, stderr } = await runGit(location, args);
  // merge-base answers 1 where there is none.
  if (code > 1) throw new ToolError('GIT_FAILED', `git ${args[0] ?? ''} failed: ${stderr.trim()}`);
  return stdout
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '');
}

/**
 * Resolves revisions, ranges and tags as git reads them: a revision stands for its whole history, a tag's name for the tag object.
 * Throws ToolError `USAGE`, `REVISION_UNKNOWN`, `REVISION_AMBIGUOUS` or `REVISION_NOT_SIGNABLE`.
 */
export async function resolveSelection(location: GitLocation, args: readonly string[]): Promise<Selection> {
  const names = parseNames(args);
  const found = await lookUp(location, names);
  const tags: string[] = [];
  const include: string[] = [];
  const exclude: string[] = [];
  for (const [i, { oid, type }] of found.entries()) {
    const role = names[i]?.role;
    if (role === 'exclude') exclude.push(oid);
    else if (role === 'either' && type === 'tag') tags.push(oid);
    else include.push(oid);
    if (role === 'right') exclude.push(...(await listCommits(location, ['merge-base', '--all', found[i - 1]?.oid ?? oid, oid])));
    if (role === 'single') exclude.push(...(await listCommits(location, ['rev-parse', `${oid}^@`])));
  }
  return { tags, include, exclude };
}

/** The commits that tags come to in the end, through any number of tags of tags. Throws ToolError `HISTORY_INCOMPLETE`. */
async function peelTags(location: GitLocation, tags: readonly string[]): Promise<string[]> {
  const input = tags.map((oid) => `${oid}^{}\n`).join('');
  const { stdout } = await runGit(location, ['cat-file', '--batch-check=%(objectname) %(objecttype)'], input);
  const answers = stdout.toString('utf8').split('\n');
  return tags.flatMap((tag, i) => {
    const found = /^([0-9a-f]{40,64}) (commit|tree|blob)$/.exec(answers[i] ?? '');
    if (found === null)
      throw new ToolError(
        'HISTORY_INCOMPLETE',
        `cannot verify: what the tag ${tag} names is missing, or the tag cannot be read`,
        'fetch what is missing (git fetch --refetch), or check the repository with git fsck',
      );
    return found[2] === 'commit' ? [found[1] as string] : [];
  });
}

/**
 * Every ref: the commits that they reach, and every tag object that one of them names.
 * Throws ToolError `HISTORY_INCOMPLETE` when what a tag names is missing.
 */
export async function selectAll(location: GitLocation): Promise<Selection> {
  const { code, stdout, stderr } = await runGit(location, ['for-each-ref', '--format=%(objectname) %(objecttype)']);
  if (code !== 0) throw new ToolError('GIT_FAILED', `git for-each-ref failed: ${stderr.trim()}`);
  const tags = new Set<string>();
  const include = new Set<string>();
  for (const line of stdout.toString('utf8').split('\n')) {
    const [oid = '', type] = line.split(' ');
    if (type === 'tag') tags.add(oid);
    if (type === 'commit') include.add(oid);
  }
  // for-each-ref peels one tag only: what lies behind a tag of a tag would be passed over.
  if (tags.size > 0) for (const oid of await peelTags(location, [...tags])) include.add(oid);
  const head = await runGit(location, ['rev-parse', '--verify', '--quiet', '--end-of-options', 'HEAD^{commit}']);
  if (head.code === 0) include.add(head.stdout.toString('utf8').trim());
  return { tags: [...tags], include: [...include], exclude: [] };
}
