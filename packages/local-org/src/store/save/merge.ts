import { normalizeId } from '../ids/record-id.ts';
import { StoreError } from '../types.ts';
import { lockError } from '../row-locks.ts';
import { summarise } from '../summaries/summarise.ts';
import type { Access, MergeResult, ObjectSchema, Row, SaveError, TriggerHost, TriggerTiming, Value } from '../types.ts';
import type { SaveServices } from './context.ts';
import { objectOf } from './save.ts';
import { saveChunk } from './save-chunk.ts';
import { saveError } from './entry.ts';

/** A merge takes one or two duplicates (Apex developer guide, merging records). */
const MAX_DUPLICATES = 2;

/**
 * Merges duplicates into the master: delete triggers of the duplicates, children move to the master,
 * then the master is updated with the given values. Deleted rows tell their master in MasterRecordId.
 */
export function mergeRecords(
  services: SaveServices,
  master: Row,
  duplicateIds: string[],
  access: Access,
  triggers: TriggerHost,
): MergeResult {
  const object = objectOf(services.schema, master.object);
  const ids = duplicateIds.map((id) => normalizeId(id));
  const masterId = master.id === null ? null : normalizeId(master.id);
  if (!object.mergeable) throw new StoreError('INVALID_OPERATION', `${object.name} cannot be merged`);
  if (masterId === null || ids.includes(null))
    throw new StoreError('MALFORMED_ID', 'a merge needs the ids of the master and the duplicates');
  if (ids.length === 0 || ids.length > MAX_DUPLICATES || new Set([masterId, ...ids]).size !== ids.length + 1) {
    throw new StoreError('INVALID_OPERATION', `a merge takes one or two duplicates that are not the master`);
  }
  const losers = services.records.read(object, ids as string[]);
  if (losers.length < ids.length) return refused([saveError('ENTITY_IS_DELETED', 'entity is deleted')]);
  if (access.mode === 'user' && !services.permissions.object(access.userId, object.name, 'delete')) {
    return refused([saveError('INSUFFICIENT_ACCESS_OR_READONLY', 'insufficient access rights on object id')]);
  }
  const unavailable = services.locks.unavailable([masterId, ...(ids as string[])]);
  if (unavailable.size > 0) return refused([lockError(unavailable)]);
  const savepoint = services.transactions.savepoint();
  const undo = (errors: SaveError[]): MergeResult => {
    services.transactions.rollbackTo(savepoint);
    services.transactions.release(savepoint);
    return refused(errors);
  };
  const fire = (timing: TriggerTiming, rows: Row[]): SaveError[] =>
    triggers.hasTriggers(object.name, timing, 'delete')
      ? triggers.fire({ object: object.name, timing, operation: 'delete', oldRows: rows }).flat()
      : [];

  const before = fire('before', losers);
  if (before.length > 0) return undo(before);
  const moment = Math.floor(services.now() / 1000) * 1000;
  const updatedRelatedIds = services.recycleBin.reparent(object, ids as string[], masterId, {
    moment,
    userId: access.userId,
  });
  const marked = object.fields.get('masterrecordid');
  if (marked !== undefined)
    for (const id of ids as string[]) services.records.update(object, id, new Map([[marked.name, masterId]]));
  services.recycleBin.remove(object, ids as string[], services.now());
  const after = fire('after', services.records.read(object, ids as string[], 'with'));
  if (after.length > 0) return undo(after);
  const [saved] = saveChunk(
    services,
    object,
    'update',
    [{ ...master, id: masterId, values: new Map([...master.values, ...sumsOf(services, object, masterId)]) }],
    { access, allOrNone: true, summaries: true },
    triggers,
  );
  if (saved!.errors.length > 0) return undo(saved!.errors);
  services.transactions.release(savepoint);
  return { id: masterId, success: true, created: false, errors: [], updatedRelatedIds };
}

/** The summaries of the master over its own details and those that it was given: one update brings all of them. */
function sumsOf(services: SaveServices, object: ObjectSchema, id: string): Map<string, Value> {
  const sums = new Map<string, Value>();
  for (const detail of services.schema.objects.values()) {
    const mine = (detail.summaries ?? []).filter(({ master }) => master === object.name);
    for (const summaries of Map.groupBy(mine, ({ lookup }) => lookup).values())
      for (const [name, value] of summarise(services.details, detail, summaries, [id]).get(id)!) sums.set(name, value);
  }
  return sums;
}

const refused = (errors: SaveError[]): MergeResult => ({
  id: null,
  success: false,
  created: false,
  errors,
  updatedRelatedIds: [],
});
