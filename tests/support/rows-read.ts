import type { Queryable, SqlParameter } from '../../src/shared/sql/types.ts';

interface Plan {
  'Node Type': string;
  'Relation Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  'Rows Removed by Index Recheck'?: number;
  Plans?: Plan[];
}

/** The rows that one step of a plan handles in all: what it answers, and what it looks at in vain. */
const handled = (plan: Plan): number =>
  (plan['Actual Rows'] + (plan['Rows Removed by Filter'] ?? 0) + (plan['Rows Removed by Index Recheck'] ?? 0)) *
  plan['Actual Loops'];

const steps = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(steps)];

/** A database that runs each SELECT once more, explained, and tells which step of all plans handled the most rows. */
export class RowsRead implements Queryable {
  /** The most rows that a step handled, and which. */
  most = 0;
  where = '';
  readonly #db: Queryable;

  constructor(db: Queryable) {
    this.#db = db;
  }

  async query<Row>(text: string, parameters?: readonly SqlParameter[]): Promise<Row[]> {
    if (/^\s*(?:SELECT|WITH)\b/i.test(text)) {
      const [row] = await this.#db.query<Record<string, [{ Plan: Plan }]>>(
        `EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) ${text}`,
        parameters,
      );
      for (const step of steps(row!['QUERY PLAN']![0].Plan))
        if (handled(step) > this.most) {
          this.most = handled(step);
          this.where = `${step['Node Type']} ${step['Relation Name'] ?? ''} of ${text}`;
        }
    }
    return this.#db.query<Row>(text, parameters);
  }
}
