// The report as one JSON document, written as it comes in.

import { Chunks } from './chunks.ts';
import { encodeVerdict } from './encode-verdict.ts';
import type { Report, Write } from './report.ts';
import { showJson } from './show-text.ts';
import type { Summary } from './summary.ts';
import { writeVerdicts } from './write-verdicts.ts';

/** Writes `{ repository, trust, range, verdicts, summary }`; a verdict and the summary are as in the line format. */
export async function renderJson(report: Report, write: Write): Promise<Summary> {
  const { repository, trust, range } = report;
  const chunks = new Chunks(write);
  const head = showJson(JSON.stringify({ repository, trust, range }));
  await chunks.add(`${head.slice(0, -1)},"verdicts":[`);
  let separator = '\n';
  const summary = await writeVerdicts(report.verdicts, chunks, (verdict) => {
    const text = `${separator}${encodeVerdict(verdict)}`;
    separator = ',\n';
    return text;
  });
  await chunks.add(`\n],"summary":${JSON.stringify(summary)}}\n`);
  await chunks.flush();
  return summary;
}
