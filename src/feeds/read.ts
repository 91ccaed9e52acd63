/** Reads the view once, from its first row to its last, and notes what differs. Rows are streamed. */
import type { Database } from '../shared/sql/types.ts';
import { looksMisread, storableDiagnostic } from '../shared/text.ts';
import { exactDigest, heldDigest, rowKey } from './canonical.ts';
import {
  knownRows,
  lastPlace,
  markVanished,
  refuseDeleted,
  refuseDuplicates,
  stageRows,
  type StagedRow,
} from './db/rows.ts';
import type { RunRow } from './db/runs.ts';
import { isUnusable, mapRow, type Mapped, type RecordPlan } from './record.ts';
import { ViewSums } from './proof.ts';
import { Seen } from './seen.ts';
import type { Column, Source, SourceValue } from './source/types.ts';
import type { Feed, RowProblem } from './types.ts';

const BATCH = 1_000;

/** What reading the view told. */
export interface ReadOutcome {
  read: number;
  /** Of different external ids. */
  seen: number;
  /** Rows with a value, by field. */
  filled: Record<string, number>;
  /** Rows without a usable key: they cannot be kept by one. */
  keyless: { number: number; problem: RowProblem }[];
  /** How many there are; the list above is cut. */
  keylessCount: number;
  /** By field, how many texts look as if another encoding had been read, and the external id of the first. */
  misread: Record<string, { count: number; first: string }>;
  /** Of the rows that can be written; null: the feed has no digests. */
  sums: ViewSums | null;
}

/** Enough to see what is wrong. */
const KEYLESS_KEPT = 100;

const storable = (problem: RowProblem): RowProblem => ({ ...problem, message: storableDiagnostic(problem.message) });

const staged = (plan: RecordPlan, row: Mapped & { externalId: string }): StagedRow => {
  const base = { key: rowKey(row.externalId), id: row.externalId };
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

/** A key that a batch has twice comes once; which keys it has twice. */
const once = (rows: readonly StagedRow[]): { rows: StagedRow[]; repeated: string[] } => {
  const byKey = new Map(rows.map((row) => [row.key, row]));
  if (byKey.size === rows.length) return { rows: [...rows], repeated: [] };
  const met = new Set<string>();
  const repeated = rows.flatMap(({ key }) => (met.has(key) ? [key] : (met.add(key), [])));
  return { rows: [...byKey.values()], repeated: [...new Set(repeated)] };
};

/** Notes a batch: rows that Salesforce does not hold as they are, and rows whose key came before. */
const noteBatch = async ({ db, run }: ReadParts, batch: readonly StagedRow[], seen: Seen): Promise<void> => {
  const { rows, repeated } = once(batch);
  const known = await knownRows(db, run, rows);
  const same = new Set(known.flatMap(({ row_key: key, is_same: isSame }) => (isSame ? [key] : [])));
  const others = rows.filter(({ key }) => !same.has(key));
  const staged = others.length > 0 ? await stageRows(db, run, others) : [];
  const places = [...known.filter(({ row_key: key }) => same.has(key)), ...staged];
  const again = places.flatMap(({ row_key: key, row_no: place }) => (seen.add(place) ? [] : [key]));
  const duplicates = [...new Set([...repeated, ...again])];
  if (duplicates.length > 0) await refuseDuplicates(db, run, duplicates);
};

const hasKey = (row: Mapped): row is Mapped & { externalId: string } => row.externalId !== null;

class Reading {
  readonly outcome: ReadOutcome = {
    read: 0,
    seen: 0,
    filled: {},
    keyless: [],
    keylessCount: 0,
    misread: {},
    sums: null,
  };
  readonly #plan: RecordPlan;

  constructor(plan: RecordPlan, { policy }: Feed) {
    this.#plan = plan;
    if (policy.digests) this.outcome.sums = new ViewSums(plan);
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
    this.outcome.sums?.add(row.externalId, row.values);
    for (const [name, value] of Object.entries(row.values)) {
      if (value === null) continue;
      this.outcome.filled[name]!++;
      if (typeof value !== 'string' || !looksMisread(value)) continue;
      const told = (this.outcome.misread[name] ??= { count: 0, first: row.externalId });
      told.count++;
    }
  }
}

/**
 * Reads the view and notes its rows under the run. `onBatch` is called after each batch, and ends the reading when it
 * rejects. Rejects with SourceError when the view fails: then nothing of it is written.
 */
export const readView = async (parts: ReadParts, onBatch: (read: number) => Promise<void>): Promise<ReadOutcome> => {
  const { db, source, run, plan, feed, columns, signal } = parts;
  const reading = new Reading(plan, feed);
  const seen = new Seen();
  for await (const rows of source.rows(feed.view, columns, { size: BATCH, ...(signal ? { signal } : {}) })) {
    const batch = reading.take(rows);
    if (batch.length > 0) await noteBatch(parts, batch, seen);
    await onBatch(reading.outcome.read);
  }
  await markVanished(db, run, seen.base64(await lastPlace(db, run)));
  if (feed.policy.deleted === 'tell') await refuseDeleted(db, run);
  return { ...reading.outcome, seen: seen.count };
};

export interface ReadParts {
  db: Database;
  source: Source;
  signal?: AbortSignal | undefined;
  run: RunRow;
  plan: RecordPlan;
  feed: Feed;
  columns: readonly Column[];
}
