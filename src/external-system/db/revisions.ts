import type { Conflict, Values } from '../../shared/case-messages.ts';
import type { Queryable } from '../../shared/sql/types.ts';
import type { CaseRecord } from '../records.ts';

export interface Revision {
  key: string;
  revision: number;
  values: Values;
  source: 'Salesforce' | 'External';
  requestVersion: number | null;
  requestValues: Values | null;
  conflicts: Conflict[];
  /** Its own, and the one of a lost revision that came back with it. */
  marks: string[];
  at: Date;
}

/** Appends to the record's history, which is never changed. */
export const insertRevision = async (tx: Queryable, revision: Revision): Promise<void> => {
  await tx.query(
    `INSERT INTO case_revision (key, revision, values, source, request_version, request_values, conflicts, marks, at)
     VALUES ($1, $2, $3::jsonb, $4, $5, $6::jsonb, $7::jsonb, $8::text[], $9)`,
    [
      revision.key,
      revision.revision,
      JSON.stringify(revision.values),
      revision.source,
      revision.requestVersion,
      revision.requestValues ? JSON.stringify(revision.requestValues) : null,
      revision.conflicts.length ? JSON.stringify(revision.conflicts) : null,
      revision.marks,
      revision.at,
    ],
  );
};

/** All revisions of a record, oldest first, as they are stored. */
export const historyOf = (db: Queryable, key: string): Promise<unknown[]> =>
  db.query('SELECT * FROM case_revision WHERE key = $1 ORDER BY revision', [key]);

/** Whether the revision with this mark is part of the record's history, as far as it is known here. */
export const knowsMark = async (tx: Queryable, { key, lineage }: CaseRecord, mark: string): Promise<boolean> =>
  lineage.includes(mark) ||
  (await tx.query('SELECT 1 FROM case_revision WHERE key = $1 AND $2::text = ANY(marks) LIMIT 1', [key, mark])).length >
    0;

interface RevisionRow {
  revision: number;
  values: Values;
  source: 'Salesforce' | 'External';
  request_values: Values | null;
}

/**
 * Salesforce's state, at the newest revision at which the registry knows it: the values of the last request it applied,
 * or those of `baseRevision`, which Salesforce has stored, whichever is later. Null when it knows none.
 */
export const readPriorState = async (
  tx: Queryable,
  key: string,
  baseRevision: number | null,
): Promise<Values | null> => {
  const [row] = await tx.query<RevisionRow>(
    `SELECT revision, values, source, request_values FROM case_revision
      WHERE key = $1 AND (request_values IS NOT NULL OR revision = $2)
      ORDER BY revision DESC LIMIT 1`,
    [key, baseRevision],
  );
  if (!row) return null;
  const salesforceStoredTheAnswer = row.revision === baseRevision || row.request_values === null;
  return salesforceStoredTheAnswer ? row.values : row.request_values!;
};

export interface Base {
  /** Salesforce's state, as far as it is known. */
  prior: Values;
  /** The record's values with the prior ones in every field that somebody outside has changed since. */
  outsideOf(current: Values): Values;
}

/**
 * What the state of a restored org rests on: the revision that it stored, or, when it stored none, the first request
 * it made. Its later requests are not part of its history any more. Null when neither is known.
 */
export const readBase = async (tx: Queryable, key: string, baseRevision: number | null): Promise<Base | null> => {
  const rows = await tx.query<RevisionRow>(
    `SELECT revision, values, source, request_values FROM case_revision
      WHERE key = $1 AND revision >= coalesce(
              (SELECT revision FROM case_revision WHERE key = $1 AND revision = $2),
              (SELECT min(revision) FROM case_revision WHERE key = $1 AND request_values IS NOT NULL))
      ORDER BY revision`,
    [key, baseRevision],
  );
  const [first, ...later] = rows;
  if (!first) return null;
  const changed = new Set<string>();
  let before = first;
  for (const row of later) {
    if (row.source === 'External') for (const field of differing(before.values, row.values)) changed.add(field);
    before = row;
  }
  return {
    prior: first.revision === baseRevision ? first.values : first.request_values!,
    outsideOf: (current) => ({
      ...current,
      ...Object.fromEntries([...changed].map((field) => [field, first.values[field] ?? null])),
    }),
  };
};

const differing = (a: Values, b: Values): string[] =>
  [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((field) => (a[field] ?? null) !== (b[field] ?? null));
