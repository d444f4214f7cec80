/** How to lay a table out: the columns that are set flush right, and the width it must not exceed. */
export type TableLayout = { readonly right: readonly number[]; readonly columns: number };

const GAP = '  ';

function widthsOf(rows: readonly (readonly string[])[]): number[] {
  return (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
}

/** What a table of so many columns leaves for one more before those of `rows`, the header among them. */
export function roomBefore(rows: readonly (readonly string[])[], columns: number): number {
  return widthsOf(rows).reduce((room, width) => room - GAP.length - width, columns);
}

/** Sets rows under a header in aligned columns; the last column is cut at the edge. */
export function renderTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  layout: TableLayout,
): string[] {
  const all = [header, ...rows];
  const widths = widthsOf(all);
  return all.map((row) => {
    const cells = row.map((cell, column) => {
      if (column === row.length - 1 && !layout.right.includes(column)) return cell;
      const width = widths[column] ?? 0;
      return layout.right.includes(column) ? cell.padStart(width) : cell.padEnd(width);
    });
    const line = cells.join(GAP).trimEnd();
    return line.length > layout.columns ? `${line.slice(0, layout.columns - 1)}…` : line;
  });
}
