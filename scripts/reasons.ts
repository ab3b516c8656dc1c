// Writes docs/reasons from the REASONS table: `node scripts/reasons.ts`, after a change of the table.

import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { explainReason, REASON_CODES, REASONS } from '../src/verify/reasons.ts';

const INTRODUCTION = `# Reasons

Every code that can stand in the \`reasons\` or \`notes\` of a verdict. \`countersign explain CODE\` prints the same pages.
An *error* rejects the object; a *warning* is a note. These pages are generated from the table in src/verify/reasons.ts.

| code | in short | severity |
| --- | --- | --- |
`;

/** Every page of docs/reasons by its file name. */
export function reasonPages(): Map<string, string> {
  const pages = new Map(REASON_CODES.map((code) => [`${code}.md`, explainReason(code)]));
  const rows = REASON_CODES.map((code) => `| [${code}](${code}.md) | ${REASONS[code].title} | ${REASONS[code].severity} |\n`);
  return pages.set('README.md', `${INTRODUCTION}${rows.join('')}`);
}

/** Brings a folder in step with the table: pages of codes that are gone are removed. */
function writePages(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const pages = reasonPages();
  for (const name of readdirSync(folder)) if (!pages.has(name)) rmSync(`${folder}/${name}`);
  for (const [name, text] of pages) writeFileSync(`${folder}/${name}`, text);
}

if (import.meta.main) writePages(fileURLToPath(new URL('../docs/reasons', import.meta.url)));
