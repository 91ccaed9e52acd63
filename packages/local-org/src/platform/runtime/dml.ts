/** DML statements and Database methods, on the store. */
import { type ObjectSchema, type Row, type SaveRequest, type SaveResult, StoreError } from '../../store/types.ts';
import type { AccessMode, DmlOutcome, DmlRequest } from '../services.ts';
import type { Apex, DmlOperation } from '../types.ts';
import { apexException, dmlException, SObject } from '../values/index.ts';
import { assignmentRuleOf, duplicateChoiceOf } from '../std/shared/dml-options.ts';
import { stagePublished } from './events/staged-events.ts';
import { DML_OBJECT_CHUNKS } from './limits.ts';
import { toRow, lookupOf, toValue } from './records.ts';
import type { ApexTransaction } from './transaction.ts';
import type { RuntimeView } from './view.ts';

const VERBS: Record<DmlOperation, string> = {
  insert: 'Insert',
  update: 'Update',
  upsert: 'Upsert',
  delete: 'Delete',
  undelete: 'Undelete',
};

/** What the store says of rows that were fine in a request that was undone. */
const INNOCENT = 'ALL_OR_NONE_OPERATION_ROLLED_BACK';

/** One DML statement: counted, then saved. An empty list does nothing and counts nothing. */
export const executeDml = ($: RuntimeView, request: DmlRequest): DmlOutcome[] => {
  if (request.records.length === 0) return [];
  const { unit, heap } = $.transaction;
  const { governor } = unit;
  heap.check();
  governor.count('DmlStatements');
  governor.count('DmlRows', request.records.length);
  checkList(request);
  const objects = request.records.map((record) => objectOf($, record));
  checkChunks(objects);
  if ((request.access ?? $.defaultAccess) === 'user') checkObjectAccess($, request.operation, objects);
  request.records.forEach((record, i) => checkMixedDml($.transaction, objects[i]!, record, VERBS[request.operation]));
  return saveRecords($, request, objects);
};

/** Saves records, writes ids back into the instances, and answers one outcome a record. All-or-none failures throw DmlException. */
export const saveRecords = ($: RuntimeView, request: DmlRequest, objects: ObjectSchema[]): DmlOutcome[] => {
  const { transaction } = $;
  const { store } = transaction;
  const mode = request.access ?? $.defaultAccess;
  const mayMeetOthers =
    request.operation === 'update' && transaction.triggerDepth === 0 && !transaction.unit.uncommitted;
  if (objects.some((object) => object.kind !== 'platformEvent')) transaction.unit.uncommitted = true;
  const save: SaveRequest = {
    operation: request.operation,
    rows: request.records.map((record, i) =>
      withOptions($, request, record, rowOf($, record, request.operation, objects[i]!, mode)),
    ),
    allOrNone: request.allOrNone,
    access: transaction.access(mode),
    source: 'apex',
    ...(request.externalIdField === undefined ? {} : { externalIdField: request.externalIdField }),
    ...(request.allowTruncation === undefined ? {} : { allowTruncation: request.allowTruncation }),
  };
  if (mayMeetOthers) letOtherIn(transaction, save);
  const outcomes = withStoreErrors(request.operation, objects[0]!, () =>
    transaction.org.faults.save(save, $.triggerHost, (triggers) => store.save(save, triggers)).map(outcomeOf),
  );
  if (request.allOrNone && outcomes.some((outcome) => !outcome.success)) throw failure(request, objects, outcomes);
  outcomes.forEach((outcome, i) => {
    if (!outcome.success) return;
    if (objects[i]!.kind === 'platformEvent') stagePublished($, objects[i]!, save.rows[i]!);
    else if (outcome.id !== null && request.records[i] instanceof SObject) request.records[i].load('Id', outcome.id);
  });
  return outcomes;
};

/**
 * What options say of rules that are asked. What the API request that this transaction serves says of the owner cannot be
 * overridden (Salesforce Help 000395506).
 */
const withOptions = ({ transaction }: RuntimeView, request: DmlRequest, record: Apex, row: Row): Row => {
  const options: Apex = record instanceof SObject ? record.options : undefined;
  const own = request.assignmentRule ?? assignmentRuleOf(options);
  const assignmentRule = transaction.assignmentRule === undefined ? own : transaction.assignmentRule;
  const duplicateChoice = request.duplicateChoice ?? duplicateChoiceOf(options);
  return { ...row, ...(assignmentRule ? { assignmentRule } : {}), ...(duplicateChoice ? { duplicateChoice } : {}) };
};

/** Another transaction may change rows that this one has read and not locked. */
const letOtherIn = (transaction: ApexTransaction, { rows }: SaveRequest): void => {
  const { org, store, locked } = transaction;
  const ids = rows.flatMap(({ id }) => (id === null ? [] : (store.normalizeId(id) ?? [])));
  const free = ids.filter((id) => !locked.has(id));
  const other = free.length > 0 ? org.faults.takeOther(rows[0]!.object) : null;
  if (!other) return;
  transaction.others.push(other);
  store.meanwhile(() => other.run(free));
};

const RIGHTS: Record<DmlOperation, ('create' | 'edit' | 'delete')[]> = {
  insert: ['create'],
  update: ['edit'],
  upsert: ['create', 'edit'],
  delete: ['delete'],
  undelete: ['create'],
};

/** In user mode, an object that the user may not write at all is a SecurityException, not an error of its rows. */
const checkObjectAccess = ({ transaction }: RuntimeView, operation: DmlOperation, objects: ObjectSchema[]): void => {
  const { permissions } = transaction.store;
  for (const object of new Set(objects)) {
    if (!RIGHTS[operation].every((right) => permissions.object(transaction.userId, object.name, right)))
      throw apexException('SecurityException', `Access to entity '${object.name}' denied`);
  }
};

/** The store's whole-request errors are errors of row 0 to Apex. */
const withStoreErrors = (operation: DmlOperation, object: ObjectSchema, save: () => DmlOutcome[]): DmlOutcome[] => {
  try {
    return save();
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    throw dmlException(VERBS[operation], [
      {
        index: 0,
        id: null,
        object: object.name,
        errors: [{ code: error.code, message: error.message, fields: error.fields }],
      },
    ]);
  }
};

const outcomeOf = (result: SaveResult): DmlOutcome => ({
  id: result.id,
  success: result.success,
  created: result.created,
  errors: result.errors,
});

const failure = (request: DmlRequest, objects: ObjectSchema[], outcomes: DmlOutcome[]): unknown => {
  const rows = outcomes
    .map((outcome, index) => ({
      index,
      id: idOf(request.records[index]),
      object: objects[index]!.name,
      errors: outcome.errors.filter((error) => error.code !== INNOCENT),
    }))
    .filter((row) => row.errors.length > 0);
  return dmlException(VERBS[request.operation], rows);
};

const idOf = (record: Apex): string | null => (typeof record === 'string' ? record : (record as SObject).id);

const rowOf = (
  $: RuntimeView,
  record: SObject | string,
  operation: DmlOperation,
  object: ObjectSchema,
  mode: AccessMode,
): Row => {
  if (typeof record === 'string') return { object: object.name, id: record, values: new Map() };
  if (operation === 'delete' || operation === 'undelete')
    return { object: object.name, id: record.id, values: new Map() };
  const { store, userId } = $.transaction;
  const row = toRow(store.schema, record, {
    droppable: (field) => mode === 'user' && !store.permissions.field(userId, object.name, field.name, 'edit'),
  });
  resolveParents($, record, row, object);
  return row;
};

/** The object a record or id belongs to. */
export const objectOf = ($: RuntimeView, record: Apex): ObjectSchema => {
  if (record === null || record === undefined)
    throw apexException('NullPointerException', 'Attempt to de-reference a null object');
  const { store } = $.transaction;
  const object =
    typeof record === 'string'
      ? store.objectOfId(record)
      : store.schema.objects.get((record as SObject).type.toLowerCase());
  if (!object)
    throw apexException(
      'TypeException',
      `DML not allowed on ${typeof record === 'string' ? record : (record as SObject).type}`,
    );
  return object;
};

/** Consecutive records of one object are a chunk. Page: "DML Statements", several object types in one call. */
const checkChunks = (objects: ObjectSchema[]): void => {
  const chunks = objects.filter((object, i) => i === 0 || object !== objects[i - 1]).length;
  if (chunks > DML_OBJECT_CHUNKS) {
    throw apexException(
      'TypeException',
      `Cannot have more than ${DML_OBJECT_CHUNKS} chunks in a single operation. Please rearrange the data to reduce chunking.`,
    );
  }
};

/** The same instance twice, or the same id twice, fails before anything is saved. */
const checkList = ({ operation, records }: DmlRequest): void => {
  const seen = new Set<unknown>();
  for (const record of records) {
    if (operation === 'insert' || operation === 'upsert') {
      if (record !== null && seen.has(record))
        throw apexException(
          'ListException',
          'Before Insert or Upsert list must not have two identically equal elements',
        );
      seen.add(record);
    } else if (operation === 'update' && record !== null) {
      const id = idOf(record);
      if (id !== null && seen.has(id)) throw apexException('ListException', `Duplicate id in list: ${id}`);
      seen.add(id);
    }
  }
};

/** `new Case(Account = new Account(Number__c = 'A-1'))`: sets the lookup fields of `row` from parent records that carry nothing but an external id. */
export const resolveParents = ($: RuntimeView, record: SObject, row: Row, object: ObjectSchema): void => {
  for (const [relationship, parent] of record.parents()) {
    const lookup = lookupOf(object, relationship);
    if (parent === null || !lookup || parent.loaded || row.values.has(lookup.name)) continue;
    const id = parent.id ?? findParent($, parent);
    if (id !== null) row.values.set(lookup.name, id);
  }
};

const findParent = ($: RuntimeView, parent: SObject): string | null => {
  const { store } = $.transaction;
  const schema = store.schema.objects.get(parent.type.toLowerCase());
  const keys = parent.fieldNames().filter((name) => schema?.fields.get(name.toLowerCase())?.idLookup);
  const [key] = keys;
  if (key === undefined) return null;
  const value = toValue(parent.peek(key));
  const { rows } = store.query(`SELECT Id FROM ${parent.type} WHERE ${key} = :value LIMIT 2`, {
    access: $.transaction.access('system'),
    binds: { value },
  });
  if (rows.length !== 1) {
    const message = `Foreign key external ID: ${String(value)} not found for field ${key} in entity ${parent.type}`;
    throw dmlException('Insert', [
      { index: 0, id: null, object: parent.type, errors: [{ code: 'INVALID_FIELD', message, fields: [] }] },
    ]);
  }
  return rows[0]!.values.get('Id') as string;
};

/**
 * Objects that may not be written in one transaction with others. Page: Apex Developer Guide, "sObjects
 * That Cannot Be Used Together in DML Operations".
 */
const SETUP_OBJECTS = new Set([
  'fieldpermissions',
  'group',
  'groupmember',
  'objectpermissions',
  'permissionset',
  'permissionsetassignment',
  'permissionsetgroup',
  'permissionsetgroupcomponent',
  'profile',
  'queuesobject',
  'setupentityaccess',
  'user',
  'userrole',
]);

/** MIXED_DML_OPERATION when setup objects and others meet. System.runAs starts again. */
export const checkMixedDml = (transaction: ApexTransaction, object: ObjectSchema, record: Apex, verb: string): void => {
  if (object.kind === 'platformEvent') return;
  // A new user without a role does not affect what others see.
  if (object.name === 'User' && record instanceof SObject && record.id === null && record.peek('UserRoleId') === null)
    return;
  const setup = SETUP_OBJECTS.has(object.name.toLowerCase());
  const { written } = transaction.unit;
  if (written === null) {
    transaction.unit.written = { setup, object: object.name };
  } else if (written.setup !== setup) {
    const message = `DML operation on setup object is not permitted after you have updated a non-setup object (or vice versa): ${object.name}, original object: ${written.object}`;
    throw dmlException(verb, [
      { index: 0, id: null, object: object.name, errors: [{ code: 'MIXED_DML_OPERATION', message, fields: [] }] },
    ]);
  }
};
