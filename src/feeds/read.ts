/** Reads the view once, from its first row to its last, and notes what differs. Rows are streamed. */
import type { Database } from '../shared/sql/types.ts';
import { storableDiagnostic } from '../shared/text.ts';
import { exactDigest, heldDigest, rowKey } from './canonical.ts';
import { refuseDeleted, refuseDuplicates, stageRows, type StagedRow } from './db/rows.ts';
import type { RunRow } from './db/runs.ts';
import { isUnusable, mapRow, type Mapped, type RecordPlan } from './record.ts';
import type { Column, Source, SourceValue } from './source/types.ts';
import type { Feed, RowProblem } from './types.ts';

const BATCH = 1_000;

/** What reading the view told. */
export interface ReadOutcome {
  read: number;
  /** Rows with a value, by field. */
  filled: Record<string, number>;
  /** Rows without a usable key: they cannot be kept by one. */
  keyless: { number: number; problem: RowProblem }[];
  /** How many there are; the list above is cut. */
  keylessCount: number;
}

/** Enough to see what is wrong. */
const KEYLESS_KEPT = 100;

const storable = (problem: RowProblem): RowProblem => ({ ...problem, message: storableDiagnostic(problem.message) });

const staged = (plan: RecordPlan, row: Mapped & { externalId: string }): StagedRow => {
  const base = { key: rowKey(row.externalId), id: row.externalId, times: 1 };
  if (isUnusable(row))
    return { ...base, exact: null, held: null, values: null, parents: null, problem: storable(row.problem) };
  return {
    ...base,
    exact: exactDigest(plan, row.values),
    held: heldDigest(plan, row.values),
    values: row.values,
    parents:
      row.parents.length === 0
        ? null
        : row.parents.map(({ feed, externalId }) => ({ feed, key: rowKey(externalId), id: externalId })),
    problem: null,
  };
};

/** A key that a batch has twice comes once, and says how often. */
const once = (rows: readonly StagedRow[]): StagedRow[] => {
  const byKey = new Map<string, StagedRow>();
  for (const row of rows) {
    const before = byKey.get(row.key);
    byKey.set(row.key, before ? { ...before, times: before.times + 1 } : row);
  }
  return [...byKey.values()];
};

const hasKey = (row: Mapped): row is Mapped & { externalId: string } => row.externalId !== null;

class Reading {
  readonly outcome: ReadOutcome = { read: 0, filled: {}, keyless: [], keylessCount: 0 };
  readonly #plan: RecordPlan;

  constructor(plan: RecordPlan) {
    this.#plan = plan;
    for (const { name } of plan.fields) this.outcome.filled[name] = 0;
  }

  /** The rows of a batch that have a key. */
  take(rows: readonly SourceValue[][]): StagedRow[] {
    const mapped = rows.map((row) => mapRow(this.#plan, row));
    for (const [at, row] of mapped.entries()) this.#count(this.outcome.read + at + 1, row);
    this.outcome.read += rows.length;
    return mapped.filter(hasKey).map((row) => staged(this.#plan, row));
  }

  #count(number: number, row: Mapped): void {
    if (isUnusable(row)) {
      if (row.externalId !== null) return;
      this.outcome.keylessCount++;
      if (this.outcome.keyless.length < KEYLESS_KEPT)
        this.outcome.keyless.push({ number, problem: storable(row.problem) });
      return;
    }
    for (const [name, value] of Object.entries(row.values)) if (value !== null) this.outcome.filled[name]!++;
  }
}

/**
 * Reads the view and notes its rows under the run. `onBatch` is called after each batch, and ends the reading when it
 * rejects. Rejects with SourceError when the view fails: then nothing of it is written.
 */
export const readView = async (
  { db, source, run, plan, feed, columns }: ReadParts,
  onBatch: (read: number) => Promise<void>,
): Promise<ReadOutcome> => {
  const reading = new Reading(plan);
  for await (const rows of source.rows(feed.view, columns, { size: BATCH })) {
    const batch = once(reading.take(rows));
    if (batch.length > 0) await stageRows(db, run, batch);
    await onBatch(reading.outcome.read);
  }
  await refuseDuplicates(db, run);
  if (feed.policy.deleted === 'tell') await refuseDeleted(db, run);
  return reading.outcome;
};

export interface ReadParts {
  db: Database;
  source: Source;
  run: RunRow;
  plan: RecordPlan;
  feed: Feed;
  columns: readonly Column[];
}
