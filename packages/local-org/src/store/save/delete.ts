import { normalizeId } from '../ids/record-id.ts';
import { rollUp } from '../summaries/roll-up.ts';
import type { TouchedDetail } from '../summaries/roll-up.ts';
import type { ObjectSchema, Row, SaveRequest, TriggerHost, TriggerTiming } from '../types.ts';
import { checkApprovalLocks } from '../approvals/check-approval-locks.ts';
import { checkRecordAccess } from './access.ts';
import type { Outcome, SaveServices } from './context.ts';
import { saveError, type Entry } from './entry.ts';
import { lockMasters, lockRows } from './lock-rows.ts';
import { keepStandardPriceBook } from './price-books.ts';
import type { Moved } from './recycle-bin.ts';

type Request = Pick<SaveRequest, 'access' | 'allOrNone'>;
type Work = (entries: Entry[]) => void;

/** Deletes at most 200 rows of one object: triggers before, the recycle bin, triggers after. */
export function deleteChunk(
  services: SaveServices,
  object: ObjectSchema,
  rows: Row[],
  request: Request,
  triggers: TriggerHost,
): Outcome[] {
  return attempts(services, rows, request, (entries) => {
    load(services, object, entries, 'alive');
    sound(entries, (each) => lockRows(services, each));
    sound(entries, (each) => checkRight(services, object, request, each));
    sound(entries, (each) => checkRecordAccess(services, object, request.access, each, 'delete'));
    sound(entries, (each) => checkApprovalLocks(services, object, request.access, each));
    sound(entries, (each) => fire(triggers, object, 'before', 'delete', each));
    sound(entries, (each) => keepStandardPriceBook(object, each));
    sound(entries, (each) => services.recycleBin.refuseRestricted(object, each));
    const moved: Moved[] = [];
    sound(entries, (each) => moved.push(...services.recycleBin.remove(object, idsOf(each), services.now())));
    sound(entries, (each) => fire(triggers, object, 'after', 'delete', each));
    sound(entries, (each) => lockMasters(services, object, each, () => null));
    sound(entries, (each) => rollUp(services, touchedBy(services, object, each, moved), request.access, triggers));
  });
}

/** Takes at most 200 rows of one object out of the recycle bin. */
export function undeleteChunk(
  services: SaveServices,
  object: ObjectSchema,
  rows: Row[],
  request: Request,
  triggers: TriggerHost,
): Outcome[] {
  return attempts(services, rows, request, (entries) => {
    load(services, object, entries, 'deleted');
    sound(entries, (each) => lockRows(services, each));
    sound(entries, (each) => checkRight(services, object, request, each));
    sound(entries, (each) => checkRecordAccess(services, object, request.access, each, 'delete'));
    sound(entries, (each) => services.recycleBin.refuseDuplicates(object, each));
    sound(entries, (each) => services.recycleBin.refuseOrphans(object, each));
    const moved: Moved[] = [];
    sound(entries, (each) => moved.push(...services.recycleBin.restore(object, idsOf(each), services.now())));
    sound(entries, (each) => reload(services, object, each));
    sound(entries, (each) => fire(triggers, object, 'after', 'undelete', each));
    sound(entries, (each) => lockMasters(services, object, each, () => null));
    sound(entries, (each) => rollUp(services, touchedBy(services, object, each, moved), request.access, triggers));
  });
}

const idsOf = (entries: Entry[]): string[] => entries.map((entry) => entry.id!);

/** The records and the details that moved with them, as far as a summary counts them. */
function touchedBy(services: SaveServices, object: ObjectSchema, entries: Entry[], moved: Moved[]): TouchedDetail[] {
  const byId = new Map(entries.map((entry) => [entry.id!, entry]));
  const own = entries.map((entry): TouchedDetail => ({ entry, object, states: [entry.old] }));
  const details = moved
    .filter((each) => each.object.summaries !== undefined && byId.has(each.root))
    .flatMap((each) =>
      services.records
        .read(each.object, each.ids, 'with')
        .map((row): TouchedDetail => ({ entry: byId.get(each.root)!, object: each.object, states: [row] })),
    );
  return [...own, ...details];
}

function sound(entries: Entry[], work: Work): void {
  const fine = entries.filter((entry) => entry.errors.length === 0);
  if (fine.length > 0) work(fine);
}

/** Runs `work`; without allOrNone it is undone and run again for the rows that did not fail. */
function attempts(services: SaveServices, rows: Row[], request: Request, work: Work): Outcome[] {
  const outcomes: Outcome[] = rows.map((row) => ({ id: row.id, errors: [] }));
  let remaining = rows.map((_, index) => index);
  while (remaining.length > 0) {
    const savepoint = services.transactions.savepoint();
    const entries = remaining.map((index): Entry => ({
      input: new Map(),
      id: rows[index]!.id,
      old: null,
      row: rows[index]!,
      errors: [],
    }));
    work(entries);
    entries.forEach((entry, at) => (outcomes[remaining[at]!] = { id: entry.id, errors: entry.errors }));
    const failed = entries.some((entry) => entry.errors.length > 0);
    if (failed) services.transactions.rollbackTo(savepoint);
    services.transactions.release(savepoint);
    if (!failed || request.allOrNone) break;
    remaining = remaining.filter((index) => outcomes[index]!.errors.length === 0);
  }
  return outcomes;
}

function load(services: SaveServices, object: ObjectSchema, entries: Entry[], wanted: 'alive' | 'deleted'): void {
  for (const entry of entries) {
    const id = entry.id === null ? null : normalizeId(entry.id);
    if (entry.id === null)
      entry.errors.push(
        saveError('MISSING_ARGUMENT', `Id not specified in ${wanted === 'alive' ? 'a delete' : 'an undelete'} call`),
      );
    else if (id === null || !id.startsWith(object.keyPrefix))
      entry.errors.push(saveError('MALFORMED_ID', `malformed id ${entry.id}`, ['Id']));
    else entry.id = id;
  }
  const stored = new Map(
    services.records
      .read(
        object,
        entries.flatMap((entry) => (entry.errors.length === 0 ? [entry.id!] : [])),
        'with',
      )
      .map((row) => [row.id, row]),
  );
  for (const entry of entries) {
    if (entry.errors.length > 0) continue;
    const old = stored.get(entry.id);
    const deleted = old?.values.get('IsDeleted') === true;
    if (old === undefined) entry.errors.push(saveError('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id'));
    else if (wanted === 'alive' && deleted) entry.errors.push(saveError('ENTITY_IS_DELETED', 'entity is deleted'));
    else if (wanted === 'deleted' && !deleted)
      entry.errors.push(saveError('UNDELETE_FAILED', 'Entity is not in the recycle bin'));
    else entry.old = old;
  }
}

function reload(services: SaveServices, object: ObjectSchema, entries: Entry[]): void {
  const rows = services.records.read(
    object,
    entries.map((entry) => entry.id!),
  );
  rows.forEach((row, index) => (entries[index]!.row = row));
}

function checkRight(services: SaveServices, object: ObjectSchema, request: Request, entries: Entry[]): void {
  const { access } = request;
  if (access.mode !== 'user' || services.permissions.object(access.userId, object.name, 'delete')) return;
  for (const entry of entries)
    entry.errors.push(saveError('INSUFFICIENT_ACCESS_OR_READONLY', 'insufficient access rights on object id'));
}

function fire(
  triggers: TriggerHost,
  object: ObjectSchema,
  timing: TriggerTiming,
  operation: 'delete' | 'undelete',
  entries: Entry[],
): void {
  if (!triggers.hasTriggers(object.name, timing, operation)) return;
  const rows =
    operation === 'delete'
      ? { oldRows: entries.map((entry) => entry.old!) }
      : { newRows: entries.map((entry) => entry.row) };
  const errors = triggers.fire({ object: object.name, timing, operation, ...rows });
  entries.forEach((entry, index) => entry.errors.push(...(errors[index] ?? [])));
}
