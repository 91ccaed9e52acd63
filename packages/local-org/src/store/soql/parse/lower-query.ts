import type {
  FieldOrderContext,
  FromNameListContext,
  LimitClauseContext,
  OffsetClauseContext,
  QueryContext,
  SelectEntryContext,
  SoqlIdContext,
  SubFieldEntryContext,
  SubQueryContext,
  UsingScopeContext,
} from '@apexdevtools/apex-parser';
import type { Bind, OrderItem, Query, SelectItem } from '../ast.ts';
import { queryError, unsupported } from '../errors.ts';
import { lowerCondition } from './lower-condition.ts';
import { lowerCall, lowerPath, positionOf } from './lower-expression.ts';
import { lowerBind } from './lower-value.ts';

/** Scopes that select the same rows here as no scope. */
const SCOPES = new Set(['everything', 'mine']);

/** Turns the parser's tree of a whole query into the small AST. Absent clauses are null in the tree, whatever its types say. */
export function lowerQuery(tree: QueryContext, text: string): Query {
  const group = tree.groupByClause() as ReturnType<QueryContext['groupByClause']> | null;
  if (group?.ROLLUP() || group?.CUBE()) throw unsupported('GROUP BY ROLLUP or CUBE');
  const having = group?.logicalExpression();
  return {
    ...lowerShared(tree, text, tree.selectList().selectEntry_list()),
    scope: lowerScope(tree.usingScope()),
    mode: lowerMode(tree),
    groupBy:
      group
        ?.fieldGroupByList()
        .fieldGroupBy_list()
        .map((each) => (each.fieldName() ? lowerPath(each.fieldName()) : lowerCall(each.soqlFunction()))) ?? [],
    having: having ? lowerCondition(having, text) : null,
    offset: lowerCount(tree.offsetClause()),
    allRows: Boolean(tree.allRowsClause()),
  };
}

/** Turns a subquery, of children or of a semi-join, into the same AST. */
export function lowerSubQuery(tree: SubQueryContext, text: string): Query {
  return {
    ...lowerShared(tree, text, tree.subFieldList().subFieldEntry_list()),
    scope: null,
    mode: null,
    groupBy: [],
    having: null,
    offset: null,
    allRows: false,
  };
}

type Shared = Pick<
  Query,
  'text' | 'select' | 'from' | 'fromPosition' | 'alias' | 'where' | 'orderBy' | 'limit' | 'forUpdate'
>;

function lowerShared(
  tree: QueryContext | SubQueryContext,
  text: string,
  entries: (SelectEntryContext | SubFieldEntryContext)[],
): Shared {
  const from = tree.fromNameList();
  if (from.fieldName_list().length > 1) throw unsupported('FROM with several objects');
  if (tree.UPDATE()) throw unsupported('UPDATE TRACKING or VIEWSTAT');
  const path = lowerPath(from.fieldName(0));
  const where = tree.whereClause() as ReturnType<QueryContext['whereClause']> | null;
  const order = tree.orderByClause() as ReturnType<QueryContext['orderByClause']> | null;
  const clauses = tree.forClauses();
  return {
    text,
    select: entries.map((entry) => lowerSelectItem(entry, text)),
    from: path.parts.join('.'),
    fromPosition: path.position,
    alias: fromAlias(from, text),
    where: where ? lowerCondition(where.whereLogicalExpression(), text) : null,
    orderBy: order?.fieldOrderList().fieldOrder_list().map(lowerOrder) ?? [],
    limit: lowerCount(tree.limitClause()),
    // FOR VIEW and FOR REFERENCE only note that someone looked.
    forUpdate: clauses.UPDATE_list().length > 0,
  };
}

function lowerSelectItem(entry: SelectEntryContext | SubFieldEntryContext, text: string): SelectItem {
  if (entry.typeOf()) throw unsupported('TYPEOF');
  const alias = aliasOf(entry.soqlId());
  if (entry.fieldName()) return { kind: 'field', path: lowerPath(entry.fieldName()), alias };
  if (entry.subQuery()) return { kind: 'children', query: lowerSubQuery(entry.subQuery(), text) };
  const call = entry.soqlFunction();
  if (call.FIELDS()) {
    const which = call.soqlFieldsParameter().getText().toUpperCase() as 'ALL' | 'STANDARD' | 'CUSTOM';
    return { kind: 'fields', which, position: positionOf(call) };
  }
  return { kind: 'function', call: lowerCall(call), alias };
}

/** The grammar takes a keyword without its clause, as in `FROM Case WHERE`, for an alias. */
const KEYWORDS = new Set([
  'all',
  'for',
  'group',
  'having',
  'limit',
  'offset',
  'order',
  'update',
  'using',
  'where',
  'with',
]);

function fromAlias(from: FromNameListContext, text: string): string | null {
  const id = from.soqlId(0) as SoqlIdContext | null;
  if (!id) return null;
  const alias = id.getText();
  if (KEYWORDS.has(alias.toLowerCase()))
    throw queryError('MALFORMED_QUERY', text, positionOf(id), `unexpected token: '${alias}'`);
  return alias;
}

const aliasOf = (id: { getText(): string } | null | undefined): string | null => id?.getText() ?? null;

function lowerOrder(order: FieldOrderContext): OrderItem {
  return {
    expression: order.fieldName() ? lowerPath(order.fieldName()) : lowerCall(order.soqlFunction()),
    descending: Boolean(order.DESC()),
    nulls: order.LAST() ? 'last' : 'first',
  };
}

function lowerCount(clause: LimitClauseContext | OffsetClauseContext | null): number | Bind | null {
  if (!clause) return null;
  const bound = clause.boundExpression() as ReturnType<LimitClauseContext['boundExpression']> | null;
  return bound ? lowerBind(bound) : Number(clause.IntegerLiteral().getText());
}

function lowerScope(scope: UsingScopeContext | null): string | null {
  if (!scope) return null;
  const name = scope.soqlId().getText().toLowerCase();
  if (!SCOPES.has(name)) throw unsupported(`USING SCOPE ${name}`);
  return name;
}

function lowerMode(tree: QueryContext): Query['mode'] {
  const clause = tree.withClause() as ReturnType<QueryContext['withClause']> | null;
  if (!clause) return null;
  if (clause.USER_MODE()) return 'USER_MODE';
  if (clause.SYSTEM_MODE()) return 'SYSTEM_MODE';
  if (clause.SECURITY_ENFORCED()) return 'SECURITY_ENFORCED';
  throw unsupported('WITH other than USER_MODE, SYSTEM_MODE and SECURITY_ENFORCED');
}
