// The report for people: what was rejected, by reason, with what to do about it, and one line of counts at the end.

import { REASONS, type ReasonCode, type Verdict } from '../verify/index.ts';
import { Chunks } from './chunks.ts';
import { showText } from './show-text.ts';
import type { Report, Write } from './report.ts';
import { PLAIN_STYLE, type Style } from './style.ts';
import type { Summary } from './summary.ts';
import { encodeTime } from './times.ts';
import { countsLine, encodeCount, shortOid, signerText } from './words.ts';
import { writeVerdicts } from './write-verdicts.ts';

/** Objects shown for each reason; the rest are counted. */
const SHOWN = 10;

/** How the text report looks. */
export interface TextOptions {
  /** A line for each object as it comes, the accepted ones too. */
  readonly verbose?: boolean;
  readonly style?: Style;
}

interface Group {
  count: number;
  /** The first few, so that memory stays bounded. */
  readonly first: Verdict[];
}

/** Collects what people must be told of: rejected objects under their first reason, and notes on any object. */
class Findings {
  readonly rejected = new Map<ReasonCode, Group>();
  readonly notes = new Map<ReasonCode, Group>();

  static #put(groups: Map<ReasonCode, Group>, code: ReasonCode, verdict: Verdict): void {
    let group = groups.get(code);
    if (group === undefined) groups.set(code, (group = { count: 0, first: [] }));
    group.count++;
    if (group.first.length < SHOWN) group.first.push(verdict);
  }

  add(verdict: Verdict): void {
    // A rejection without a reason would be a bug; it must be seen all the same.
    if (verdict.decision !== 'accepted') Findings.#put(this.rejected, verdict.reasons[0] ?? 'INTERNAL_ERROR', verdict);
    for (const code of verdict.notes) Findings.#put(this.notes, code, verdict);
  }
}

/** `2026-01-31 09:15` in UTC, as wide when there is no date. */
function dateText(seconds: number | null): string {
  const time = seconds === null ? null : encodeTime(seconds);
  return time === null ? 'no usable date  ' : `${time.slice(0, 10)} ${time.slice(11, 16)}`;
}

function objectLine(verdict: Verdict): string {
  const committer = verdict.committer === null ? 'nobody named' : showText(verdict.committer);
  const signer = verdict.signer === null ? '' : `, signed by ${signerText(verdict.signer)}`;
  return `${shortOid(verdict.oid)}  ${dateText(verdict.claimedAt)}  ${committer}${signer}`;
}

function verboseLine(verdict: Verdict, style: Style): string {
  const decision = (verdict.decision === 'accepted' ? style.good : style.bad)(verdict.decision);
  const reasons = verdict.reasons.length === 0 ? '' : `  ${verdict.reasons.join(' ')}`;
  return `${decision} ${verdict.gitLetter ?? '-'} ${objectLine(verdict)}${reasons}\n`;
}

function groupText(code: ReasonCode, group: Group, style: Style, paint: (text: string) => string): string {
  const { title, fix, commands } = REASONS[code];
  const lines = [`${paint(title)}: ${encodeCount(group.count)}`];
  for (const verdict of group.first) {
    const others = verdict.reasons.filter((each) => each !== code);
    lines.push(`  ${objectLine(verdict)}${others.length === 0 ? '' : ` (also ${others.join(', ')})`}`);
  }
  const hidden = group.count - group.first.length;
  if (hidden > 0) lines.push(`  and ${encodeCount(hidden)} more`);
  lines.push(`  ${style.strong('fix:')} ${fix}`);
  for (const command of commands ?? []) lines.push(`       ${command}`);
  lines.push(`  ${style.faint(`more: countersign explain ${code}`)}`, '');
  return `${lines.join('\n')}\n`;
}

function footText(report: Report, summary: Summary, style: Style): string {
  const trust = report.trust.length === 0 ? ['nothing'] : report.trust.map(showText);
  const lines = trust.map((line) => style.faint(`trusted: ${line}`));
  if (summary.total === 0) lines.push(`nothing to verify: no commit and no tag in ${showText(report.range.join(' ')) || 'the range'}`);
  else lines.push((summary.rejected === 0 ? style.good : style.bad)(countsLine(summary)));
  return `${lines.join('\n')}\n`;
}

/**
 * Writes the report for people. Ends with the sources of trust and exactly one line of counts (or of there being nothing to verify).
 * No line begins with text from the repository, and all such text is escaped.
 */
export async function renderText(report: Report, write: Write, options: TextOptions = {}): Promise<Summary> {
  const { verbose = false, style = PLAIN_STYLE } = options;
  const chunks = new Chunks(write);
  const findings = new Findings();
  const summary = await writeVerdicts(report.verdicts, chunks, (verdict) => {
    findings.add(verdict);
    return verbose ? verboseLine(verdict, style) : '';
  });
  if (verbose && summary.total > 0) await chunks.add('\n');
  for (const [code, group] of findings.notes) await chunks.add(groupText(code, group, style, style.strong));
  for (const [code, group] of findings.rejected) await chunks.add(groupText(code, group, style, style.bad));
  await chunks.add(footText(report, summary, style));
  await chunks.flush();
  return summary;
}
