// Cold: a signed history without a cache, against git's own check and against bare crypto.verify.

import { BareCrypto } from '../bare-crypto.ts';
import { checkForgeryRefused, expectedStatus, verifyCommand } from '../countersign.ts';
import type { Context } from '../countersign.ts';
import { openBenchRepository } from '../repositories.ts';
import type { BenchRepository } from '../repositories.ts';
import { runExpecting } from '../run.ts';
import { SIGNER_KINDS } from '../signers.ts';
import type { SignerKind } from '../signers.ts';
import { Competitor, takeTurns } from '../statistics.ts';
import type { Row } from '../table.ts';
import { measureMemory } from './memory.ts';

// An RSA-4096 signature of an SSH key takes 5 ms to make: fewer of them keep the generation below three minutes on two cores.
// The OpenPGP test keys have four primes and sign faster.
const COUNTS: Readonly<Record<SignerKind, number>> = {
  'ssh-ed25519': 40_000,
  'ssh-sk-ed25519': 40_000,
  'ssh-rsa4096': 20_000,
  'openpgp-ed25519': 40_000,
  'openpgp-rsa4096': 40_000,
};
const QUICK_COUNT = 2_000;
// git starts up to two processes a commit: 300 take it several seconds.
const GIT_SAMPLE = 300;
const ROUNDS = 3;

async function timeGit(bench: BenchRepository, sample: number): Promise<number> {
  const { repository } = bench;
  const args = ['log', '--format=%G?', `-${sample}`, 'HEAD'];
  const { ms, tail } = await runExpecting({ program: 'git', args, cwd: repository.path, env: repository.env }, [0]);
  const letters = tail.trim().split('\n');
  if (letters.length !== sample || letters.some((letter) => letter !== 'G'))
    throw new Error(`${bench.name}: git does not find all signatures good`);
  return ms;
}

async function measureKind(context: Context, kind: SignerKind): Promise<Row[]> {
  const count = context.quick ? QUICK_COUNT : COUNTS[kind];
  const bench = await openBenchRepository({ kind, count, signEvery: 1 }, context.say);
  context.say(`cold ${kind}: ${count} signed commits`);
  await checkForgeryRefused(context, bench);
  const memory = await measureMemory(context, bench, { cache: null }, `cold ${kind}`);
  await using crypto = await BareCrypto.prepare(bench);
  const sample = Math.min(GIT_SAMPLE, count);
  const ours = new Competitor(async () => (await runExpecting(verifyCommand(context, bench, { cache: null }), expectedStatus(bench))).ms);
  const bare = new Competitor(async () => crypto.round());
  const git = new Competitor(async () => timeGit(bench, sample));
  await takeTurns(ROUNDS, [ours, bare, git]);
  const oursRate = (count / ours.median) * 1000;
  const bareRate = (crypto.signatures / bare.median) * 1000;
  const gitRate = (sample / git.median) * 1000;
  const row = { suite: `cold ${kind}` };
  return [
    { ...row, measure: `countersign verify --no-cache, ${count} commits`, value: oursRate, unit: 'commits/s' },
    { ...row, measure: `git log --format=%G? -${sample}`, value: gitRate, unit: 'commits/s' },
    { ...row, measure: 'bare crypto.verify, all cores', value: bareRate, unit: 'verifies/s' },
    { ...row, measure: 'countersign : git', value: oursRate / gitRate, unit: 'x', target: { relation: '>=', value: 100 } },
    { ...row, measure: 'bare crypto.verify : git, the most there is', value: bareRate / gitRate, unit: 'x' },
    { ...row, measure: 'countersign : bare crypto.verify', value: oursRate / bareRate, unit: 'x', target: { relation: '>=', value: 0.7 } },
    ...memory,
  ];
}

/** All five kinds of signature, one after the other. */
export async function measureCold(context: Context): Promise<Row[]> {
  const rows: Row[] = [];
  for (const kind of SIGNER_KINDS) rows.push(...(await measureKind(context, kind)));
  return rows;
}
