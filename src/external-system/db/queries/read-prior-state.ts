import type { Values } from '../../../shared/case-messages.ts';
import type { Queryable } from '../../../shared/sql/types.ts';

interface RevisionRow {
  revision: number;
  values: Values;
  request_values: Values | null;
}

/**
 * The newest revision at which the registry knows Salesforce's state: the last request it applied,
 * or `baseRevision`, whose values Salesforce has stored, whichever is later. Null when it knows none.
 */
export const readPriorState = async (
  tx: Queryable,
  key: string,
  baseRevision: number | null,
): Promise<{ prior: Values; base: Values } | null> => {
  const [row] = await tx.query<RevisionRow>(
    `SELECT revision, values, request_values FROM case_revision
      WHERE key = $1 AND (request_values IS NOT NULL OR revision = $2)
      ORDER BY revision DESC LIMIT 1`,
    [key, baseRevision],
  );
  if (!row) return null;
  const salesforceStoredTheAnswer = row.revision === baseRevision || row.request_values === null;
  return { prior: salesforceStoredTheAnswer ? row.values : row.request_values!, base: row.values };
};
