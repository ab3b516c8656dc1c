// Starts git (and gpg, for the user's public keys), the only place that starts a program.

import { execFile, spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { cleanEnvironment, FIXED_CONFIG } from './environment.ts';

/** How a program ended. */
export interface RunResult {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** Where and with which git. */
export interface GitLocation {
  readonly git: string;
  readonly directory: string;
}

const MAXIMUM_OUTPUT = 512 * 1024 * 1024;

/** Runs a program to its end, in the clean environment, and collects what it says. A missing program is code 127, a signal 128. */
export function runProgram(
  path: string,
  args: readonly string[],
  options: { cwd: string; input?: string; timeout?: number },
): Promise<RunResult> {
  return new Promise((resolve) => {
    const child = execFile(
      path,
      [...args],
      {
        cwd: options.cwd,
        env: cleanEnvironment(),
        encoding: 'buffer',
        maxBuffer: MAXIMUM_OUTPUT,
        timeout: options.timeout ?? 0,
        windowsHide: true,
      },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : error.code === 'ENOENT' ? 127 : 128;
        resolve({ code, stdout, stderr: stderr.toString('utf8') });
      },
    );
    // A program that ends before it has read its input is told by its exit code, not by EPIPE.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(options.input ?? '');
  });
}

/** Runs git to its end. */
export function runGit(location: GitLocation, args: readonly string[], input?: string): Promise<RunResult> {
  const options = { cwd: location.directory };
  return runProgram(location.git, [...FIXED_CONFIG, ...args], input === undefined ? options : { ...options, input });
}

/** A git whose output is streamed. `ended` resolves to its exit code and the last 4 KiB of its stderr; `stop` ends it. */
export interface GitStream {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly ended: Promise<{ code: number; stderr: string }>;
  stop(): void;
}

/** Starts git with streamed input and output. */
export function streamGit(location: GitLocation, args: readonly string[]): GitStream {
  const child: ChildProcessByStdio<Writable, Readable, Readable> = spawn(location.git, [...FIXED_CONFIG, ...args], {
    cwd: location.directory,
    env: cleanEnvironment(),
    stdio: ['pipe', 'pipe', 'pipe'],
    windowsHide: true,
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-4096);
  });
  child.stdin.on('error', () => undefined);
  const ended = new Promise<{ code: number; stderr: string }>((resolve) => {
    child.on('error', (error) => resolve({ code: 127, stderr: error.message }));
    child.on('close', (code) => resolve({ code: code ?? 128, stderr }));
  });
  return { stdin: child.stdin, stdout: child.stdout, ended, stop: () => void child.kill() };
}
