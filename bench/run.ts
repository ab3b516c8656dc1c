// Runs programs and takes their time and peak memory.

import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

export interface RunResult {
  /** From the start of the process to the end of its output, in milliseconds. */
  readonly ms: number;
  readonly status: number | null;
  /** The end of stdout, at most 64 KiB. */
  readonly tail: string;
  readonly stderr: string;
}

export interface PeakMemory {
  /** Bytes, of the process itself. */
  readonly own: number;
  /** Bytes, of the largest of its descendants; null where that cannot be seen (no /proc). */
  readonly children: number | null;
}

const TAIL = 64 * 1024;
const PROBE = fileURLToPath(new URL('memory-probe.ts', import.meta.url));
const PROBE_INTERVAL_MS = 20;

/** Runs a command to its end, its stdout read through a pipe and, but for its end, thrown away. */
async function run(command: Command, watch?: (child: ChildProcess) => void): Promise<RunResult> {
  const { program, args, cwd, env } = command;
  const start = performance.now();
  const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  watch?.(child);
  let chunks: Buffer[] = [];
  let kept = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    kept += chunk.length;
    if (kept > 16 * TAIL) {
      chunks = [Buffer.from(Buffer.concat(chunks).subarray(-TAIL))];
      kept = TAIL;
    }
  });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    if (stderr.length < TAIL) stderr += chunk.toString('utf8');
  });
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const ms = performance.now() - start;
  return { ms, status, tail: Buffer.concat(chunks).subarray(-TAIL).toString('utf8'), stderr };
}

/** As `run`; throws when the exit code is not one of `expected`. */
export async function runExpecting(command: Command, expected: readonly number[]): Promise<RunResult> {
  const result = await run(command);
  checkStatus(command, result, expected);
  return result;
}

function checkStatus(command: Command, result: RunResult, expected: readonly number[]): void {
  if (result.status !== null && expected.includes(result.status)) return;
  const said = (result.stderr.trim() || result.tail.trim()).slice(-2000);
  throw new Error(`${command.program} ${command.args.join(' ')}: exit ${result.status}: ${said}`);
}

/** The largest VmHWM of all processes below `pid`, in bytes; a process that just ended is left out. */
function descendantPeak(pid: number): number {
  let peak = 0;
  try {
    for (const task of readdirSync(`/proc/${pid}/task`)) {
      const children = readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').trim();
      for (const child of children === '' ? [] : children.split(' ')) peak = Math.max(peak, readPeak(child), descendantPeak(Number(child)));
    }
  } catch {
    // Ended between two looks.
  }
  return peak;
}

function readPeak(pid: string): number {
  const match = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(match?.[1] ?? 0) * 1024;
}

/** Runs a node program with a probe loaded before it, and returns its peak memory besides. */
export async function runProbed(command: Command, expected: readonly number[]): Promise<RunResult & { readonly peak: PeakMemory }> {
  const directory = mkdtempSync(join(tmpdir(), 'countersign-bench-probe-'));
  const path = join(directory, 'peak');
  let children = 0;
  let timer: NodeJS.Timeout | undefined;
  try {
    const probed = { ...command, args: ['--import', PROBE, ...command.args], env: { ...command.env, COUNTERSIGN_BENCH_PEAK: path } };
    const result = await run(probed, ({ pid }) => {
      if (pid === undefined || process.platform !== 'linux') return;
      timer = setInterval(() => {
        children = Math.max(children, descendantPeak(pid));
      }, PROBE_INTERVAL_MS);
    });
    checkStatus(probed, result, expected);
    const own = Number(readFileSync(path, 'utf8'));
    return { ...result, peak: { own, children: process.platform === 'linux' ? children : null } };
  } finally {
    clearInterval(timer);
    rmSync(directory, { recursive: true, force: true });
  }
}
