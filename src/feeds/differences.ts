/** What a run would change, field by field: what Salesforce holds now beside what the view says. */
import type { SalesforceClient } from '../shared/salesforce/client.ts';
import { isPlain } from '../shared/shapes.ts';
import { isOneOf } from '../shared/salesforce/soql.ts';
import type { Database } from '../shared/sql/types.ts';
import { compared, heldDigest, valuesIn } from './canonical.ts';
import { rowsToShow } from './db/rows.ts';
import type { RunRow } from './db/runs.ts';
import { columnsOf } from './observe.ts';
import type { RecordPlan } from './record.ts';
import type { FieldValue, Values } from './types.ts';

export interface Difference {
  externalId: string;
  /** Null: it would be created. */
  salesforceId: string | null;
  fields: { field: string; salesforce: FieldValue; view: FieldValue }[];
}

/** A query takes so many ids. */
export const MAX_SHOWN = 200;

const heldBy = async (
  client: SalesforceClient,
  object: string,
  plan: RecordPlan,
  ids: string[],
): Promise<Map<string, Values>> => {
  if (ids.length === 0) return new Map();
  const records = await client.query(`SELECT ${columnsOf(plan)} FROM ${object} WHERE ${isOneOf('Id', ids)}`);
  return new Map(records.filter(isPlain).map((record) => [String(record.Id), valuesIn(plan, record)]));
};

const differing = (plan: RecordPlan, held: Values, next: Values): Difference['fields'] =>
  compared(plan).flatMap((field) => {
    const { name } = field;
    const of = (value: FieldValue): string => heldDigest({ ...plan, fields: [field] }, { [name]: value });
    const [salesforce, view] = [held[name] ?? null, next[name] ?? null];
    return of(salesforce) === of(view) ? [] : [{ field: name, salesforce, view }];
  });

/** The first rows that differ, at most MAX_SHOWN. One API call. */
export const differencesOf = async (
  { client, db }: { client: SalesforceClient; db: Database },
  object: string,
  { plan, run }: { plan: RecordPlan; run: RunRow },
): Promise<Difference[]> => {
  const rows = await rowsToShow(db, run, MAX_SHOWN);
  const known = rows.flatMap(({ salesforce_id: id }) => (id === null ? [] : [id]));
  const held = await heldBy(client, object, plan, known);
  return rows.map((row) => ({
    externalId: row.external_id,
    salesforceId: row.salesforce_id,
    fields: differing(plan, held.get(row.salesforce_id ?? '') ?? {}, row.next_values),
  }));
};
