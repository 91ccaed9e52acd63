/**
 * What changed in Salesforce since the last run, by others: edits, deletions, undeletions, merges. In two calls, and one
 * more for each 2,000 records that others touched; the calls do not grow with the table.
 */
import type { SalesforceClient } from '../shared/salesforce/client.ts';
import { expected } from '../shared/expected.ts';
import { isArrayOf, isPlain, isText, type Plain } from '../shared/shapes.ts';
import type { Database } from '../shared/sql/types.ts';
import { heldDigest, rowKey, valuesIn } from './canonical.ts';
import { observeDeleted, observeNotMet, observeRecords, type ObservedRecord } from './db/rows.ts';
import type { RunRow } from './db/runs.ts';
import type { RecordPlan } from './record.ts';
import { patiently, type Writing } from './writing.ts';

/** Records of a page, and so of a call. */
export const PAGE = 2_000;
const MINUTE = 60_000;
/** Salesforce tells deletions of 15 days (REST API Developer Guide, "sObject Get Deleted"); beyond, everything is read. */
const MAX_SPAN_MS = 14 * 24 * 60 * MINUTE;
/** Clocks differ, and long transactions show late: what changed shortly before the fence is looked at twice. */
const OVERLAP_MS = 10 * MINUTE;

export interface Observed extends Pick<Writing, 'clock' | 'random' | 'signal'> {
  client: SalesforceClient;
  object: string;
  plan: RecordPlan;
  db: Database;
  run: RunRow;
  now: number;
  /** Records of a page; absent: as many as a call takes. */
  pageSize?: number | undefined;
  /** Called after each page; ends the looking when it rejects. */
  onPage: () => Promise<void>;
  /** The run before broke off: what this user wrote is looked at too, since its last answer may be lost. */
  includesOwn: boolean;
}

const isRecord = (value: unknown): value is Plain & { Id: string } => isPlain(value) && isText(value.Id);
const isDeletedRecord = (value: unknown): value is { id: string } => isPlain(value) && isText(value.id);
const areDeleted = (value: unknown): value is { id: string }[] => isArrayOf(value, isDeletedRecord);
const areRecords = (value: unknown): value is (Plain & { Id: string })[] => isArrayOf(value, isRecord);

/** A path of columns: a look-up tells its parent's external id. */
export const columnsOf = ({ externalId, fields }: RecordPlan): string => {
  const names = fields.map(({ name, parentKey }) => (parentKey === null ? name : `${name}.${parentKey}`));
  return [...new Set(['Id', externalId.name, ...names])].join(', ');
};

const observedIn = (plan: RecordPlan, record: Plain & { Id: string }): ObservedRecord => {
  const externalId = String(record[plan.externalId.name]);
  const values = valuesIn(plan, record);
  const parents = plan.fields.flatMap(({ name, rule }) => {
    const parent = values[name];
    return rule.parent === undefined || typeof parent !== 'string' ? [] : [{ feed: rule.parent, key: rowKey(parent) }];
  });
  return {
    key: rowKey(externalId),
    id: externalId,
    salesforceId: record.Id,
    held: heldDigest(plan, values),
    parents: parents.length === 0 ? null : parents,
  };
};

/** An external id begins with its company, whose name has letters, digits and _; the last means something to LIKE. */
export const isOfCompany = (name: string, company: string): string => `${name} LIKE '${company}-%'`;

/** The feed's records that a further condition finds. */
export const queryOf = ({ object, plan }: Pick<Observed, 'object' | 'plan'>, condition: string): string =>
  `SELECT ${columnsOf(plan)} FROM ${object} WHERE ${isOfCompany(plan.externalId.name, plan.company)}${condition}`;

/** The condition that a record comes after another one; '': all do. */
export const isAfter = (id: string): string => (id === '' ? '' : ` AND Id > '${id}'`);

/** Notes what records hold, those of other companies aside. `isLate`: as `observeRecords` has it. */
export const noteRecords = async (
  { plan, db, run }: Observed,
  records: readonly (Plain & { Id: string })[],
  { isLate }: { isLate: boolean },
): Promise<void> => {
  const prefix = `${plan.company.toLowerCase()}-`;
  const ours = records.filter((record) => String(record[plan.externalId.name]).toLowerCase().startsWith(prefix));
  const told = ours.map((record) => observedIn(plan, record));
  if (told.length > 0) await observeRecords(db, run, told, { isLate });
};

/** A page of what was read: how many records, and the id of the last one; null: there are no more. */
export interface ReadPage {
  records: number;
  last: string | null;
}

/**
 * Reads the company's records after an id that a further condition finds, as many as a call takes, and notes what they hold. One call.
 */
export const observePage = async (observed: Observed, condition: string, after: string): Promise<ReadPage> => {
  const { client, object, pageSize = PAGE } = observed;
  const soql = `${queryOf(observed, condition + isAfter(after))} ORDER BY Id LIMIT ${pageSize}`;
  const records = await patiently(observed, async () =>
    expected(await client.query(soql), areRecords, 'Salesforce', `the records of ${object}`),
  );
  await noteRecords(observed, records, { isLate: false });
  await observed.onPage();
  return { records: records.length, last: records.length < pageSize ? null : records.at(-1)!.Id };
};

/** Page by page, to the end. */
export const observe = async (observed: Observed, condition: string): Promise<void> => {
  for (let after: string | null = ''; after !== null;) after = (await observePage(observed, condition, after)).last;
};

const observeDeletions = async (observed: Observed, since: number): Promise<void> => {
  const { client, object, db, run, now } = observed;
  // whole minutes, and the end is exclusive; beyond now, since Salesforce's clock may be ahead
  const iso = (at: number): string => encodeURIComponent(new Date(at).toISOString().slice(0, 19) + 'Z');
  const path = `/sobjects/${object}/deleted/?start=${iso(since)}&end=${iso(now + OVERLAP_MS)}`;
  const deleted = await patiently(observed, async () => {
    const answer = await client.get<Plain>(path);
    return expected(answer?.deletedRecords, areDeleted, 'Salesforce', `the deleted records of ${object}`);
  });
  if (deleted.length > 0)
    await observeDeleted(
      db,
      run,
      deleted.map(({ id }) => id),
    );
};

/** The id of the session's user. */
const userId = (observed: Observed): Promise<string> =>
  patiently(observed, async () => {
    const answer = await observed.client.call<Plain>('GET', '/services/oauth2/userinfo');
    return expected(answer?.user_id, isText, 'Salesforce', 'the id of the user');
  });

/**
 * Notes what others did since `fence`; without one, or after more than two weeks, what Salesforce holds of the company
 * altogether; which of both. What says nothing of the records is waited out, as when writing. Rejects with Interrupted, and as the client does.
 */
export const observeChanges = async (observed: Observed, fence: Date | null): Promise<'all' | 'changes'> => {
  const { db, run, now } = observed;
  if (fence === null || now - fence.getTime() > MAX_SPAN_MS) {
    await observe(observed, '');
    await observeNotMet(db, run);
    return 'all';
  }
  const since = fence.getTime() - OVERLAP_MS;
  await observeDeletions(observed, since);
  const stamp = `${new Date(since).toISOString().slice(0, 19)}Z`;
  const ofOthers = observed.includesOwn ? '' : ` AND LastModifiedById != '${await userId(observed)}'`;
  await observe(observed, ` AND SystemModstamp >= ${stamp}${ofOthers}`);
  return 'changes';
};
