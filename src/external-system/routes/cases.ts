import type { Values } from '../../shared/case-messages.ts';
import { isKey } from '../../shared/checks.ts';
import { json, LARGE_BODY_BYTES } from 'kernel/http.ts';
import { randomUuid } from 'kernel/random.ts';
import { jsonBody, RequestError, type Route, type RoutedRequest, type Routes } from '../../shared/router.ts';
import type { Database, Queryable } from '../../shared/sql/types.ts';
import { emit, type Context } from '../context.ts';
import { listRecords, lockKey, lockRecord, recordByKey, recordByNumber } from '../db/records.ts';
import { historyOf } from '../db/revisions.ts';
import { lockLive } from '../lock-live.ts';
import { currentMessage, recordMessage, recordView, type CaseRecord } from '../records.ts';
import { normalise } from '../rules/normalise.ts';
import { validate } from '../rules/validate.ts';
import { storeFirst, storeRevision } from '../store-revision.ts';
import { valuesIn } from '../values-in.ts';

const PAGE = 200;
const MAX_PAGE = 1_000;

const valuesOf = (request: RoutedRequest): Values => valuesIn(jsonBody(request).values, 'values');

/** The caller's own key for a new case, or null. */
const keyOf = (request: RoutedRequest): string | null => {
  const { key = null } = jsonBody(request);
  if (key !== null && !isKey(key))
    throw new RequestError(400, 'BAD_REQUEST', 'key must be a lower-case UUID, or absent');
  return key as string | null;
};

/** The record that has the key, if any; nobody else makes one until the transaction ends. */
const taken = async (tx: Queryable, key: string): Promise<CaseRecord | null> => {
  await lockKey(tx, key);
  return lockRecord(tx, key);
};

const checked = ({ fields }: Context, values: Values): Values => {
  const refusal = validate(fields, values);
  if (refusal) throw new RequestError(422, refusal.errorCode, refusal.message);
  return values;
};

const found = (record: CaseRecord | null, name: string): CaseRecord => {
  if (!record) throw new RequestError(404, 'NOT_FOUND', `no case ${name} is registered here`);
  return record;
};

const list =
  (db: Database): Route =>
  async ({ query }) => {
    const wanted = Math.trunc(Number(query.get('limit') ?? PAGE)) || PAGE;
    const limit = Math.min(Math.max(wanted, 1), MAX_PAGE);
    const rows = await listRecords(db, query.get('after') ?? '', limit);
    return json(200, { cases: rows.map(recordView), next: rows.length === limit ? rows.at(-1)!.external_id : null });
  };

const readByKey =
  (db: Database): Route =>
  async ({ params }) =>
    json(200, recordView(found(await recordByKey(db, params.key!), `with key ${params.key}`)));

const read =
  (db: Database): Route =>
  async ({ params }) =>
    json(200, recordView(found(await recordByNumber(db, params.externalId!), params.externalId!)));

const readHistory =
  (db: Database): Route =>
  async ({ params }) => {
    const { key } = found(await recordByNumber(db, params.externalId!), params.externalId!);
    return json(200, { history: await historyOf(db, key) });
  };

/** Under a `key` of the caller's own a repeat, such as after an answer that got lost, finds the same case. */
const create =
  (context: Context, db: Database): Route =>
  async (request) => {
    const values = checked(context, normalise(context.fields, valuesOf(request)));
    const given = keyOf(request);
    const { record, isNew } = await db.transaction(async (tx) => {
      const known = given === null ? null : await taken(tx, given);
      if (known) return { record: known, isNew: false };
      const stored = await storeFirst(context, tx, { key: given ?? randomUuid(context.random), values });
      await emit(context, tx, recordMessage(stored));
      return { record: stored, isNew: true };
    });
    return json(isNew ? 201 : 200, recordView(record));
  };

/** Stores what `next` makes of the record as its next revision, and sends it. */
const change = (
  context: Context,
  db: Database,
  externalId: string,
  next: (record: CaseRecord) => { values: Values; deletedAt: Date | null },
): Promise<CaseRecord> =>
  db.transaction(async (tx) => {
    const record = await lockLive(tx, externalId);
    const stored = await storeRevision(context, tx, record, next(record));
    await emit(context, tx, currentMessage(stored));
    return stored;
  });

const update =
  (context: Context, db: Database): Route =>
  async (request) => {
    const changes = normalise(context.fields, valuesOf(request));
    const stored = await change(context, db, request.params.externalId!, (record) => ({
      values: checked(context, { ...record.values, ...changes }),
      deletedAt: null,
    }));
    return json(200, recordView(stored));
  };

const remove =
  (context: Context, db: Database): Route =>
  async ({ params }) => {
    const stored = await change(context, db, params.externalId!, ({ values }) => ({
      values,
      deletedAt: new Date(context.clock.now()),
    }));
    return json(200, recordView(stored));
  };

/** What people and other programs of the registry do with its cases: list, read, create, change, delete. */
export const caseRoutes = (context: Context, db: Database): Routes => ({
  'GET /v1/cases': list(db),
  'GET /v1/cases/by-key/:key': readByKey(db),
  'GET /v1/cases/:externalId': read(db),
  'GET /v1/cases/:externalId/history': readHistory(db),
  'POST /v1/cases': { handle: create(context, db), mostBytes: LARGE_BODY_BYTES },
  'PATCH /v1/cases/:externalId': { handle: update(context, db), mostBytes: LARGE_BODY_BYTES },
  'DELETE /v1/cases/:externalId': remove(context, db),
});
