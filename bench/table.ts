// The results: rows of figures with their targets, as text and as data.

export interface Row {
  readonly suite: string;
  readonly measure: string;
  readonly value: number;
  readonly unit: string;
  readonly target?: { readonly relation: '>=' | '<='; readonly value: number };
}

/** Whether the figure keeps its target; null where it has none. NaN keeps none. */
export function isMet(row: Row): boolean | null {
  if (row.target === undefined) return null;
  return row.target.relation === '>=' ? row.value >= row.target.value : row.value <= row.target.value;
}

function renderValue(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

function renderRow(row: Row): string[] {
  const met = isMet(row);
  const target = row.target === undefined ? '' : `${row.target.relation} ${row.target.value}`;
  return [row.suite, row.measure, renderValue(row.value), row.unit, target, met === null ? '' : met ? 'met' : 'MISSED'];
}

/** The rows as an aligned table with a heading, ending in a line feed. */
export function renderTable(rows: readonly Row[]): string {
  const cells = [['suite', 'measure', 'value', 'unit', 'target', ''], ...rows.map(renderRow)];
  const widths = [0, 1, 2, 3, 4, 5].map((column) => Math.max(...cells.map((line) => line[column]?.length ?? 0)));
  const lines = cells.map((line) =>
    line.map((cell, column) => (column === 2 ? cell.padStart(widths[2] ?? 0) : cell.padEnd(widths[column] ?? 0))).join('  '),
  );
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}
