// Unsigned: a long history with a signature here and there, against git only reading it.

import { expectedStatus, verifyCommand } from '../countersign.ts';
import type { Context } from '../countersign.ts';
import { openBenchRepository } from '../repositories.ts';
import { runExpecting } from '../run.ts';
import { Competitor, takeTurns } from '../statistics.ts';
import type { Row } from '../table.ts';
import { measureMemory } from './memory.ts';

const ROUNDS = 5;

/** 200,000 commits, one in 500 signed. */
export async function measureUnsigned(context: Context): Promise<Row[]> {
  const count = context.quick ? 2_000 : 200_000;
  const bench = await openBenchRepository({ kind: 'ssh-ed25519', count, signEvery: 500 }, context.say);
  const { repository } = bench;
  context.say(`unsigned: ${count} commits, ${bench.signed} of them signed`);
  const memory = await measureMemory(context, bench, { cache: null }, 'unsigned');
  const pipe = 'git rev-list HEAD | git cat-file --batch --buffer > /dev/null';
  const ours = new Competitor(async () => (await runExpecting(verifyCommand(context, bench, { cache: null }), expectedStatus(bench))).ms);
  const git = new Competitor(
    async () => (await runExpecting({ program: 'sh', args: ['-c', pipe], cwd: repository.path, env: repository.env }, [0])).ms,
  );
  await takeTurns(ROUNDS, [ours, git]);
  return [
    { suite: 'unsigned', measure: `countersign verify --no-cache, ${count} commits`, value: ours.median, unit: 'ms' },
    { suite: 'unsigned', measure: 'git rev-list | git cat-file --batch --buffer', value: git.median, unit: 'ms' },
    { suite: 'unsigned', measure: 'countersign : git', value: ours.median / git.median, unit: 'x', target: { relation: '<=', value: 2 } },
    ...memory,
  ];
}
