/** Parents named by an external id: `new Case(Account = new Account(Number__c = 'A-1'))`. */
import type { ObjectSchema, Row } from '../../store/types.ts';
import type { SObject } from '../values/index.ts';
import { dmlException } from '../values/index.ts';
import { lookupOf, toValue } from './records.ts';
import type { RuntimeView } from './view.ts';

/** Sets the lookup fields of `row` from parent records that carry nothing but an external id. */
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
