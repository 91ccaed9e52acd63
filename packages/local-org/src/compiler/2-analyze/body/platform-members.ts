/** Members of platform types: only those that the local org implements may be used. */
import type { Position } from '../../1-parse/ast.ts';
import type * as ir from '../ir.ts';
import { bindings } from '../types/ancestors.ts';
import type { Type } from '../symbols.ts';
import type { Body } from './body.ts';
import { through } from './make.ts';

/** Reports a catalogued member that has no implementation. */
export function checkSupported(b: Body, place: Position, key: string, shown: string): void {
  if (!b.program.supported.has(key)) b.report(place, 'NOT_SUPPORTED', shown);
}

export function platformField(
  b: Body,
  place: Position,
  target: ir.Expression,
  name: string,
  safe: boolean,
): ir.Expression | null {
  const found = b.program.members.field(target.type, name, false);
  if (found === null) return null;
  const { owner, member } = found;
  const key = member.name.toLowerCase();
  if (owner.kind === 'sobject') {
    // The few fields that every record has, such as Id.
    return through(b, target, safe, (receiver) => ({
      kind: 'recordField',
      line: place.line,
      column: place.column,
      type: b.types.fromRef(member.type),
      target: receiver,
      name: member.name,
      access: 'sget',
    }));
  }
  checkSupported(b, place, `${owner.key}.p.${key}`, `${owner.ref}.${member.name}`);
  return through(b, target, safe, (receiver) => ({
    kind: 'platformProperty',
    line: place.line,
    column: place.column,
    type: b.types.fromRef(member.type, bindings(owner)),
    owner: owner.key,
    target: receiver,
    name: key,
  }));
}

const staticProperty = (place: Position, type: Type, owner: string, name: string): ir.PlatformProperty => ({
  kind: 'platformProperty',
  line: place.line,
  column: place.column,
  type,
  owner,
  target: null,
  name,
});

const TRIGGER_VARIABLES: Record<string, string> = Object.fromEntries(
  `new old newMap oldMap isBefore isAfter isInsert isUpdate isDelete isUndelete isExecuting size operationType`
    .split(' ')
    .map((name) => [name.toLowerCase(), name]),
);

const SNAPSHOTS = new Set(['new', 'old', 'newmap', 'oldmap']);

/** `Trigger.new`: in a trigger its records are of the trigger's object. */
function triggerVariable(b: Body, place: Position, name: string, type: Type): ir.Expression {
  const { trigger } = b.options;
  const record = trigger === undefined ? b.types.sobject : b.types.record(trigger);
  const key = name.toLowerCase();
  const typed = !SNAPSHOTS.has(key)
    ? type
    : key.endsWith('map')
      ? b.types.map(b.types.id, record)
      : b.types.list(record);
  return {
    kind: 'triggerVariable',
    line: place.line,
    column: place.column,
    type: typed,
    name: TRIGGER_VARIABLES[key]!,
  };
}

/** `Type.name` of a platform type: static property or enum constant. */
export function platformStatic(b: Body, place: Position, type: Type, name: string): ir.Expression | null {
  const key = name.toLowerCase();
  const constant = type.platform?.values?.find((candidate) => candidate.toLowerCase() === key);
  if (constant !== undefined) {
    checkSupported(b, place, `${type.key}.v`, `${type.ref}.${constant}`);
    return staticProperty(place, type, type.key, key);
  }
  const found = b.program.members.field(type, name, true);
  if (found === null) return null;
  const { owner, member } = found;
  const memberType = b.types.fromRef(member.type);
  if (owner.key === 'trigger' && TRIGGER_VARIABLES[key] !== undefined)
    return triggerVariable(b, place, name, memberType);
  checkSupported(b, place, `${owner.key}.p.${key}`, `${owner.ref}.${member.name}`);
  return staticProperty(place, memberType, owner.key, key);
}
