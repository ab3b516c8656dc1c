// Progress on stderr, when stderr is a terminal: one line, rewritten a few times a second.

import process from 'node:process';
import { encodeCount } from '../report/index.ts';
import type { Verdict } from '../verify/index.ts';

const INTERVAL_MS = 100;
/** Short runs show nothing: a line that flashes up tells nobody anything. */
const DELAY_MS = 500;

/** Passes verdicts through and shows how many there have been. Draws nothing when `enabled` is false. */
export async function* showProgress(verdicts: AsyncIterable<Verdict[]>, enabled: boolean): AsyncGenerator<Verdict[]> {
  let count = 0;
  let rejected = 0;
  let drawn = false;
  let last = Date.now() + DELAY_MS - INTERVAL_MS;
  try {
    for await (const batch of verdicts) {
      yield batch;
      count += batch.length;
      if (!enabled) continue;
      for (const { decision } of batch) if (decision !== 'accepted') rejected++;
      const now = Date.now();
      if (now - last < INTERVAL_MS) continue;
      last = now;
      drawn = true;
      process.stderr.write(`\r\u001b[Kverifying: ${encodeCount(count)}, ${encodeCount(rejected)} rejected`);
    }
  } finally {
    if (drawn) process.stderr.write('\r\u001b[K');
  }
}
