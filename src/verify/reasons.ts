// The REASONS table: every reason code with its words, the one source for reports, `countersign explain` and docs/reasons.

import { GENERAL_TEXTS } from './reason-texts/general.ts';
import { OBJECT_TEXTS } from './reason-texts/object.ts';
import { OPENPGP_TEXTS } from './reason-texts/openpgp.ts';
import { SSH_TEXTS } from './reason-texts/ssh.ts';
import type { ReasonText } from './reason-texts/types.ts';
import type { ReasonCode } from './verdict.ts';

export type { ReasonText };

/** One row for each code; a code without a row does not compile. */
export const REASONS: Readonly<Record<ReasonCode, ReasonText>> = { ...GENERAL_TEXTS, ...SSH_TEXTS, ...OPENPGP_TEXTS, ...OBJECT_TEXTS };

/** Every code, in the order of the table. */
export const REASON_CODES = Object.keys(REASONS) as readonly ReasonCode[];

/** Whether a text, for example one that a user typed, is a reason code. */
export function isReasonCode(text: string): text is ReasonCode {
  return Object.hasOwn(REASONS, text);
}

/** One reason as Markdown, as docs/reasons/CODE.md holds it and `countersign explain CODE` prints it. Ends with a line feed. */
export function explainReason(code: ReasonCode): string {
  const { title, severity, explain, fix, commands } = REASONS[code];
  const parts = [`# ${code}`, `**${title}** (${severity})`, explain, '## What to do', fix];
  if (commands !== undefined) parts.push(`\`\`\`sh\n${commands.join('\n')}\n\`\`\``);
  return `${parts.join('\n\n')}\n`;
}
