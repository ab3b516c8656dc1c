// The report as one JSON value a line: a verdict each, and the summary last.

import { escapeJson } from '../bytes/index.ts';
import { Chunks } from './chunks.ts';
import { encodeVerdict } from './encode-verdict.ts';
import type { Report, Write } from './report.ts';
import { Tally, type Summary } from './summary.ts';

/** Writes newline-delimited JSON. A stream without the last line, `{"summary":…}`, was cut off. */
export async function renderNdjson(report: Report, write: Write): Promise<Summary> {
  const chunks = new Chunks(write);
  const tally = new Tally();
  for await (const verdict of report.verdicts) {
    tally.add(verdict);
    const full = chunks.add(`${encodeVerdict(verdict)}\n`);
    if (full !== undefined) await full;
  }
  const summary = tally.summary();
  await chunks.add(`${escapeJson(JSON.stringify({ summary, trust: report.trust, range: report.range }))}\n`);
  await chunks.flush();
  return summary;
}
