/**
 * Writes what differs: upserts by external id, 200 records a call (REST API Developer Guide, "sObject Collections").
 * A record's refusal is its own; what says nothing of a record is waited out and counts as no attempt.
 */
import { pauseAfter } from '../shared/backoff.ts';
import { SalesforceError } from '../shared/salesforce/errors.ts';
import { tellsRowLock } from '../shared/salesforce/row-lock.ts';
import { refuseRows, rowsToWrite, settleRows, type RowToWrite } from './db/rows.ts';
import { isNumeric, type FieldPlan } from './record.ts';
import type { FieldValue, RowProblem } from './types.ts';
import { writeInBulk } from './bulk.ts';
import { RECORDS_A_CALL, type Saved, savedIn } from './collections.ts';
import { NOTHING_WRITTEN, patiently, PAUSE, refusal, type Writing, type Written } from './writing.ts';

/** Rows that others hold are tried again so often, in later rounds of the same run. */
const ROUNDS_FOR_LOCKED = 5;

/** ECMAScript's raw JSON (proposal-json-parse-with-source): a number keeps all its digits on the wire. */
const rawJson = (JSON as unknown as { rawJSON: (text: string) => unknown }).rawJSON;

const jsonOf = ({ field, parentKey }: FieldPlan, value: FieldValue): unknown => {
  if (value === null || typeof value === 'boolean') return value;
  if (parentKey !== null) return { [parentKey]: value };
  return isNumeric(field) ? rawJson(value) : value;
};

/** The record of a row. What people in Salesforce own is given once, when it is created. */
const recordOf = ({ feed, plan }: Writing, row: RowToWrite): object => {
  const fields = plan.fields.filter(({ rule }) => rule.owner === 'view' || row.salesforce_id === null);
  const given = fields.map((field): [string, unknown] => {
    const value = row.next_values[field.name] ?? null;
    // an empty look-up is the field's own null: a relationship has none
    if (field.parentKey !== null && value === null) return [field.field.name, null];
    return [field.name, jsonOf(field, value)];
  });
  return {
    attributes: { type: feed.object },
    [plan.externalId.name]: row.external_id,
    ...Object.fromEntries(given),
  };
};

const problemOf = ({ statusCode, message, fields }: Saved['errors'][number]): RowProblem =>
  refusal(statusCode, fields?.[0] ?? null, message);

/** How a batch went, row by row. */
interface Outcome {
  row: RowToWrite;
  saved: Saved;
}

/** One call. When Salesforce refuses it whole, its halves are tried, so that one bad row fails alone. */
const upsert = async (writing: Writing, rows: readonly RowToWrite[]): Promise<Outcome[]> => {
  const { client, feed, plan } = writing;
  try {
    const results = await patiently(writing, async () => {
      const answer = await client.change<unknown>(
        'PATCH',
        `/composite/sobjects/${feed.object}/${plan.externalId.name}`,
        { allOrNone: false, records: rows.map((row) => recordOf(writing, row)) },
      );
      return savedIn(answer, rows.length);
    });
    return rows.map((row, at) => ({ row, saved: misplaced(row, results[at]!) ?? results[at]! }));
  } catch (error) {
    if (!(error instanceof SalesforceError)) throw error;
    const { errorCode, message } = error;
    if (rows.length === 1) {
      const errors = [{ statusCode: errorCode, message, fields: [] }];
      return [{ row: rows[0]!, saved: { id: null, success: false, created: false, errors } }];
    }
    const half = Math.ceil(rows.length / 2);
    return [...(await upsert(writing, rows.slice(0, half))), ...(await upsert(writing, rows.slice(half)))];
  }
};

/** A result that tells another record than the one that was known under this external id confirms nothing. */
const misplaced = (
  { salesforce_id: known, external_id: externalId }: RowToWrite,
  { id, success }: Saved,
): Saved | null => {
  if (!success || known === null || known === id) return null;
  const message = `Salesforce saved ${externalId} as ${id}, and it was ${known}: another record has its external id now`;
  return { id: null, success: false, created: false, errors: [{ statusCode: 'OTHER_RECORD', message, fields: [] }] };
};

const isLocked = ({ saved }: Outcome): boolean =>
  saved.errors?.some(({ statusCode, message }) => tellsRowLock(statusCode, message)) ?? false;

/** Notes a batch in one transaction, as Salesforce answered it. */
const note = async ({ db, run, clock }: Writing, outcomes: readonly Outcome[]): Promise<void> => {
  const done = outcomes.filter(({ saved }) => saved.success);
  const refused = outcomes.filter((outcome) => !outcome.saved.success && !isLocked(outcome));
  await db.transaction(async (tx) => {
    if (done.length > 0)
      await settleRows(
        tx,
        run,
        done.map(({ row, saved }) => ({ key: row.row_key, salesforceId: saved.id! })),
      );
    if (refused.length > 0)
      await refuseRows(
        tx,
        run,
        refused.map(({ row, saved }) => ({ key: row.row_key, problem: problemOf(saved.errors[0]!) })),
        new Date(clock.now()),
      );
  });
};

/** One pass over what is to be written. */
const pass = async (writing: Writing, written: Written): Promise<{ settled: number; locked: number }> => {
  let [settled, locked] = [0, 0];
  for (let after = ''; ;) {
    const rows = await rowsToWrite(writing.db, writing.run, after, RECORDS_A_CALL);
    if (rows.length === 0) return { settled, locked };
    after = rows.at(-1)!.row_key;
    const outcomes = await upsert(writing, rows);
    await note(writing, outcomes);
    for (const outcome of outcomes) {
      if (outcome.saved.success) written[outcome.saved.created ? 'created' : 'updated']++;
      else if (isLocked(outcome)) locked++;
      else written.refused++;
    }
    settled += outcomes.filter(({ saved }) => saved.success).length;
    await writing.onWritten();
  }
};

/**
 * Writes all rows of the run that differ, about `count`: many through bulk jobs, and record by record what is left. Parents come before their children where both are of one feed. Rejects with
 * Interrupted: what was confirmed until then stays noted.
 */
export const writeRows = async (writing: Writing, count: number): Promise<Written> => {
  const written = { ...NOTHING_WRITTEN };
  if (count >= writing.bulkFrom) await writeInBulk(writing, written);
  for (let rounds = 0; ;) {
    const { settled, locked } = await pass(writing, written);
    written.locked = locked;
    // a parent of the same feed that is there now lets its children follow
    if (settled > 0 && locked === 0) continue;
    if (locked === 0 || ++rounds === ROUNDS_FOR_LOCKED) return written;
    await writing.clock.sleep(pauseAfter(rounds, PAUSE, writing.random), writing.signal);
  }
};
