// The report as SARIF 2.1.0, for code-scanning pages: one result for each rejected object.

import { REASONS, type ReasonCode, type Verdict } from '../verify/index.ts';
import { Chunks } from './chunks.ts';
import type { Report, Write } from './report.ts';
import { showJson } from './show-text.ts';
import type { Summary } from './summary.ts';
import { encodeTime } from './times.ts';
import { objectText } from './words.ts';
import { writeVerdicts } from './write-verdicts.ts';

const CODES = Object.keys(REASONS) as ReasonCode[];
const RULE_INDEX: ReadonlyMap<ReasonCode, number> = new Map(CODES.map((code, index) => [code, index]));

// A commit has no file, but code scanning wants one: this is what other tools for whole repositories give.
const LOCATIONS = [{ physicalLocation: { artifactLocation: { uri: 'no file associated with this alert' }, region: { startLine: 1 } } }];

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function ruleOf(code: ReasonCode): object {
  const { title, severity, explain, fix, commands } = REASONS[code];
  const help = [fix, ...(commands ?? []).map((command) => `    ${command}`)].join('\n');
  return {
    id: code,
    shortDescription: { text: sentence(title) },
    fullDescription: { text: explain },
    help: { text: help },
    defaultConfiguration: { level: severity },
    properties: { tags: ['security'] },
  };
}

function resultOf(verdict: Verdict): object {
  const { oid, reasons, committer, signer, claimedAt } = verdict;
  const code = reasons[0] ?? 'INTERNAL_ERROR';
  return {
    ruleId: code,
    ruleIndex: RULE_INDEX.get(code),
    level: REASONS[code].severity,
    // Nothing from the repository stands in the message: viewers make links of `[text](address)` in it (SARIF §3.11.6).
    message: { text: `${sentence(objectText(verdict))} ${sentence(REASONS[code].title)}` },
    locations: LOCATIONS,
    // All results share one location, so it is the object and the reason that tell alerts apart.
    partialFingerprints: { primaryLocationLineHash: `${oid}:1`, 'objectId/v1': oid, 'reason/v1': code },
    properties: {
      oid,
      type: verdict.type,
      status: verdict.status,
      reasons,
      committer,
      signer,
      claimedAt: claimedAt === null ? null : encodeTime(claimedAt),
    },
  };
}

/**
 * Writes SARIF 2.1.0.
 *
 * @param version of countersign, shown as the tool's
 */
export async function renderSarif(report: Report, write: Write, version?: string): Promise<Summary> {
  const chunks = new Chunks(write);
  const driver = { name: 'countersign', ...(version === undefined ? {} : { semanticVersion: version }), rules: CODES.map(ruleOf) };
  await chunks.add(
    `{"$schema":"https://json.schemastore.org/sarif-2.1.0.json","version":"2.1.0","runs":[{"tool":${JSON.stringify({ driver })},"results":[`,
  );
  let separator = '\n';
  const summary = await writeVerdicts(report.verdicts, chunks, (verdict) => {
    if (verdict.decision === 'accepted') return '';
    const text = `${separator}${showJson(JSON.stringify(resultOf(verdict)))}`;
    separator = ',\n';
    return text;
  });
  const { repository, trust, range } = report;
  await chunks.add(
    `\n],"columnKind":"utf16CodeUnits","properties":${showJson(JSON.stringify({ repository, trust, range, summary }))}}]}\n`,
  );
  await chunks.flush();
  return summary;
}
