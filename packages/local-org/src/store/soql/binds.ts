import type { Binds } from '../types.ts';
import type { Bind, Condition, Operand, Query } from './ast.ts';
import { unknownBind } from './plan/operand.ts';
import type { BindShape } from './plan/scope.ts';

/** All binds of a query, those of subqueries included. */
export function bindsOf(query: Query): Bind[] {
  const found: Bind[] = [];
  const operand = (at: Operand): void => {
    if (at.kind === 'bind') found.push(at);
    else if (at.kind === 'list') at.items.forEach(operand);
    else if (at.kind === 'query') visit(at.query);
  };
  const condition = (at: Condition): void => {
    if (at.kind === 'compare') operand(at.right);
    else if (at.kind === 'not') condition(at.condition);
    else at.conditions.forEach(condition);
  };
  const visit = (at: Query): void => {
    for (const item of at.select) if (item.kind === 'children') visit(item.query);
    for (const each of [at.where, at.having]) if (each !== null) condition(each);
    for (const count of [at.limit, at.offset]) if (count !== null && typeof count !== 'number') found.push(count);
  };
  visit(query);
  return found;
}

/** The shapes of the binds that a query uses; a bind without a value is an error. */
export function shapesOf(used: Bind[], binds: Binds | undefined): Map<string, BindShape> {
  const values = new Map(Object.entries(binds ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
  return new Map(
    used.map(({ name }): [string, BindShape] => {
      const value = values.get(name);
      if (value === undefined) throw unknownBind(binds !== undefined, name);
      if (Array.isArray(value)) return [name, value.includes(null) ? 'listWithNull' : 'list'];
      return [name, value === null ? 'null' : 'scalar'];
    }),
  );
}
