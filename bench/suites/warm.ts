// Warm: the same history again, its facts in the cache, against git only listing it.

import { rmSync } from 'node:fs';

import { expectedStatus, makeCacheDirectory, verifyCommand, versionCommand } from '../countersign.ts';
import type { Context } from '../countersign.ts';
import { openBenchRepository } from '../repositories.ts';
import type { BenchRepository, RepositorySpec } from '../repositories.ts';
import { runExpecting } from '../run.ts';
import { Competitor, takeTurns } from '../statistics.ts';
import type { Row } from '../table.ts';
import { measureMemory } from './memory.ts';

const ROUNDS = 5;

async function measureWithCache(context: Context, bench: BenchRepository, cache: string): Promise<Row[]> {
  const { repository, count } = bench;
  const label = `warm ${bench.name}`;
  context.say(`${label}: filling the cache`);
  const first = await runExpecting(verifyCommand(context, bench, { cache }), expectedStatus(bench));
  const memory = await measureMemory(context, bench, { cache }, label);
  const ours = new Competitor(async () => (await runExpecting(verifyCommand(context, bench, { cache }), expectedStatus(bench))).ms);
  const revList = new Competitor(
    async () => (await runExpecting({ program: 'git', args: ['rev-list', 'HEAD'], cwd: repository.path, env: repository.env }, [0])).ms,
  );
  const version = new Competitor(async () => (await runExpecting(versionCommand(context, bench), [0])).ms);
  await takeTurns(ROUNDS, [ours, revList, version]);
  const ratio = ours.median / (revList.median + version.median);
  return [
    { suite: label, measure: `countersign verify, filling the cache, ${count} commits`, value: first.ms, unit: 'ms' },
    { suite: label, measure: 'countersign verify, cache warm', value: ours.median, unit: 'ms' },
    { suite: label, measure: 'git rev-list HEAD', value: revList.median, unit: 'ms' },
    { suite: label, measure: 'countersign --version', value: version.median, unit: 'ms' },
    { suite: label, measure: 'verify : (rev-list + start-up)', value: ratio, unit: 'x', target: { relation: '<=', value: 1.5 } },
    ...memory,
  ];
}

/** A history that is signed throughout, and one that is mostly not. */
export async function measureWarm(context: Context): Promise<Row[]> {
  const specs: RepositorySpec[] = [
    { kind: 'ssh-ed25519', count: context.quick ? 2_000 : 40_000, signEvery: 1 },
    { kind: 'ssh-ed25519', count: context.quick ? 2_000 : 200_000, signEvery: 500 },
  ];
  const rows: Row[] = [];
  for (const spec of specs) {
    const bench = await openBenchRepository(spec, context.say);
    const cache = makeCacheDirectory(bench);
    try {
      rows.push(...(await measureWithCache(context, bench, cache)));
    } finally {
      rmSync(cache, { recursive: true, force: true });
    }
  }
  return rows;
}
