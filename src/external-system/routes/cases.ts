import type { Values } from '../../shared/case-messages.ts';
import { isKey } from '../../shared/checks.ts';
import { json } from 'kernel/http.ts';
import { randomUuid } from 'kernel/random.ts';
import { jsonBody, RequestError, type Route, type RoutedRequest } from '../../shared/router.ts';
import type { Database, Queryable } from '../../shared/sql/types.ts';
import { emit, type Context } from '../context.ts';
import { lockKey } from '../db/queries/lock-key.ts';
import { lockRecord } from '../db/queries/lock-record.ts';
import { currentMessage, recordMessage, recordView, type CaseRecord } from '../records.ts';
import { normalise } from '../rules/normalise.ts';
import { validate } from '../rules/validate.ts';
import { storeFirst, storeRevision } from '../store-revision.ts';
import { valuesIn } from '../values-in.ts';

const PAGE = 200;

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

const checked = (values: Values): Values => {
  const refusal = validate(values);
  if (refusal) throw new RequestError(422, refusal.errorCode, refusal.message);
  return values;
};

const found = (record: CaseRecord | null | undefined, name: string): CaseRecord => {
  if (!record) throw new RequestError(404, 'NOT_FOUND', `no case ${name} is registered here`);
  return record;
};

/** What people and other programs of the registry do with its cases: list, read, create, change, delete. */
export const caseRoutes = (context: Context, db: Database): Record<string, Route> => {
  const byExternalId = async (source: Queryable, externalId: string): Promise<CaseRecord> =>
    found(
      (await source.query<CaseRecord>('SELECT * FROM case_record WHERE external_id = $1', [externalId]))[0],
      externalId,
    );

  const change = (externalId: string, next: (record: CaseRecord) => { values: Values; deletedAt: Date | null }) =>
    db.transaction(async (tx) => {
      const record = found(await lockRecord(tx, (await byExternalId(tx, externalId)).key), externalId);
      if (record.deleted_at) throw new RequestError(409, 'DELETED', `case ${externalId} is deleted`);
      const { values, deletedAt } = next(record);
      const stored = await storeRevision(context, tx, record, { values, deletedAt });
      await emit(context, tx, currentMessage(stored));
      return stored;
    });

  return {
    'GET /v1/cases': async (request) => {
      const wanted = Math.trunc(Number(request.query.get('limit') ?? PAGE)) || PAGE;
      const limit = Math.min(Math.max(wanted, 1), 1000);
      const rows = await db.query<CaseRecord>(
        'SELECT * FROM case_record WHERE external_id > $1 ORDER BY external_id LIMIT $2',
        [request.query.get('after') ?? '', limit],
      );
      return json(200, { cases: rows.map(recordView), next: rows.length === limit ? rows.at(-1)!.external_id : null });
    },

    'GET /v1/cases/by-key/:key': async ({ params }) => {
      const [record] = await db.query<CaseRecord>('SELECT * FROM case_record WHERE key = $1', [params.key!]);
      return json(200, recordView(found(record, `with key ${params.key}`)));
    },

    'GET /v1/cases/:externalId': async ({ params }) =>
      json(200, recordView(await byExternalId(db, params.externalId!))),

    'GET /v1/cases/:externalId/history': async ({ params }) => {
      const { key } = await byExternalId(db, params.externalId!);
      const history = await db.query('SELECT * FROM case_revision WHERE key = $1 ORDER BY revision', [key]);
      return json(200, { history });
    },

    // under a `key` of the caller's own a repeat, such as after an answer that got lost, finds the same case
    'POST /v1/cases': async (request) => {
      const values = checked(normalise(valuesOf(request)));
      const given = keyOf(request);
      const { record, isNew } = await db.transaction(async (tx) => {
        const known = given === null ? null : await taken(tx, given);
        if (known) return { record: known, isNew: false };
        const stored = await storeFirst(context, tx, { key: given ?? randomUuid(context.random), values });
        await emit(context, tx, recordMessage(stored));
        return { record: stored, isNew: true };
      });
      return json(isNew ? 201 : 200, recordView(record));
    },

    'PATCH /v1/cases/:externalId': async (request) => {
      const changes = normalise(valuesOf(request));
      const stored = await change(request.params.externalId!, (record) => ({
        values: checked({ ...record.values, ...changes }),
        deletedAt: null,
      }));
      return json(200, recordView(stored));
    },

    'DELETE /v1/cases/:externalId': async (request) => {
      const stored = await change(request.params.externalId!, (record) => ({
        values: record.values,
        deletedAt: new Date(context.clock.now()),
      }));
      return json(200, recordView(stored));
    },
  };
};
