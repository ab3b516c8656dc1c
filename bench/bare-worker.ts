// A worker thread that prepares its share of a repository's signatures, then runs nothing but crypto.verify over them when told to.

import { spawnSync } from 'node:child_process';
import { verify } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';

import { BareParser } from './bare-parts.ts';
import type { BareSignature } from './bare-parts.ts';

export interface BareTask {
  readonly path: string;
  readonly env: Readonly<Record<string, string>>;
  readonly oids: readonly string[];
  readonly certificates: string;
}

const OUTPUT_LIMIT = 1024 * 1024 * 1024;

function prepare(task: BareTask): BareSignature[] {
  const input = `${task.oids.join('\n')}\n`;
  const { stdout } = spawnSync('git', ['cat-file', '--batch', '--buffer'], {
    cwd: task.path,
    env: task.env,
    input,
    maxBuffer: OUTPUT_LIMIT,
  });
  const parser = new BareParser(task.certificates);
  const signatures: BareSignature[] = [];
  for (let offset = 0; offset < stdout.length;) {
    const lineEnd = stdout.indexOf('\n', offset);
    const size = Number(stdout.toString('latin1', offset, lineEnd).split(' ')[2]);
    const signature = parser.parse(stdout.subarray(lineEnd + 1, lineEnd + 1 + size));
    if (signature !== null) signatures.push(signature);
    offset = lineEnd + 1 + size + 1;
  }
  return signatures;
}

const task: BareTask = workerData;
const signatures = prepare(task);
parentPort?.postMessage(signatures.length);
parentPort?.on('message', () => {
  let good = 0;
  for (const { digest, signed, key, signature } of signatures) if (verify(digest, signed, key, signature)) good++;
  parentPort?.postMessage(good);
});
