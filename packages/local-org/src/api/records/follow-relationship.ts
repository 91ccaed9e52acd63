/** GET /sobjects/Case/500…/Account (a parent) or /sobjects/Account/001…/Cases (children). */
import type { ObjectSchema } from '../../store/types.ts';
import type { Answer, Call } from '../call.ts';
import { notFound } from '../errors.ts';
import { recordId } from '../validations/record-id.ts';
import { findRecords } from './read-record.ts';
import { rowToJson } from './row-to-json.ts';

export const followRelationship = (call: Call, object: ObjectSchema, id: string, relationship: string): Answer => {
  const { schema } = call.deps.store;
  const name = relationship.toLowerCase();
  const child = object.childRelationships.get(name);
  const source = recordId(call, object, id);
  if (child) {
    const childObject = schema.objects.get(child.object.toLowerCase())!;
    const rows = findRecords(call, childObject, childObject.fields.get(child.field.toLowerCase())!, source);
    const records = rows.map((row) => rowToJson(row, schema, call.base));
    return { status: 200, body: { totalSize: records.length, done: true, records } };
  }
  const lookup = object.fields.values().find((field) => field.relationshipName?.toLowerCase() === name);
  if (!lookup) throw notFound();
  const { rows } = call.deps.store.query(`SELECT ${lookup.name} FROM ${object.name} WHERE Id = :source`, {
    access: call.access,
    binds: { source },
  });
  const parentId = rows[0]?.values.get(lookup.name);
  const parent = typeof parentId === 'string' ? call.deps.store.objectOfId(parentId) : null;
  const [row] = parent ? findRecords(call, parent, parent.fields.get('id')!, parentId!) : [];
  if (!row) throw notFound();
  return { status: 200, body: rowToJson(row, schema, call.base) };
};
