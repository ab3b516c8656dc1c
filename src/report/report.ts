// What every renderer takes and gives back.

import type { Verdict } from '../verify/index.ts';
import type { Summary } from './summary.ts';

/** The verdicts on some objects, with what they were judged by. The verdicts can be read once; they come in portions, as they are ready. */
export interface Report {
  /** The repository as the user would name it, usually a path. */
  readonly repository: string;
  /** What was trusted, a line for each source, for example `allowed signers: team.signers (given)`. */
  readonly trust: readonly string[];
  /** The revisions that were asked for, as they were written. */
  readonly range: readonly string[];
  readonly verdicts: AsyncIterable<readonly Verdict[]>;
}

/** Takes the next piece of text; a promise when the reader is slow and the renderer should wait. */
export type Write = (chunk: string) => void | Promise<void>;

/** Writes a report as it comes in, in bounded memory, and resolves with its counts. Rejects only with what the verdicts or `write` reject with. */
export type Renderer = (report: Report, write: Write) => Promise<Summary>;
