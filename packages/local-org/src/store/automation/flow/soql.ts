/** The query behind an element that finds records. */
import { StoreError } from '../../types.ts';
import type { Binds, Value } from '../../types.ts';
import { textOf, type Held } from './operators.ts';
import type { Selection } from './types.ts';

const COMPARISONS: Record<string, string> = {
  EqualTo: '=',
  NotEqualTo: '!=',
  GreaterThan: '>',
  GreaterThanOrEqualTo: '>=',
  LessThan: '<',
  LessThanOrEqualTo: '<=',
};
const LIKE: Record<string, (text: string) => string> = {
  Contains: (text) => `%${text}%`,
  EndsWith: (text) => `%${text}`,
  StartsWith: (text) => `${text}%`,
};

/** Joins conditions as the filter logic says. */
export const soqlLogic =
  (logic: string | null): Selection['soql'] =>
  (conditions) => {
    if (logic === null || /^(and)?$/i.test(logic.trim())) return conditions.join(' AND ');
    if (/^or$/i.test(logic.trim())) return conditions.join(' OR ');
    return logic.replace(/\d+/g, (number) => conditions[Number(number) - 1]!);
  };

export interface Query {
  soql: string;
  binds: Binds;
}

/** The query for the ids of the selected records. `valueOf` gives the value of a condition by its index. */
export function queryOf(
  { object, conditions, soql }: Selection,
  valueOf: (index: number) => Held,
  rest: { orderBy: string | null; limit: number | null },
): Query {
  const binds: Binds = {};
  const texts = conditions.items.map(({ left, operator }, index) =>
    conditionOf(left, operator, valueOf(index), `v${index}`, binds),
  );
  const where = texts.length === 0 ? '' : ` WHERE ${soql(texts)}`;
  const order = rest.orderBy === null ? '' : ` ORDER BY ${rest.orderBy}`;
  const limit = rest.limit === null ? '' : ` LIMIT ${rest.limit}`;
  return { soql: `SELECT Id FROM ${object}${where}${order}${limit}`, binds };
}

function conditionOf(field: string, operator: string, value: Held, name: string, binds: Binds): string {
  if (operator === 'IsNull') return `${field} ${value === true ? '=' : '!='} null`;
  const comparison = COMPARISONS[operator];
  const like = LIKE[operator];
  if (comparison !== undefined) {
    binds[name] = value as Value;
    return `${field} ${comparison} :${name}`;
  }
  if (like !== undefined) {
    binds[name] = like(textOf(value).replace(/[\\%_]/g, '\\$&'));
    return `${field} LIKE :${name}`;
  }
  if (operator === 'In' || operator === 'NotIn') {
    binds[name] = (Array.isArray(value) ? value : [value]) as Value[];
    return `${field} ${operator === 'In' ? 'IN' : 'NOT IN'} :${name}`;
  }
  throw new StoreError('INVALID_OPERATION', `The operator ${operator} does not select records`);
}
