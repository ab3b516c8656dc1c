// Peak memory of one verification, measured in the runs that warm up the file cache and check the answer.

import { checkAnswer, expectedStatus, verifyCommand } from '../countersign.ts';
import type { Context, VerifyOptions } from '../countersign.ts';
import type { BenchRepository } from '../repositories.ts';
import { runProbed } from '../run.ts';
import type { Row } from '../table.ts';

const TARGET_MB = 300;
const MB = 1e6;

/** Verifies once as text and once as ndjson, throws on a wrong answer, and tells the larger peak of the two. */
export async function measureMemory(context: Context, bench: BenchRepository, options: VerifyOptions, label: string): Promise<Row[]> {
  const text = await runProbed(verifyCommand(context, bench, options), expectedStatus(bench));
  const ndjson = await runProbed(verifyCommand(context, bench, { ...options, format: 'ndjson' }), expectedStatus(bench));
  checkAnswer(bench, ndjson.tail);
  const own = Math.max(text.peak.own, ndjson.peak.own) / MB;
  const rows: Row[] = [
    { suite: 'memory', measure: `${label}: peak of the process`, value: own, unit: 'MB', target: { relation: '<=', value: TARGET_MB } },
  ];
  const children = Math.max(text.peak.children ?? Number.NaN, ndjson.peak.children ?? Number.NaN) / MB;
  // git maps its packs into memory, so this one is about as large as the repository.
  if (!Number.isNaN(children)) rows.push({ suite: 'memory', measure: `${label}: peak of its largest child`, value: children, unit: 'MB' });
  return rows;
}
