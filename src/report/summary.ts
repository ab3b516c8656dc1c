// Counts verdicts, and turns the counts into an exit code.

import type { CheckStatus, ReasonCode, Verdict } from '../verify/index.ts';

/** The counts of one report. */
export interface Summary {
  readonly total: number;
  readonly accepted: number;
  readonly rejected: number;
  /** How many objects have each status; a status that did not come up is absent. */
  readonly byStatus: Readonly<Partial<Record<CheckStatus, number>>>;
  /** How many objects were rejected for each reason; an object with two reasons counts under both. */
  readonly byReason: Readonly<Partial<Record<ReasonCode, number>>>;
}

/** Adds up verdicts one at a time. */
export class Tally {
  #total = 0;
  #accepted = 0;
  readonly #byStatus = new Map<CheckStatus, number>();
  readonly #byReason = new Map<ReasonCode, number>();

  add(verdict: Verdict): void {
    this.#total++;
    if (verdict.decision === 'accepted') this.#accepted++;
    this.#byStatus.set(verdict.status, (this.#byStatus.get(verdict.status) ?? 0) + 1);
    for (const code of verdict.reasons) this.#byReason.set(code, (this.#byReason.get(code) ?? 0) + 1);
  }

  summary(): Summary {
    return {
      total: this.#total,
      accepted: this.#accepted,
      // By subtraction: whatever is not accepted is rejected.
      rejected: this.#total - this.#accepted,
      byStatus: Object.fromEntries(this.#byStatus),
      byReason: Object.fromEntries(this.#byReason),
    };
  }
}

/**
 * 0 when everything was accepted, 1 when something was rejected, 2 when something that was asked for could not be judged: it is missing.
 * A range without objects (`A..A`) yields 0: nothing in it is wrong, and a push that brings nothing new must pass. A range that could not be
 * read never gets here: that is an exception, and exit code 2.
 */
export function exitCodeOf(summary: Summary): 0 | 1 | 2 {
  if ((summary.byStatus.missing ?? 0) > 0) return 2;
  return summary.accepted === summary.total && summary.rejected === 0 ? 0 : 1;
}
