// `npm run bench`: measures the built program against git, against bare crypto.verify and against bare node, as ratios within one run.

import { existsSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import type { Context } from './countersign.ts';
import { describeSetting, renderSetting } from './setting.ts';
import { measureCold } from './suites/cold.ts';
import { measureStartUp } from './suites/start-up.ts';
import { measureUnsigned } from './suites/unsigned.ts';
import { measureWarm } from './suites/warm.ts';
import { isMet, renderTable } from './table.ts';
import type { Row } from './table.ts';

interface Suite {
  readonly name: string;
  readonly measure: (context: Context) => Promise<Row[]>;
}

const SUITES: readonly Suite[] = [
  { name: 'start-up', measure: measureStartUp },
  { name: 'cold', measure: measureCold },
  { name: 'warm', measure: measureWarm },
  { name: 'unsigned', measure: measureUnsigned },
];
const NAMES = SUITES.map((suite) => suite.name).join(', ');

const USAGE = `usage: npm run bench -- [--quick] [--only SUITE]... [--json PATH] [--cli PATH]

  --quick       2,000 commits a repository: shows that it works, too small to judge targets by
  --only SUITE  one of ${NAMES}; may be repeated
  --json PATH   writes the figures as JSON too
  --cli PATH    the program under test (default dist/cli.js)

Repositories are generated once, into $COUNTERSIGN_BENCH_DIR or the system's temporary directory.
`;

function selectSuites(names: readonly string[]): readonly Suite[] {
  return names.map((name) => {
    const suite = SUITES.find((known) => known.name === name);
    if (suite === undefined) throw new Error(`--only ${name}: not one of ${NAMES}`);
    return suite;
  });
}

async function measure(context: Context, suites: readonly Suite[]): Promise<Row[]> {
  const rows: Row[] = [];
  for (const suite of suites) rows.push(...(await suite.measure(context)));
  return rows;
}

async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true },
      json: { type: 'string' },
      cli: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return;
  }
  const cli = values.cli === undefined ? fileURLToPath(new URL('../dist/cli.js', import.meta.url)) : resolve(values.cli);
  if (!existsSync(cli)) throw new Error(`${cli}: not there: run npm run build first`);
  const before = describeSetting(cli);
  const rows = await measure(
    { cli, quick: values.quick, say: (text) => process.stderr.write(`${text}\n`) },
    values.only === undefined ? SUITES : selectSuites(values.only),
  );
  const after = describeSetting(cli);
  process.stdout.write(`${renderSetting(before, after, values.quick)}\n${renderTable(rows)}`);
  if (values.json !== undefined) {
    const report = { before, after, quick: values.quick, rows: rows.map((row) => Object.assign({ met: isMet(row) }, row)) };
    writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
  }
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
