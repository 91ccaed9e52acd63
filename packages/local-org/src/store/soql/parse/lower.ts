/** The grammar's tree of a query as the store's own. */
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
  ComparisonOperatorContext,
  ConditionalExpressionContext,
  FieldExpressionContext,
  LogicalExpressionContext,
  WhereConditionalExpressionContext,
  WhereLogicalExpressionContext,
  FieldNameContext,
  SoqlFunctionContext,
  BoundExpressionContext,
  DateFormulaContext,
  ValueContext,
} from '@apexdevtools/apex-parser';
import type {
  Bind,
  OrderItem,
  Query,
  SelectItem,
  Comparison,
  Condition,
  Call,
  Path,
  Position,
  DateFormula,
  Literal,
  Operand,
  Scalar,
} from '../ast.ts';
import { queryError, unsupported, malformed } from '../errors.ts';
import { unescapeString, parseDatetimeLiteral, parseTimeLiteral } from './literals.ts';

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

/** WHERE and HAVING have grammars of their own that lower to the same conditions. */
export function lowerCondition(
  tree: WhereLogicalExpressionContext | LogicalExpressionContext,
  text: string,
): Condition {
  const parts =
    'whereConditionalExpression_list' in tree
      ? tree.whereConditionalExpression_list()
      : tree.conditionalExpression_list();
  const conditions = parts.map((part) => lowerPart(part, text));
  if (tree.NOT()) return { kind: 'not', condition: conditions[0]! };
  if (conditions.length === 1) return conditions[0]!;
  return { kind: tree.SOQLAND_list().length > 0 ? 'and' : 'or', conditions };
}

function lowerPart(part: WhereConditionalExpressionContext | ConditionalExpressionContext, text: string): Condition {
  if ('whereLogicalExpression' in part) {
    if (part.whereLogicalExpression()) return lowerCondition(part.whereLogicalExpression(), text);
    const field = part.whereFieldExpression();
    if (field.FORMULA()) throw unsupported('FORMULA() in WHERE');
    return lowerComparison(field.fieldExpression(), text);
  }
  if (part.logicalExpression()) return lowerCondition(part.logicalExpression(), text);
  return lowerComparison(part.fieldExpression(), text);
}

function lowerComparison(node: FieldExpressionContext, text: string): Condition {
  return {
    kind: 'compare',
    left: node.fieldName() ? lowerPath(node.fieldName()) : lowerCall(node.soqlFunction()),
    operator: operatorOf(node.comparisonOperator()),
    right: lowerOperand(node.value(), text),
  };
}

function operatorOf(node: ComparisonOperatorContext): Comparison {
  const text = node.getText().toUpperCase();
  if (text === '<>') return '!=';
  return text === 'NOTIN' ? 'NOT IN' : (text as Comparison);
}

/** Where a node of the tree begins. */
export const positionOf = (node: { start: { line: number; column: number } }): Position => ({
  line: node.start.line,
  column: node.start.column + 1,
});

export function lowerPath(node: FieldNameContext): Path {
  return { kind: 'path', parts: node.soqlId_list().map((id) => id.getText()), position: positionOf(node) };
}

const UNSUPPORTED = new Set(['DISTANCE', 'GROUPING', 'CONVERTCURRENCY', 'FIELDS', 'FORMAT']);

export function lowerCall(node: SoqlFunctionContext): Call {
  const name = node.start.text.toUpperCase();
  if (UNSUPPORTED.has(name)) throw unsupported(`${name}()`);
  return { kind: 'call', name, argument: argumentOf(node), position: positionOf(node) };
}

function argumentOf(node: SoqlFunctionContext): Path | Call | null {
  const date = node.dateFieldName() as ReturnType<SoqlFunctionContext['dateFieldName']> | null;
  if (date) {
    const path = lowerPath(date.fieldName());
    return date.CONVERT_TIMEZONE()
      ? { kind: 'call', name: 'CONVERTTIMEZONE', argument: path, position: positionOf(date) }
      : path;
  }
  if (node.fieldName()) return lowerPath(node.fieldName());
  return node.soqlFunction() ? lowerCall(node.soqlFunction()) : null;
}

export function lowerOperand(node: ValueContext, text: string): Operand {
  if (node.subQuery())
    return { kind: 'query', query: lowerSubQuery(node.subQuery(), text), position: positionOf(node) };
  if (node.valueList()) return { kind: 'list', items: node.valueList().value_list().map(lowerScalar) };
  return lowerScalar(node);
}

function lowerScalar(node: ValueContext): Scalar {
  const position = positionOf(node);
  if (node.boundExpression()) return lowerBind(node.boundExpression());
  if (node.dateFormula()) return { ...lowerDateFormula(node.dateFormula()), position };
  return { ...lowerLiteral(node), position };
}

/** A bind is known by its text: `:ids` is `ids`, `: a.b` is `a.b`. */
export function lowerBind(node: BoundExpressionContext): Bind {
  return { kind: 'bind', name: node.expression().getText().toLowerCase(), position: positionOf(node) };
}

function lowerLiteral(node: ValueContext): Literal {
  const text = node.getText();
  if (node.NULL()) return { kind: 'null' };
  if (node.BooleanLiteral()) return { kind: 'boolean', value: text.toLowerCase() === 'true' };
  if (node.StringLiteral()) return { kind: 'string', value: unescapeString(text.slice(1, -1)) };
  if (node.DateLiteral()) return { kind: 'date', value: text };
  if (node.DateTimeLiteral()) return { kind: 'datetime', value: parseDatetimeLiteral(text) };
  if (node.TimeLiteral()) return { kind: 'time', value: parseTimeLiteral(text) };
  if (node.signedNumber()) return { kind: 'number', value: numberOf(text), integral: /^[+-]?\d+$/.test(text) };
  if (node.IntegralCurrencyLiteral()) throw unsupported('a currency literal');
  throw malformed(`unexpected value: ${text}`);
}

function numberOf(text: string): number {
  const value = Number(text);
  if (Number.isNaN(value)) throw malformed(`unexpected token: '${text}'`);
  return value;
}

function lowerDateFormula(node: DateFormulaContext): DateFormula {
  const [name = '', count = '0'] = node.getText().toUpperCase().split(':');
  return { kind: 'dateFormula', name, count: Number(count) };
}
