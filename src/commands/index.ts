// The command line: flags to commands, errors to exit codes. Each command is loaded when it is called.

import process from 'node:process';
import { ToolError } from '../errors.ts';
import { enableCompileCache } from './compile-cache.ts';
import { readVersion } from './version.ts';

const EXIT_UNJUDGED = 2;
const EXIT_BUG = 3;
const EXIT_INTERRUPTED = 130;

async function tell(error: unknown, interrupted: boolean): Promise<number> {
  if (interrupted) return EXIT_INTERRUPTED;
  const { tellError } = await import('./terminal.ts');
  if (error instanceof ToolError) {
    tellError(error);
    return EXIT_UNJUDGED;
  }
  // The reader of a pipe has gone (`| head`): it has what it wanted, we have not finished judging.
  if (error instanceof Error && 'code' in error && error.code === 'EPIPE') return EXIT_UNJUDGED;
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(
    `countersign: this is a bug in countersign ${readVersion()} (Node.js ${process.version}, ${process.platform}); please report it with what follows\n${stack}\n`,
  );
  return EXIT_BUG;
}

/**
 * Runs countersign.
 *
 * @param args the command line without node and script
 * @returns the exit code: 0 accepted, 1 rejected, 2 could not judge, 3 our bug, 130 interrupted
 */
export async function run(args: readonly string[]): Promise<number> {
  if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) {
    process.stdout.write(`${readVersion()}\n`);
    return 0;
  }
  const controller = new AbortController();
  const onInterrupt = (): void => controller.abort(new Error('interrupted'));
  process.once('SIGINT', onInterrupt).once('SIGTERM', onInterrupt);
  try {
    enableCompileCache();
    const { runProgram } = await import('./program.ts');
    return await runProgram(args, controller.signal);
  } catch (error) {
    return await tell(error, controller.signal.aborted);
  } finally {
    process.removeListener('SIGINT', onInterrupt).removeListener('SIGTERM', onInterrupt);
  }
}
