// The command table, as commander knows it.

import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import process from 'node:process';
import { ToolError } from '../errors.ts';
import { showText } from '../report/index.ts';
import { readVersion } from './version.ts';
import type { Format, VerifyFlags } from './verify.ts';

const FORMATS: readonly Format[] = ['text', 'json', 'ndjson', 'sarif', 'junit'];

function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}

function parsePositive(text: string): number {
  if (!/^[1-9][0-9]{0,8}$/.test(text)) throw new InvalidArgumentError('It must be a whole number above 0.');
  return Number(text);
}

interface VerifyOptionValues {
  readonly C?: string;
  readonly all?: boolean;
  readonly stdin?: boolean;
  readonly allowedSigners?: readonly string[];
  readonly revoked?: readonly string[];
  readonly keyring?: readonly string[];
  readonly format: Format;
  readonly output?: string;
  readonly maxCount?: number;
  readonly cache: boolean;
  readonly cacheDir?: string;
  readonly jobs?: number;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

function checkUsage(revisions: readonly string[], values: VerifyOptionValues): void {
  const sources = [revisions.length > 0 && 'revisions', values.all === true && '--all', values.stdin === true && '--stdin'].filter(
    (each) => each !== false,
  );
  if (sources.length > 1)
    throw new ToolError('USAGE', `${sources.join(' and ')} cannot go together`, 'name revisions, or --all, or --stdin');
  if (values.quiet === true && values.verbose === true) throw new ToolError('USAGE', '--quiet and --verbose cannot go together');
}

const VERIFY_EXAMPLES = `
Examples:
  countersign verify                                     everything that HEAD reaches, by git's own configuration
  countersign verify --allowed-signers team.signers v1.0..main
  countersign verify --keyring keys/ --format ndjson --all
  countersign verify v1.0 v1.1                           the tag objects themselves
  countersign verify HEAD^!                              one commit

A revision stands for its whole history, as in git log; the name of an annotated tag for the tag object.
Exit codes: 0 all accepted, 1 something rejected, 2 could not judge, 3 a bug in countersign, 130 interrupted.`;

function addVerify(program: Command, run: (code: Promise<number>) => Promise<void>, signal: AbortSignal): void {
  program
    .command('verify')
    .summary('judge the signatures of commits and tags')
    .description(
      'Judges the signatures of commits and tags by the keys you trust: files you name or, without any, what git is configured with\n' +
        "(gpg.ssh.allowedSignersFile, gpg.ssh.revocationFile, the user's gpg keyring).",
    )
    .argument('[revision...]', 'REV, A..B, A...B, ^A or TAG; HEAD when none is given')
    .option('--all', 'every ref: all commits and all tag objects')
    .option('--stdin', 'read object ids from stdin and answer each as it comes')
    .option('--allowed-signers <file>', 'trust the SSH keys of this allowed_signers file (repeatable)', collect)
    .option('--revoked <file>', 'refuse the SSH keys of this KRL or key list (repeatable)', collect)
    .option('--keyring <file|dir>', 'trust the OpenPGP certificates of this file or directory (repeatable)', collect)
    .addOption(new Option('-f, --format <format>', 'how to report').choices(FORMATS).default('text'))
    .option('-o, --output <file>', 'write the report to a file')
    .option('-n, --max-count <number>', 'judge at most so many commits', parsePositive)
    .option('-C <dir>', 'work in this directory')
    .option('--no-cache', 'neither read nor write the cache of cryptographic facts')
    .option('--cache-dir <dir>', 'where the cache lies (default: countersign in your cache directory)')
    .option('-j, --jobs <number>', 'worker threads (default: one a core)', parsePositive)
    .option('-q, --quiet', 'no report: the exit code says it')
    .option('-v, --verbose', 'a line for each object, the accepted ones too')
    .addHelpText('after', VERIFY_EXAMPLES)
    .action((revisions: string[], values: VerifyOptionValues) => {
      checkUsage(revisions, values);
      const flags: VerifyFlags = {
        directory: values.C ?? '.',
        all: values.all === true,
        stdin: values.stdin === true,
        allowedSigners: values.allowedSigners ?? [],
        revoked: values.revoked ?? [],
        keyring: values.keyring ?? [],
        format: values.format,
        cache: values.cache,
        quiet: values.quiet === true,
        verbose: values.verbose === true,
        output: values.output ?? null,
        maxCount: values.maxCount ?? null,
        cacheDir: values.cacheDir ?? null,
        jobs: values.jobs ?? null,
      };
      return run(import('./verify.ts').then(({ verify }) => verify(revisions, flags, signal)));
    });
}

function addExplain(program: Command, run: (code: Promise<number>) => Promise<void>): void {
  program
    .command('explain')
    .summary('say what a reason code means and what to do')
    .description('Prints the page of a reason code; without one, the list of all codes.')
    .argument('[code]', 'for example SSH_KEY_UNKNOWN')
    .action((code: string | undefined) => run(import('./explain.ts').then(({ explain }) => explain(code))));
}

/** Parses the command line and runs the command. Resolves to the exit code; throws ToolError for wrong usage and what commands throw. */
export async function runProgram(args: readonly string[], signal: AbortSignal): Promise<number> {
  let exitCode = 0;
  const run = async (code: Promise<number>): Promise<void> => {
    exitCode = await code;
  };
  const program = new Command('countersign')
    .description('Sign what you ship, verify what you take.')
    .version(readVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .showSuggestionAfterError()
    // What is wrong with an argument is said with the argument, and that may be the name of a ref.
    .configureOutput({ writeErr: (text) => process.stderr.write(text.split('\n').map(showText).join('\n')) })
    .exitOverride();
  addVerify(program, run, signal);
  addExplain(program, run);
  try {
    if (args.length === 0) {
      process.stdout.write(program.helpInformation());
      return 0;
    }
    await program.parseAsync([...args], { from: 'user' });
    return exitCode;
  } catch (error) {
    // commander has already printed what is wrong.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    throw error;
  }
}
