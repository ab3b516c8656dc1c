// The loop that all renderers share: verdicts in, text out, counted, and nothing held back while there is nothing to do.

import type { Verdict } from '../verify/index.ts';
import type { Chunks } from './chunks.ts';
import { Tally, type Summary } from './summary.ts';

/**
 * Turns of the microtask queue after which a verdict that is not there yet is being waited for. Verdicts that lie ready come through a few
 * nested generators, each of which takes some turns; work on other threads or in git takes longer than any number of them.
 */
const READY_TURNS = 32;

/** Whether the promise settles within a few turns, without waiting for anything else. */
async function isReady(promise: Promise<unknown>): Promise<boolean> {
  const state = { isSettled: false };
  const settle = (): void => void (state.isSettled = true);
  promise.then(settle, settle);
  for (let turn = 0; turn < READY_TURNS && !state.isSettled; turn++) await Promise.resolve();
  return state.isSettled;
}

/**
 * Takes every verdict, writes what `encode` makes of it (in large chunks while verdicts come fast; at once when the next one has to be waited
 * for, since somebody may be waiting for this one), and resolves with the counts.
 */
export async function writeVerdicts(
  verdicts: AsyncIterable<Verdict>,
  chunks: Chunks,
  encode: (verdict: Verdict) => string,
): Promise<Summary> {
  const tally = new Tally();
  const iterator = verdicts[Symbol.asyncIterator]();
  let isDone = false;
  try {
    for (;;) {
      const next = iterator.next();
      if (!(await isReady(next))) await chunks.flush();
      const result = await next;
      if (result.done === true) break;
      tally.add(result.value);
      const full = chunks.add(encode(result.value));
      if (full !== undefined) await full;
    }
    isDone = true;
  } finally {
    // As `for await` does: whoever makes the verdicts is told that no more are wanted.
    if (!isDone) await iterator.return?.();
  }
  return tally.summary();
}
