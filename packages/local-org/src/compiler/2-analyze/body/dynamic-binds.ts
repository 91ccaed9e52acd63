/** `Database.query('… WHERE Id IN :ids')` binds variables by name at run time: they go along with the call. */
import type { Position } from '../../1-parse/ast.ts';
import { hasAccessors } from '../declare/name-members.ts';
import type * as ir from '../ir.ts';
import { lineage } from '../symbols.ts';
import type { Body } from './body.ts';
import { local, object, ops } from './make.ts';
import { readField, thisOf } from './user-fields.ts';

const DYNAMIC_QUERIES = new Set(['query', 'countquery', 'getquerylocator']);

export const isDynamicQuery = (owner: string, name: string): boolean =>
  owner === 'database' && DYNAMIC_QUERIES.has(name);

/** Whether a query whose text is known mentions the name; any other query may. */
function mentioned(query: ir.Expression | undefined, name: string): boolean {
  if (query?.kind !== 'constant' || typeof query.value !== 'string') return true;
  return new RegExp(`:\\s*${name}\\b`, 'i').test(query.value);
}

/** Locals in scope and plain fields of the class, by lower-cased name. */
export function localBinds(b: Body, place: Position, query: ir.Expression | undefined): ir.Expression {
  const entries = new Map<string, ir.Expression>();
  for (const type of lineage(b.self)) {
    for (const [name, field] of type.fields) {
      const reachable = field.static || !b.options.static;
      if (reachable && !entries.has(name) && !hasAccessors(field) && mentioned(query, name)) {
        entries.set(name, readField(b, place, thisOf(b, place), field));
      }
    }
  }
  for (const [name, variable] of b.visibleVariables()) {
    if (mentioned(query, name)) entries.set(name, local(place, variable));
  }
  return ops(
    place,
    b.types.object,
    'localBinds',
    object(
      b,
      place,
      [...entries].map(([name, value]) => ({ name, value })),
    ),
  );
}
