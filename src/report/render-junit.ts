// The report as JUnit XML, for CI systems: one test case for each object.

import { escapeText } from '../bytes/index.ts';
import { REASONS, type Verdict } from '../verify/index.ts';
import { Chunks } from './chunks.ts';
import type { Report, Write } from './report.ts';
import { showXml } from './show-text.ts';
import type { Summary } from './summary.ts';
import { objectText, signerText } from './words.ts';
import { writeVerdicts } from './write-verdicts.ts';

/** Test cases in one suite: its counts stand before its cases, so it has to be held in memory until it is full. */
const SUITE_CASES = 1000;

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };

/** Text that may stand anywhere in an XML 1.0 document. */
function escapeXml(text: string): string {
  // XML 1.0 §2.2: controls and lone surrogates (escapeText takes them) and U+FFFE, U+FFFF are not characters.
  const characters = escapeText(text).replace(/[\ufffe\uffff]/g, '\ufffd');
  return showXml(characters.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? ''));
}

function failureText(verdict: Verdict): string {
  const lines = verdict.reasons.map((code) => `${code}: ${REASONS[code].title}\n${REASONS[code].explain}\n${REASONS[code].fix}`);
  if (verdict.committer !== null) lines.push(`committer: ${escapeText(verdict.committer)}`);
  lines.push(`signer: ${signerText(verdict.signer)}`);
  return lines.join('\n');
}

/** Escapes line by line: the line feeds between are ours. */
function escapeLines(text: string): string {
  return text.split('\n').map(escapeXml).join('\n');
}

function caseXml(verdict: Verdict): string {
  const head = `    <testcase classname="countersign.${verdict.type ?? 'object'}" name="${escapeXml(verdict.oid)}" time="0"`;
  if (verdict.decision === 'accepted') return `${head}/>\n`;
  const code = verdict.reasons[0] ?? 'INTERNAL_ERROR';
  const message = escapeXml(`${objectText(verdict)}: ${REASONS[code].title}`);
  return `${head}>\n      <failure type="${code}" message="${message}">${escapeLines(failureText(verdict))}</failure>\n    </testcase>\n`;
}

/** One suite being filled. */
class Suite {
  #cases = '';
  #count = 0;
  #failures = 0;

  add(verdict: Verdict): void {
    this.#cases += caseXml(verdict);
    this.#count++;
    if (verdict.decision !== 'accepted') this.#failures++;
  }

  get isFull(): boolean {
    return this.#count === SUITE_CASES;
  }

  get isEmpty(): boolean {
    return this.#count === 0;
  }

  xml(name: string): string {
    return `  <testsuite name="${escapeXml(name)}" tests="${this.#count}" failures="${this.#failures}" errors="0" skipped="0" time="0">\n${this.#cases}  </testsuite>\n`;
  }
}

/** Writes JUnit XML: suites of at most 1,000 objects, each with its counts. Without objects there is one empty suite. */
export async function renderJunit(report: Report, write: Write): Promise<Summary> {
  const name = `countersign ${report.range.join(' ')}`.trimEnd();
  const chunks = new Chunks(write);
  await chunks.add('<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n');
  let suite = new Suite();
  const summary = await writeVerdicts(report.verdicts, chunks, (verdict) => {
    suite.add(verdict);
    if (!suite.isFull) return '';
    const xml = suite.xml(name);
    suite = new Suite();
    return xml;
  });
  if (!suite.isEmpty || summary.total === 0) await chunks.add(suite.xml(name));
  await chunks.add('</testsuites>\n');
  await chunks.flush();
  return summary;
}
