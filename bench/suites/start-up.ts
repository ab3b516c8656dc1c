// Start-up: what the smallest calls cost beyond a bare node.

import { rmSync } from 'node:fs';

import { expectedStatus, makeCacheDirectory, verifyCommand, versionCommand } from '../countersign.ts';
import type { Context } from '../countersign.ts';
import { openBenchRepository } from '../repositories.ts';
import type { BenchRepository } from '../repositories.ts';
import { runExpecting } from '../run.ts';
import { Competitor, takeTurns } from '../statistics.ts';
import type { Row } from '../table.ts';

const ROUNDS = 21;
const VERSION_TARGET_MS = 25;
const VERIFY_TARGET_MS = 60;

async function measureIn(context: Context, ssh: BenchRepository, openpgp: BenchRepository, cache: string): Promise<Row[]> {
  const verify = (bench: BenchRepository, cacheOrNone: string | null) => async (): Promise<number> =>
    (await runExpecting(verifyCommand(context, bench, { cache: cacheOrNone }), expectedStatus(bench))).ms;
  const { path, env } = ssh.repository;
  const node = new Competitor(async () => (await runExpecting({ program: process.execPath, args: ['-e', '0'], cwd: path, env }, [0])).ms);
  const version = new Competitor(async () => (await runExpecting(versionCommand(context, ssh), [0])).ms);
  const verifySsh = new Competitor(verify(ssh, null));
  const verifyCached = new Competitor(verify(ssh, cache));
  const verifyOpenpgp = new Competitor(verify(openpgp, null));
  await takeTurns(ROUNDS, [node, version, verifySsh, verifyCached, verifyOpenpgp]);
  const beyond = (measure: string, ms: number, target: number): Row => {
    return {
      suite: 'start-up',
      measure: `${measure}, beyond node`,
      value: ms - node.median,
      unit: 'ms',
      target: { relation: '<=', value: target },
    };
  };
  return [
    { suite: 'start-up', measure: 'node -e 0', value: node.median, unit: 'ms' },
    beyond('countersign --version', version.median, VERSION_TARGET_MS),
    beyond('verify HEAD --no-cache, one SSH commit', verifySsh.median, VERIFY_TARGET_MS),
    beyond('verify HEAD with a cache, one SSH commit', verifyCached.median, VERIFY_TARGET_MS),
    beyond('verify HEAD --no-cache, one OpenPGP commit', verifyOpenpgp.median, VERIFY_TARGET_MS),
  ];
}

/** Medians of interleaved runs in repositories of one commit. */
export async function measureStartUp(context: Context): Promise<Row[]> {
  const ssh = await openBenchRepository({ kind: 'ssh-ed25519', count: 1, signEvery: 1 }, context.say);
  const openpgp = await openBenchRepository({ kind: 'openpgp-ed25519', count: 1, signEvery: 1 }, context.say);
  context.say(`start-up: ${ROUNDS} rounds`);
  const cache = makeCacheDirectory(ssh);
  try {
    return await measureIn(context, ssh, openpgp, cache);
  } finally {
    rmSync(cache, { recursive: true, force: true });
  }
}
