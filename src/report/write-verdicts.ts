// The loop that all renderers share: verdicts in, text out, counted.

import type { Verdict } from '../verify/index.ts';
import type { Chunks } from './chunks.ts';
import { Tally, type Summary } from './summary.ts';

/**
 * Writes what `encode` makes of each verdict, and resolves with the counts. What came in together goes out together, and at once: somebody
 * may be waiting for it.
 */
export async function writeVerdicts(
  portions: AsyncIterable<readonly Verdict[]>,
  chunks: Chunks,
  encode: (verdict: Verdict) => string,
): Promise<Summary> {
  const tally = new Tally();
  for await (const portion of portions) {
    for (const verdict of portion) {
      tally.add(verdict);
      const full = chunks.add(encode(verdict));
      if (full !== undefined) await full;
    }
    await chunks.flush();
  }
  return tally.summary();
}
