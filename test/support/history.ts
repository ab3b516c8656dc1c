// Writes a chain of commits, signed now and then, into a pack.

import { buildCommit, signCommit } from './build-object.ts';
import type { ObjectFormat } from './build-object.ts';
import type { PackWriter } from './pack.ts';

/** Someone who signs commits, whatever the format of the signature. */
export interface TestSigner {
  /** `Name <mail>`: becomes author and committer. */
  readonly identity: string;
  /** The armored signature; `time` is the commit's, in seconds since 1970. */
  readonly sign: (payload: Uint8Array, time: number) => string;
}

export interface HistoryOptions {
  /** Commits to write. */
  readonly count: number;
  /** Every n-th commit is signed, the n-th being the first of them; 1 signs all, 0 none. */
  readonly signEvery: number;
  /** Take turns. */
  readonly signers: readonly TestSigner[];
  readonly tree: string;
  readonly format: ObjectFormat;
  /** The commit to start upon; default none. */
  readonly parent?: string;
  /** Every n-th commit merges the commit two before it as well; default 0, never. */
  readonly mergeEvery?: number;
  /** The first commit's time, default 1,600,000,000; `timeStep` seconds between commits, default 60. */
  readonly startTime?: number;
  readonly timeStep?: number;
  /** Goes into the messages, so that histories with equal fields still differ. */
  readonly label?: string;
}

const ZONES = ['+0000', '+0200', '-0500', '+0530'];
const UNSIGNED: TestSigner = { identity: 'Some One <someone@example.com>', sign: () => '' };

// Messages of the length that real ones have: with headers and signature a commit is then about as long as git.git's, 800 bytes.
function messageOf(label: string, index: number): string {
  const body =
    index % 3 === 0
      ? '\nThe old way lost the error when the stream closed early; keep it until\nthe reader has seen the end, and say where it came from.\n'
      : '';
  return `${label}: change number ${index}\n${body}`;
}

function parentsOf(recent: readonly string[], isMerge: boolean): string[] {
  const last = recent.at(-1);
  if (last === undefined) return [];
  const other = recent.at(-3);
  return isMerge && other !== undefined ? [last, other] : [last];
}

/** Adds the commits to the pack, oldest first, and returns the id of the last one. */
export function addCommits(pack: PackWriter, options: HistoryOptions): string {
  const {
    count,
    signEvery,
    signers,
    tree,
    format,
    parent,
    mergeEvery = 0,
    startTime = 1_600_000_000,
    timeStep = 60,
    label = 'part',
  } = options;
  if (count < 1) throw new Error('a history has at least one commit');
  let recent: string[] = parent === undefined ? [] : [parent];
  let signed = 0;
  for (let index = 1; index <= count; index++) {
    const isSigned = signEvery > 0 && index % signEvery === 0;
    const signer = isSigned ? (signers[signed++ % signers.length] ?? UNSIGNED) : (signers[index % Math.max(signers.length, 1)] ?? UNSIGNED);
    const time = startTime + (index - 1) * timeStep;
    const parents = parentsOf(recent, mergeEvery > 0 && index % mergeEvery === 0);
    const bytes = buildCommit({
      tree,
      parents,
      author: signer.identity,
      time,
      zone: ZONES[index % ZONES.length] ?? '+0000',
      message: messageOf(label, index),
    });
    const oid = pack.add('commit', isSigned ? signCommit(bytes, signer.sign(bytes, time), format) : bytes);
    recent = [...recent.slice(-2), oid];
  }
  return recent.at(-1) ?? '';
}
