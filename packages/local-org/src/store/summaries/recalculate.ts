import { quote, type Database } from '../database/database.ts';
import type { SummarySchema } from '../automation/types.ts';
import { levelOf } from '../schema/relationships.ts';
import type { DetailReader } from '../records/detail-values.ts';
import type { Records } from '../records/records.ts';
import type { ObjectSchema, Schema } from '../types.ts';
import { summarise } from './summarise.ts';

const KEPT = 'summary ';

interface Stores {
  database: Database;
  schema: Schema;
  records: Records;
  details: DetailReader;
}

/**
 * Works out the summaries that are new, or that sum up something else than before, for all records there are. As after
 * a deployment on Salesforce the masters are not saved: no trigger fires, no stamp moves.
 */
export function recalculateSummaries({ database, schema, records, details }: Stores): void {
  const known = new Map(
    database
      .all(`SELECT name, value FROM "$setting" WHERE name LIKE '${KEPT}%'`)
      .map(([name, value]) => [String(name), String(value)]),
  );
  const changed = detailsFirst(schema).flatMap((detail) =>
    detail
      .summaries!.filter((summary) => known.get(nameOf(summary)) !== summary.definition)
      .map((summary) => ({ detail, summary })),
  );
  for (const { detail, summary } of changed) {
    const master = schema.objects.get(summary.master.toLowerCase())!;
    const sums = summarise(details, detail, [summary], details.idsOf(master));
    for (const [id, values] of sums) records.update(master, id, values);
  }
  remember(database, schema);
}

const nameOf = ({ master, target }: SummarySchema): string => `${KEPT}${master}.${target.name}`;

/** Objects with summaries over them, those below before those above: a summary may sum up summaries. */
function detailsFirst(schema: Schema): ObjectSchema[] {
  const level = (object: ObjectSchema): number => levelOf(schema.objects, object);
  return [...schema.objects.values()]
    .filter((object) => object.summaries !== undefined)
    .sort((a, b) => level(b) - level(a));
}

/** Forgets summaries that are gone, so that one that comes back is worked out again. */
function remember(database: Database, schema: Schema): void {
  database.run(`DELETE FROM ${quote('$setting')} WHERE name LIKE '${KEPT}%'`);
  for (const summary of [...schema.objects.values()].flatMap((object) => object.summaries ?? []))
    database.run(`INSERT INTO ${quote('$setting')} (name, value) VALUES (?, ?)`, [nameOf(summary), summary.definition]);
}
