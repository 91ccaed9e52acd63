/** /sobjects/Case/updated and /sobjects/Case/deleted: which records changed in a span of time, for whoever keeps a copy. */
import type { ObjectSchema } from '../../store/types.ts';
import type { Call, Operation } from '../call.ts';
import { apiError } from '../errors.ts';
import { parseDatetime } from '../records/dates.ts';
import { datetimeText } from '../records/values.ts';
import { objectNamed } from '../validations/record.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** REST API Developer Guide, "sObject Get Updated" and "sObject Get Deleted". */
const UPDATED_DAYS = 30;
const DELETED_DAYS = 15;
const MAX_IDS = 600_000;

/** Epoch milliseconds of whole minutes, as Salesforce takes them; the end is exclusive. */
interface Span {
  start: number;
  end: number;
}

const minuteOf = (query: URLSearchParams, name: string): number => {
  const given = query.get(name);
  if (given === null)
    throw apiError('MISSING_ARGUMENT', `${name} is required: a date and time such as 2026-11-21T07:30:00Z`);
  // a + that nobody encoded arrives as a blank
  const at = parseDatetime(given.trim().replace(' ', '+'));
  if (typeof at !== 'number') throw apiError('INVALID_REPLICATION_DATE', `${name} is no date and time: ${given}`);
  return Math.floor(at / MINUTE_MS) * MINUTE_MS;
};

const spanOf = ({ query, deps }: Call, days: number): Span => {
  const [start, end] = [minuteOf(query, 'start'), minuteOf(query, 'end')];
  if (start >= end)
    throw apiError('INVALID_REPLICATION_DATE', 'startDate must be before endDate, and in another minute');
  if (start < deps.clock.now() - days * DAY_MS)
    throw apiError('INVALID_REPLICATION_DATE', `startDate cannot be more than ${days} days ago`);
  return { start, end };
};

const stampOf = (object: ObjectSchema): string => {
  const name = ['SystemModstamp', 'LastModifiedDate'].find((field) => object.fields.has(field.toLowerCase()));
  if (name) return name;
  throw apiError('INVALID_TYPE', `${object.name} cannot be replicated: it keeps no time of its last change`);
};

const changed = (
  call: Call,
  object: ObjectSchema,
  { start, end }: Span,
  deleted: boolean,
): [id: string, at: number][] => {
  const stamp = stampOf(object);
  const condition = deleted ? ' AND IsDeleted = TRUE' : '';
  const soql = `SELECT Id, ${stamp} FROM ${object.name} WHERE ${stamp} >= :start AND ${stamp} < :end${condition} ORDER BY Id LIMIT ${MAX_IDS + 1}`;
  const { rows } = call.deps.store.query(soql, { access: call.access, binds: { start, end }, allRows: deleted });
  if (rows.length > MAX_IDS)
    throw apiError(
      'EXCEEDED_ID_LIMIT',
      `More than ${MAX_IDS} ids: choose start and end dates that are closer together`,
    );
  return rows.map((row) => [row.id!, row.values.get(stamp) as number]);
};

/** GET /sobjects/Case/updated/?start=…&end=…: ids of records that were added or changed. */
export const getUpdated: Operation = {
  method: 'GET',
  path: '/sobjects/:type/updated',
  run(call) {
    const object = objectNamed(call, call.params.type!);
    const span = spanOf(call, UPDATED_DAYS);
    const ids = changed(call, object, span, false).map(([id]) => id);
    return { status: 200, body: { ids, latestDateCovered: datetimeText(span.end) } };
  },
};

/** GET /sobjects/Case/deleted/?start=…&end=…: ids of records that went into the recycle bin, and when. */
export const getDeleted: Operation = {
  method: 'GET',
  path: '/sobjects/:type/deleted',
  run(call) {
    const object = objectNamed(call, call.params.type!);
    if (!object.fields.has('isdeleted'))
      throw apiError('INVALID_TYPE', `${object.name} has no recycle bin: nothing tells what was deleted`);
    const span = spanOf(call, DELETED_DAYS);
    const earliest = Math.floor((call.deps.clock.now() - DELETED_DAYS * DAY_MS) / MINUTE_MS) * MINUTE_MS;
    const deletedRecords = changed(call, object, span, true).map(([id, at]) => ({
      id,
      deletedDate: datetimeText(at),
    }));
    return {
      status: 200,
      body: {
        deletedRecords,
        earliestDateAvailable: datetimeText(earliest),
        latestDateCovered: datetimeText(span.end),
      },
    };
  },
};
