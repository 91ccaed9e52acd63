/** Fields and properties of the program's own classes. */
import type { Position } from '../../1-parse/ast.ts';
import type * as ir from '../ir.ts';
import { enclosing, lineage, type FieldSymbol, type UserType } from '../symbols.ts';
import type { Body } from './body.ts';
import { broken, through } from './make.ts';
import { isVisible } from './overloads.ts';

export function fieldOf(type: UserType, key: string): FieldSymbol | null {
  for (const current of lineage(type)) {
    const field = current.fields.get(key);
    if (field !== undefined) return field;
  }
  return null;
}

/** Within its own accessors a property's name means its storage. */
const storage = (b: Body, field: FieldSymbol): boolean => b.options.property === field;

export function readField(b: Body, place: Position, target: ir.Expression | null, field: FieldSymbol): ir.Field {
  return {
    kind: 'field',
    line: place.line,
    column: place.column,
    type: field.type,
    target: field.static ? null : target,
    field,
    storage: storage(b, field),
  };
}

export const thisOf = (b: Body, place: Position): ir.This => ({
  kind: 'this',
  line: place.line,
  column: place.column,
  type: b.self.type,
});

/** A property that is read must have a getter, and a visible one. */
export function checkReadable(b: Body, place: Position, value: ir.Expression): void {
  if (value.kind !== 'field' || value.field === b.options.property) return;
  const { field } = value;
  const hidden = field.getter !== null && isVisible(b, field) && !isVisible(b, { ...field, access: field.getter });
  if (field.getter === null || hidden) b.report(place, 'NOT_READABLE', field.name);
}

/** A bare name: own and inherited fields, then static ones of the enclosing classes. */
export function implicitField(b: Body, place: Position, name: string): ir.Expression | null {
  const key = name.toLowerCase();
  for (const type of enclosing(b.self)) {
    const field = fieldOf(type, key);
    if (field === null) continue;
    if (field.static || type === b.self) checkVisible(b, place, field, name);
    if (field.static) return readField(b, place, null, field);
    if (type !== b.self) continue;
    if (b.options.static) {
      b.report(place, 'STATIC_NEEDED', 'variable', name);
      return broken(b, place);
    }
    return readField(b, place, thisOf(b, place), field);
  }
  return null;
}

/** `target.name` for an instance of a user class. */
export function instanceField(
  b: Body,
  place: Position,
  target: ir.Expression,
  name: string,
  safe: boolean,
): ir.Expression | null {
  const field = fieldOf(target.type.user!, name.toLowerCase());
  if (field === null) return null;
  if (field.static) {
    b.report(place, 'STATIC_THROUGH_INSTANCE', 'field', name);
    return broken(b, place);
  }
  checkVisible(b, place, field, name);
  return through(b, target, safe, (receiver) => readField(b, place, receiver, field));
}

/** `Type.name` */
export function staticField(b: Body, place: Position, type: UserType, name: string): ir.Expression | null {
  const field = fieldOf(type, name.toLowerCase());
  if (field === null) return null;
  if (!field.static) {
    b.report(place, 'STATIC_NEEDED', 'variable', name);
    return broken(b, place);
  }
  checkVisible(b, place, field, name);
  return readField(b, place, null, field);
}

function checkVisible(b: Body, place: Position, field: FieldSymbol, name: string): void {
  if (!isVisible(b, field)) b.report(place, 'NOT_VISIBLE_VARIABLE', name);
}
