// Under what the figures came about: program, machine and load, so that a table can be judged later.

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { dirname, join } from 'node:path';

export interface Setting {
  /** The program under test. */
  readonly program: string;
  /** SHA-256 over all JavaScript files of its directory, in hex. */
  readonly digest: string;
  readonly cpu: string;
  readonly cores: number;
  readonly node: string;
  readonly git: string;
  /** Load average of the last minute. */
  readonly load: number;
}

function digestProgram(program: string): string {
  const digest = createHash('sha256');
  const names = readdirSync(dirname(program)).filter((name) => name.endsWith('.js'));
  for (const name of names.toSorted()) digest.update(`${name}\0`).update(readFileSync(join(dirname(program), name)));
  return digest.digest('hex');
}

/** The setting as it is now. */
export function describeSetting(program: string): Setting {
  const git = execFileSync('git', ['--version'], { encoding: 'utf8' }).trim().replace('git version ', '');
  const cpu = cpus()[0]?.model ?? 'unknown';
  const cores = availableParallelism();
  return { program, digest: digestProgram(program), cpu, cores, node: process.version, git, load: loadavg()[0] ?? 0 };
}

/** The heading of the table: what was measured where, and what makes the figures doubtful. */
export function renderSetting(before: Setting, after: Setting, quick: boolean): string {
  const { program, digest, cpu, cores, node, git } = before;
  const lines = [
    `${program} (${digest.slice(0, 12)})`,
    `${cores} cores of ${cpu}, node ${node}, git ${git}, load ${before.load.toFixed(1)} before and ${after.load.toFixed(1)} after`,
  ];
  if (digest !== after.digest) lines.push('DOUBTFUL: the program was built anew during the run, so the rows belong to different programs');
  if (before.load > 1)
    lines.push(
      'DOUBTFUL: the machine was busy before the run; absolute figures are too low, and ratios against one-process competitors too',
    );
  if (quick) lines.push('quick run: targets are meant for the full one');
  return `${lines.join('\n')}\n`;
}
