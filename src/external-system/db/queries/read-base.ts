import type { Values } from '../../../shared/case-messages.ts';
import type { Queryable } from '../../../shared/sql/types.ts';

interface RevisionRow {
  revision: number;
  values: Values;
  source: 'Salesforce' | 'External';
  request_values: Values | null;
}

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
