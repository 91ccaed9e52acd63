import { addressParts } from '../../schema/addresses.ts';
import type { FieldSchema } from '../../types.ts';
import type { Path, Position } from '../ast.ts';
import { noSuchColumn, noSuchRelationship, malformed } from '../errors.ts';
import { formulaSql } from './formula.ts';
import { polymorphicField } from './polymorphic.ts';
import { MAX_PARENT_LEVELS, type Column, type Parent, type PlanScope, type Source } from './scope.ts';
import { raw } from './sql.ts';
import type { Sql } from './sql.ts';

/** Finds what a path names, joining parents on the way. A leading alias or object name is taken off. */
export function resolvePath(scope: PlanScope, source: Source, path: Path, alias: string | null): Column {
  const parts = withoutAlias(source, path.parts, alias);
  if (parts.length - 1 > MAX_PARENT_LEVELS) {
    throw malformed(
      `Relationship path ${path.parts.join('.')} is too long: SOQL relationships may not reference more than ${MAX_PARENT_LEVELS} levels`,
    );
  }
  const parents: Parent[] = [];
  let at: Source = source;
  for (const [index, part] of parts.slice(0, -1).entries()) {
    const parent = at.parent(part);
    if (parent === null) throw noSuchRelationship(scope.text, path.position, part);
    scope.touch(at, parent.field, path.position);
    parents.push(parent);
    const onward = onlyWith(parent, parts.slice(index + 1));
    if (onward !== null) {
      at = onward;
      continue;
    }
    if (parent.sources.length === 1) {
      at = parent.sources[0]!;
      scope.touch(at, null, path.position, part);
    } else
      return {
        ...polymorphicField(scope, parent, parts.slice(index + 1), path.position),
        parents,
        position: path.position,
      };
  }
  const name = parts.at(-1)!;
  const field = at.object.fields.get(name.toLowerCase());
  if (field === undefined) throw noSuchColumn(scope.text, path.position, name, at.object.name);
  scope.touch(at, field, path.position);
  return {
    sql: columnSql(scope, at, field, path.position),
    field,
    object: at.object,
    parents,
    position: path.position,
  };
}

/** SQL of one field of a source: its column, its formula over other columns, or an address as JSON text. */
export function columnSql(scope: PlanScope, source: Source, field: FieldSchema, position: Position): Sql {
  if (field.type === 'address') return addressSql(source, field);
  if (field.formula !== undefined) return formulaSql(scope, source, field, position);
  return raw(source.column(field));
}

/** An address as the text of a JSON object; null when all its parts are empty. */
function addressSql(source: Source, address: FieldSchema): Sql {
  const parts = addressParts(source.object, address);
  const columns = parts.map(({ field }) => source.column(field));
  const members = parts.map(({ key }, index) => `'${key}', ${columns[index]}`);
  return raw(`(CASE WHEN COALESCE(${columns.join(', ')}) IS NOT NULL THEN json_object(${members.join(', ')}) END)`);
}

function withoutAlias(source: Source, parts: string[], alias: string | null): string[] {
  const first = parts[0]!.toLowerCase();
  if (parts.length === 1) return parts;
  if (alias !== null && first === alias.toLowerCase()) return parts.slice(1);
  return first === source.object.name.toLowerCase() && source.parent(first) === null ? parts.slice(1) : parts;
}

/** Behind a polymorphic lookup a relationship that one of its objects has leads on (`Owner.Profile.Name`). */
function onlyWith(parent: Parent, rest: string[]): Source | null {
  if (parent.sources.length === 1 || rest.length === 1) return null;
  const having = parent.sources.filter((source) => source.parent(rest[0]!) !== null);
  return having.length === 1 ? having[0]! : null;
}
