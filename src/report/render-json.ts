// The report as one JSON document, written as it comes in.

import { escapeJson } from '../bytes/index.ts';
import { Chunks } from './chunks.ts';
import { encodeVerdict } from './encode-verdict.ts';
import type { Report, Write } from './report.ts';
import { Tally, type Summary } from './summary.ts';

/** Writes `{ repository, trust, range, verdicts, summary }`; a verdict and the summary are as in the line format. */
export async function renderJson(report: Report, write: Write): Promise<Summary> {
  const { repository, trust, range } = report;
  const chunks = new Chunks(write);
  const tally = new Tally();
  const head = escapeJson(JSON.stringify({ repository, trust, range }));
  await chunks.add(`${head.slice(0, -1)},"verdicts":[`);
  let separator = '\n';
  for await (const verdict of report.verdicts) {
    tally.add(verdict);
    const full = chunks.add(`${separator}${encodeVerdict(verdict)}`);
    if (full !== undefined) await full;
    separator = ',\n';
  }
  const summary = tally.summary();
  await chunks.add(`\n],"summary":${JSON.stringify(summary)}}\n`);
  await chunks.flush();
  return summary;
}
