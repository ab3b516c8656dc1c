// The report as one JSON value a line: a verdict each, and the summary last.

import { Chunks } from './chunks.ts';
import { encodeVerdict } from './encode-verdict.ts';
import type { Report, Write } from './report.ts';
import { showJson } from './show-text.ts';
import type { Summary } from './summary.ts';
import { writeVerdicts } from './write-verdicts.ts';

/** Writes newline-delimited JSON. A stream without the last line, `{"summary":…}`, was cut off. */
export async function renderNdjson(report: Report, write: Write): Promise<Summary> {
  const chunks = new Chunks(write);
  const summary = await writeVerdicts(report.verdicts, chunks, (verdict) => `${encodeVerdict(verdict)}\n`);
  await chunks.add(`${showJson(JSON.stringify({ summary, trust: report.trust, range: report.range }))}\n`);
  await chunks.flush();
  return summary;
}
