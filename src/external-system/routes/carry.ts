import type { Values } from '../../shared/case-messages.ts';
import { isKey } from '../../shared/checks.ts';
import { json } from 'kernel/http.ts';
import { jsonBody, RequestError, type Route } from '../../shared/router.ts';
import type { Database, Queryable } from '../../shared/sql/types.ts';
import { emit, type Context } from '../context.ts';
import { insertRepair, listRepairs } from '../db/repairs.ts';
import { lockLive } from '../lock-live.ts';
import { recordMessage, recordView, type CaseRecord } from '../records.ts';
import { normalise } from '../rules/normalise.ts';
import { validate } from '../rules/validate.ts';
import { storeRevision } from '../store-revision.ts';
import { valuesIn } from '../values-in.ts';

/** The run that repairs, the values before, and the run whose repair of this record is undone (null: none). */
interface Repair {
  run: string;
  before: Values;
  undoes: string | null;
}

interface Carry {
  values: Values;
  ifRevision: number | null;
  /** The newest revision that Salesforce holds of the record. */
  seenRevision: number | null;
  repair: Repair | null;
}

const wrong = (name: string, expected: string): RequestError =>
  new RequestError(400, 'BAD_REQUEST', `${name} must be ${expected}`);

const objectIn = (value: unknown, name: string): Record<string, unknown> => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(name, 'an object');
  return value as Record<string, unknown>;
};

const uuidIn = (value: unknown, name: string): string => {
  if (!isKey(value)) throw wrong(name, 'a UUID in lower case');
  return value as string;
};

const wholeIn = (value: unknown, name: string): number | null => {
  if (value !== null && !Number.isInteger(value)) throw wrong(name, 'a whole number');
  return value as number | null;
};

const carryIn = (body: Record<string, unknown>): Carry => {
  const { values = {}, ifRevision = null, seenRevision = null, repair = null } = body;
  const carry = {
    values: valuesIn(values, 'values'),
    ifRevision: wholeIn(ifRevision, 'ifRevision'),
    seenRevision: wholeIn(seenRevision, 'seenRevision'),
  };
  if (repair === null) return { ...carry, repair };
  const { run, before, undoes = null } = objectIn(repair, 'repair');
  if (carry.ifRevision === null) throw wrong('ifRevision', 'the revision that was compared, when a repair is named');
  return {
    ...carry,
    repair: {
      run: uuidIn(run, 'repair.run'),
      before: valuesIn(before, 'repair.before'),
      undoes: undoes === null ? null : uuidIn(undoes, 'repair.undoes'),
    },
  };
};

const repairOf = async (tx: Queryable, run: string, key: string): ReturnType<typeof listRepairs> =>
  listRepairs(tx, { run, key, after: '', limit: 1 });

/** Throws when the repair to undo does not exist or was undone before. */
const refuseUndone = async (tx: Queryable, { undoes }: Repair, { key, external_id: id }: CaseRecord): Promise<void> => {
  if (undoes === null) return;
  const [undone] = await repairOf(tx, undoes, key);
  if (!undone) throw new RequestError(404, 'NOT_FOUND', `run ${undoes} did not repair case ${id}`);
  if (undone.undoneBy) throw new RequestError(409, 'UNDONE', `run ${undone.undoneBy} has undone the repair of ${id}`);
};

const refuseChanged = ({ external_id: id, revision }: CaseRecord, ifRevision: number | null): void => {
  if (ifRevision !== null && ifRevision !== revision) {
    throw new RequestError(409, 'CHANGED', `case ${id} is at revision ${revision}, not ${ifRevision}; compare again`);
  }
};

const store = async (
  context: Context,
  tx: Queryable,
  record: CaseRecord,
  { values, seenRevision, repair }: Carry,
): Promise<CaseRecord> => {
  const next = { ...record.values, ...normalise(context.fields, values) };
  const refusal = validate(context.fields, next);
  if (refusal) throw new RequestError(422, refusal.errorCode, refusal.message);
  const updated = await storeRevision(context, tx, record, { values: next, seenRevision, isLevel: true });
  if (repair)
    await insertRepair(tx, { ...repair, key: updated.key, revision: updated.revision, at: updated.updated_at });
  await emit(context, tx, recordMessage(updated));
  return updated;
};

/**
 * `POST /v1/cases/{externalId}/carry`: takes values over and sends everything as a new revision, so that
 * Salesforce stores it too. `ifRevision` guards against a change in between. A `repair` is kept with what
 * the values were before; the same run again changes nothing.
 */
export const carryRoute =
  (context: Context, db: Database): Route =>
  async (request) => {
    const carry = carryIn(jsonBody(request));
    const stored = await db.transaction(async (tx) => {
      const record = await lockLive(tx, request.params.externalId!);
      const { repair } = carry;
      if (repair) {
        const [done] = await repairOf(tx, repair.run, record.key);
        if (done) return record;
        await refuseUndone(tx, repair, record);
      }
      refuseChanged(record, carry.ifRevision);
      return store(context, tx, record, carry);
    });
    return json(200, recordView(stored));
  };
