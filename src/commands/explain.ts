// `countersign explain CODE`: prints a reason's page.

import process from 'node:process';
import { ToolError } from '../errors.ts';
import { explainReason, isReasonCode, REASON_CODES, REASONS } from '../verify/index.ts';

/** Prints the page of a code, or without one the list of all. Throws ToolError `REASON_UNKNOWN`. */
export function explain(code: string | undefined): number {
  if (code === undefined) {
    const width = Math.max(...REASON_CODES.map((each) => each.length));
    process.stdout.write(REASON_CODES.map((each) => `${each.padEnd(width)}  ${REASONS[each].title}\n`).join(''));
    return 0;
  }
  const wanted = code.toUpperCase().replaceAll('-', '_');
  if (!isReasonCode(wanted))
    throw new ToolError('REASON_UNKNOWN', `no reason is called ${JSON.stringify(code)}`, 'countersign explain lists all of them');
  process.stdout.write(explainReason(wanted));
  return 0;
}
