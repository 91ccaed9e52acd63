/** Fields and relationships of records, and the tokens that describe them. */
import type { Position } from '../../1-parse/ast.ts';
import type { ObjectDescription } from '../../types.ts';
import type * as ir from '../ir.ts';
import type { Type } from '../symbols.ts';
import type { Body } from './body.ts';
import { NAME } from '../types/name-object.ts';
import { runtime, text, through } from './make.ts';

export interface RecordMember {
  /** Schema spelling. */
  name: string;
  type: Type;
  access: ir.RecordField['access'];
}

/** The type of a parent: polymorphic lookups lead to a Name. */
export function parentType(b: Body, referenceTo: readonly string[]): Type {
  if (referenceTo.length > 1) return b.types.record(NAME);
  return (referenceTo.length === 1 ? b.types.recordNamed(referenceTo[0]!) : null) ?? b.types.sobject;
}

export function recordMember(b: Body, object: ObjectDescription, name: string): RecordMember | null {
  const key = name.toLowerCase();
  const field = object.fields[key];
  if (field !== undefined) return { name: field.name, type: b.types.fromRef(field.type), access: 'sget' };
  for (const lookup of Object.values(object.fields)) {
    if (lookup.relationshipName?.toLowerCase() !== key) continue;
    return { name: lookup.relationshipName, type: parentType(b, lookup.referenceTo ?? []), access: 'srel' };
  }
  const children = object.childRelationships[key];
  if (children !== undefined) {
    const child = b.types.recordNamed(children.object) ?? b.types.sobject;
    return { name: children.name, type: b.types.list(child), access: 'schildren' };
  }
  return null;
}

export const isParent = (value: ir.Expression): boolean => value.kind === 'recordField' && value.access === 'srel';

export function readRecord(
  b: Body,
  place: Position,
  target: ir.Expression,
  member: RecordMember,
  safe: boolean,
): ir.Expression {
  const { line, column } = place;
  const { type, name, access } = member;
  const read = (record: ir.Expression): ir.RecordField => ({
    kind: 'recordField',
    line,
    column,
    type,
    target: record,
    name,
    access,
  });
  return isParent(target) && !safe ? read(target) : through(b, target, safe, read);
}

/** Whether the field of the record is worked out by the platform: nothing is assigned to it. */
export const isCalculated = (
  object: ObjectDescription,
  { name, access }: Pick<RecordMember, 'name' | 'access'>,
): boolean => access === 'sget' && object.fields[name.toLowerCase()]?.calculated === true;

/** `Case.SObjectType` */
export const objectToken = (b: Body, place: Position, object: Pick<ObjectDescription, 'name'>): ir.Expression =>
  runtime(place, b.types.platform('schema.sobjecttype'), 'sobjectType', text(b, place, object.name));

/** `Case.Subject` */
export const fieldToken = (b: Body, place: Position, object: ObjectDescription, field: string): ir.Expression =>
  runtime(
    place,
    b.types.platform('schema.sobjectfield'),
    'sobjectField',
    text(b, place, object.name),
    text(b, place, field),
  );

/** `Case.name`: the object's token, or a field's. */
export function recordStatic(b: Body, place: Position, object: ObjectDescription, name: string): ir.Expression | null {
  const key = name.toLowerCase();
  if (key === 'sobjecttype') return objectToken(b, place, object);
  const field = object.fields[key];
  return field === undefined ? null : fieldToken(b, place, object, field.name);
}
