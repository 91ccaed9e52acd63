import { SourceError, type Column, type Source, type SourceValue, type View } from '../../../src/feeds/source/types.ts';

export type ListedRow = Record<string, SourceValue>;

/** A column of texts. */
export const textColumn = (name: string, more: Partial<Column> = {}): Column => ({
  name,
  type: 'text',
  declared: 'varchar',
  isNullable: true,
  length: null,
  precision: null,
  scale: null,
  ...more,
});

/** Views that a test lists, row by row: what a database is to feeds, and how it fails. */
export class ListedSource implements Source {
  readonly views = new Map<string, { columns: Column[]; rows: ListedRow[] }>();
  /** The view fails at this row, counted from 0. */
  failsAt: number | null = null;

  set(view: string, columns: Column[], rows: ListedRow[]): void {
    this.views.set(view, { columns, rows });
  }

  async columns({ name }: View): Promise<Column[]> {
    const view = this.views.get(name);
    if (!view) throw new SourceError('NO_VIEW', `there is no view ${name}; create it, or correct the configuration`);
    return view.columns;
  }

  async *rows(
    { name }: View,
    columns: readonly Column[],
    { size }: { size: number },
  ): AsyncGenerator<SourceValue[][], void, void> {
    const { rows } = this.views.get(name)!;
    for (let from = 0; from < rows.length; from += size) {
      if (this.failsAt !== null && from + size > this.failsAt)
        throw new SourceError('LOST', `the connection was lost after ${this.failsAt} rows; look at the server`, true);
      yield rows.slice(from, from + size).map((row) => columns.map((column) => row[column.name] ?? null));
    }
  }

  async close(): Promise<void> {}
}
