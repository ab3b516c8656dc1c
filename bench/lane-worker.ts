// A worker thread that writes one lane of a generated history: a chain of commits, signed with keys of its own.

import { parentPort, workerData } from 'node:worker_threads';

import { addCommits } from '../test/support/history.ts';
import { PackWriter } from '../test/support/pack.ts';
import { makeSigners } from './signers.ts';
import type { KeyTrust, SignerKind } from './signers.ts';

export interface LaneTask {
  readonly directory: string;
  readonly tree: string;
  readonly kind: SignerKind;
  readonly keys: number;
  readonly count: number;
  readonly signEvery: number;
  readonly mergeEvery: number;
  readonly lane: number;
}

export interface LaneResult {
  readonly pack: string;
  readonly tip: string;
  readonly trust: readonly KeyTrust[];
}

function writeLane(task: LaneTask): LaneResult {
  const { directory, tree, kind, keys, count, signEvery, mergeEvery, lane } = task;
  const signers = makeSigners(kind, keys, `lane${lane}`);
  const pack = new PackWriter(directory, 'sha1', count);
  const tip = addCommits(pack, { count, signEvery, signers, mergeEvery, tree, format: 'sha1', label: `lane ${lane}` });
  return { pack: pack.finish(), tip, trust: signers.map((signer) => signer.trust) };
}

const task: LaneTask = workerData;
parentPort?.postMessage(writeLane(task));
