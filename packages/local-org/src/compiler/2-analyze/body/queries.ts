/** Queries in Apex, inline and as text. */
import type { Expression, SoqlExpression, SoqlField, SoqlQuery, SoslExpression, Position } from '../../1-parse/ast.ts';
import type { ObjectDescription } from '../../types.ts';
import { hasAccessors } from '../declare/name-members.ts';
import type * as ir from '../ir.ts';
import { lineage } from '../symbols.ts';
import { NAME } from '../types/name-object.ts';
import type { Body } from './body.ts';
import { analyzeExpression } from './expression.ts';
import { array, runtime, text, local, object, ops } from './make.ts';
import { readField, thisOf } from './user-fields.ts';

/** From this API version on, WITH SECURITY_ENFORCED is gone. */
const NO_SECURITY_ENFORCED = 67;

const AGGREGATES = new Set(['count', 'count_distinct', 'sum', 'avg', 'min', 'max', 'grouping']);

function objectNamed(b: Body, field: SoqlField): ObjectDescription | null {
  const object = b.types.schema.objects[field.path[0]!.toLowerCase()];
  if (object === undefined || field.path.length > 1) {
    b.report(field, 'UNKNOWN_OBJECT', field.path.join('.'));
    return null;
  }
  return object;
}

const lookup = (object: ObjectDescription, relationship: string) =>
  Object.values(object.fields).find((field) => field.relationshipName?.toLowerCase() === relationship.toLowerCase());

/** Follows the path's relationships; null after a report. */
function checkPath(b: Body, root: ObjectDescription, field: SoqlField, alias: string | undefined): void {
  const path =
    alias !== undefined && field.path.length > 1 && field.path[0]!.toLowerCase() === alias.toLowerCase()
      ? field.path.slice(1)
      : field.path;
  const own = path.length > 1 && path[0]!.toLowerCase() === root.name.toLowerCase() ? path.slice(1) : path;
  let candidates = [root];
  for (const relationship of own.slice(0, -1)) {
    const parents = candidates.flatMap((object) => lookup(object, relationship)?.referenceTo ?? []);
    const known = parents.flatMap((name) => b.types.schema.objects[name.toLowerCase()] ?? []);
    if (parents.length === 0) return b.report(field, 'UNKNOWN_RELATIONSHIP', candidates[0]!.name, relationship);
    // Parents that the schema leaves out cannot be checked.
    if (known.length === 0) return;
    candidates = known;
  }
  const last = own.at(-1)!.toLowerCase();
  if (candidates.length > 1 && NAME.fields[last] !== undefined) return;
  if (!candidates.some((object) => object.fields[last] !== undefined))
    b.report(field, 'UNKNOWN_FIELD', candidates[0]!.name, own.at(-1)!);
}

function checkQuery(b: Body, query: SoqlQuery, object: ObjectDescription): void {
  const aliases = new Set([...query.fields, ...query.functions].flatMap(({ alias }) => alias?.toLowerCase() ?? []));
  const isAlias = (field: SoqlField): boolean => field.path.length === 1 && aliases.has(field.path[0]!.toLowerCase());
  for (const field of [...query.fields, ...query.functions.flatMap((call) => call.fields)])
    checkPath(b, object, field, query.from.alias);
  for (const field of query.otherFields) if (!isAlias(field)) checkPath(b, object, field, query.from.alias);
  for (const typeOf of query.typeOf) b.report(typeOf.field, 'NOT_SUPPORTED', 'TYPEOF');
  for (const child of query.children) checkChild(b, child, object);
  for (const semiJoin of query.semiJoins) {
    const joined = objectNamed(b, semiJoin.from);
    if (joined !== null) checkQuery(b, semiJoin, joined);
  }
}

function checkChild(b: Body, query: SoqlQuery, parent: ObjectDescription): void {
  const name = query.from.path.at(-1)!;
  const relationship = parent.childRelationships[name.toLowerCase()];
  if (relationship === undefined) {
    b.report(query.from, 'UNKNOWN_CHILDREN', parent.name, name);
    return;
  }
  const child = b.types.schema.objects[relationship.object.toLowerCase()];
  if (child !== undefined) checkQuery(b, query, child);
}

function binds(b: Body, expressions: Expression[]): ir.Expression {
  return array(
    b,
    expressions[0] ?? { line: 0, column: 0 },
    expressions.map((expression) => {
      const value = analyzeExpression(b, expression);
      if (value.type.kind === 'void') b.report(expression, 'BIND_TYPE', 'void');
      return value;
    }),
  );
}

/** Inline SOQL and SOSL: names are checked against the schema, binds are analysed, the text goes to the store. */
export function analyzeSoql(b: Body, e: SoqlExpression): ir.Expression {
  const { query } = e;
  const object = objectNamed(b, query.from);
  if (object !== null) checkQuery(b, query, object);
  if (query.securityEnforced && (b.self.unit.source.apiVersion ?? 0) >= NO_SECURITY_ENFORCED)
    b.report(query, 'SECURITY_ENFORCED');
  const args = [text(b, e, e.text), binds(b, e.binds)];
  if (query.countOnly) return runtime(e, b.types.integer, 'soqlCount', ...args);
  const aggregate = query.grouped || query.functions.some((call) => AGGREGATES.has(call.name));
  const row = aggregate
    ? b.types.platform('aggregateresult')
    : object === null
      ? b.types.error
      : b.types.record(object);
  return runtime(e, b.types.list(row), 'soql', ...args);
}

export function analyzeSosl(b: Body, e: SoslExpression): ir.Expression {
  return runtime(e, b.types.list(b.types.list(b.types.sobject)), 'sosl', text(b, e, e.text), binds(b, e.binds));
}

const DYNAMIC_QUERIES = new Set(['query', 'countquery', 'getquerylocator']);

/** `Database.query('… WHERE Id IN :ids')` binds variables by name at run time: they go along with the call. */
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
