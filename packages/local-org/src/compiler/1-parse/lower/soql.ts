/** Queries in Apex: their text as the store gets it, their binds, and what the compiler has to know of them. */
import {
  BoundExpressionContext,
  type DateFieldNameContext,
  type FieldExpressionContext,
  type FieldNameContext,
  type FieldNameListContext,
  type FieldOrderListContext,
  type FromNameListContext,
  type GroupByClauseContext,
  type LogicalExpressionContext,
  type QueryContext,
  type SoqlFunctionContext,
  type SoqlIdContext,
  type SoqlLiteralContext,
  type SubQueryContext,
  type TypeOfContext,
  type ValueContext,
  type WhereLogicalExpressionContext,
  type ApexParserRuleContext,
  type SoslLiteralContext,
} from '@apexdevtools/apex-parser';
import type { SoqlExpression, SoqlField, SoqlFunction, SoqlQuery, Expression, SoslExpression } from '../ast.ts';
import { at, nameOf, need, type Lowering } from './context.ts';
import { lowerExpression } from './expressions.ts';

/** Inline SOQL: its text for the store, and the names in it for the analyser. */
export function lowerSoql(l: Lowering, context: SoqlLiteralContext): SoqlExpression {
  const query = need(context.query());
  const { text, binds } = queryText(l, query, BoundExpressionContext);
  return { kind: 'soql', ...at(context), query: lowerQuery(query), text, binds };
}

function field(context: FieldNameContext, alias: SoqlIdContext | null = null): SoqlField {
  const path = context.soqlId_list().map((part) => part.start.text);
  return alias === null ? { ...at(context), path } : { ...at(context), path, alias: alias.start.text };
}

const fieldList = (context: FieldNameListContext): SoqlField[] => context.fieldName_list().map((item) => field(item));

function functionFields(context: SoqlFunctionContext): SoqlField[] {
  const direct = context.fieldName() ?? (context.dateFieldName() as DateFieldNameContext | null)?.fieldName() ?? null;
  if (direct !== null) return [field(direct)];
  const inner = context.soqlFunction() as SoqlFunctionContext | null;
  if (inner !== null) return functionFields(inner);
  return context.locationValue_list().flatMap((location) => {
    const name = location.fieldName() as FieldNameContext | null;
    return name === null ? [] : [field(name)];
  });
}

function lowerFunction(context: SoqlFunctionContext, alias: SoqlIdContext | null = null): SoqlFunction {
  const lowered: SoqlFunction = {
    ...at(context),
    name: context.start.text.toLowerCase(),
    fields: functionFields(context),
  };
  if (alias !== null) lowered.alias = alias.start.text;
  return lowered;
}

function lowerTypeOf(context: TypeOfContext): SoqlQuery['typeOf'][number] {
  return {
    field: field(need(context.fieldName())),
    whens: context.whenClause_list().map((when) => ({
      object: nameOf(when.fieldName()),
      fields: fieldList(need(when.fieldNameList())),
    })),
    elseFields: context.elseClause() === null ? [] : fieldList(context.elseClause().fieldNameList()),
  };
}

interface Conditions {
  fields: SoqlField[];
  semiJoins: SoqlQuery[];
}

function fromValue(context: ValueContext, into: Conditions): void {
  const subQuery = context.subQuery() as SubQueryContext | null;
  if (subQuery !== null) into.semiJoins.push(lowerSubQuery(subQuery));
}

function fromFieldExpression(context: FieldExpressionContext, into: Conditions): void {
  const name = context.fieldName() as FieldNameContext | null;
  if (name !== null) into.fields.push(field(name));
  else into.fields.push(...functionFields(need(context.soqlFunction())));
  fromValue(need(context.value()), into);
}

function fromLogical(context: LogicalExpressionContext, into: Conditions): void {
  for (const condition of context.conditionalExpression_list()) {
    const nested = condition.logicalExpression() as LogicalExpressionContext | null;
    if (nested !== null) fromLogical(nested, into);
    else fromFieldExpression(need(condition.fieldExpression()), into);
  }
}

function fromWhere(context: WhereLogicalExpressionContext, into: Conditions): void {
  for (const condition of context.whereConditionalExpression_list()) {
    const nested = condition.whereLogicalExpression() as WhereLogicalExpressionContext | null;
    if (nested !== null) {
      fromWhere(nested, into);
      continue;
    }
    const compared = need(condition.whereFieldExpression());
    const plain = compared.fieldExpression() as FieldExpressionContext | null;
    if (plain !== null) fromFieldExpression(plain, into);
    else fromValue(need(compared.value()), into);
  }
}

function fromOrder(context: FieldOrderListContext, into: Conditions): void {
  for (const order of context.fieldOrder_list()) {
    const name = order.fieldName() as FieldNameContext | null;
    into.fields.push(...(name === null ? functionFields(need(order.soqlFunction())) : [field(name)]));
  }
}

function fromGroupBy(context: GroupByClauseContext, into: Conditions): void {
  for (const group of need(context.fieldGroupByList()).fieldGroupBy_list()) {
    const name = group.fieldName() as FieldNameContext | null;
    into.fields.push(...(name === null ? functionFields(need(group.soqlFunction())) : [field(name)]));
  }
  const having = context.logicalExpression() as LogicalExpressionContext | null;
  if (having !== null) fromLogical(having, into);
}

interface SelectEntry {
  fieldName(): FieldNameContext | null;
  soqlId(): SoqlIdContext | null;
  soqlFunction(): SoqlFunctionContext | null;
  subQuery(): SubQueryContext | null;
  typeOf(): TypeOfContext | null;
}

function fromSelect(entries: SelectEntry[], query: SoqlQuery): void {
  for (const entry of entries) {
    const name = entry.fieldName();
    const call = entry.soqlFunction();
    const child = entry.subQuery();
    if (name !== null) query.fields.push(field(name, entry.soqlId()));
    else if (call !== null) query.functions.push(lowerFunction(call, entry.soqlId()));
    else if (child !== null) query.children.push(lowerSubQuery(child));
    else query.typeOf.push(lowerTypeOf(need(entry.typeOf())));
  }
}

function emptyQuery(context: QueryContext | SubQueryContext, from: FromNameListContext): SoqlQuery {
  return {
    ...at(context),
    from: field(need(from.fieldName(0)), from.soqlId(0) ?? null),
    fields: [],
    functions: [],
    children: [],
    typeOf: [],
    semiJoins: [],
    otherFields: [],
    grouped: false,
    countOnly: false,
    securityEnforced: false,
  };
}

function lowerQuery(context: QueryContext): SoqlQuery {
  const query = emptyQuery(context, need(context.fromNameList()));
  fromSelect(need(context.selectList()).selectEntry_list(), query);
  const conditions: Conditions = { fields: query.otherFields, semiJoins: query.semiJoins };
  const where = context.whereClause()?.whereLogicalExpression();
  if (where) fromWhere(where, conditions);
  const group = context.groupByClause() as GroupByClauseContext | null;
  if (group !== null) fromGroupBy(group, conditions);
  const order = context.orderByClause()?.fieldOrderList();
  if (order) fromOrder(order, conditions);
  query.grouped = group !== null;
  query.countOnly =
    query.fields.length === 0 && query.functions.length === 1 && isBareCount(query.functions[0]!, context);
  query.securityEnforced = context.withClause()?.SECURITY_ENFORCED() != null;
  return query;
}

/** `COUNT()`, in contrast to `COUNT(Id)` and `COUNT() total`. */
function isBareCount(call: SoqlFunction, context: QueryContext): boolean {
  return (
    call.name === 'count' &&
    call.fields.length === 0 &&
    call.alias === undefined &&
    context.selectList().selectEntry_list().length === 1
  );
}

function lowerSubQuery(context: SubQueryContext): SoqlQuery {
  const query = emptyQuery(context, need(context.fromNameList()));
  fromSelect(need(context.subFieldList()).subFieldEntry_list(), query);
  const conditions: Conditions = { fields: query.otherFields, semiJoins: query.semiJoins };
  const where = context.whereClause()?.whereLogicalExpression();
  if (where) fromWhere(where, conditions);
  const order = context.orderByClause()?.fieldOrderList();
  if (order) fromOrder(order, conditions);
  return query;
}

interface Node {
  children?: Node[] | null;
  constructor: unknown;
}

function boundExpressions(node: Node, type: unknown, found: BoundExpressionContext[] = []): BoundExpressionContext[] {
  for (const child of node.children ?? []) {
    if (child.constructor === type) found.push(child as unknown as BoundExpressionContext);
    else boundExpressions(child, type, found);
  }
  return found;
}

/** The text of a query as the store gets it: white space and comments are single blanks, binds are `:b0`, `:b1` … */
export interface QueryText {
  text: string;
  binds: Expression[];
}

export function queryText(l: Lowering, context: ApexParserRuleContext, boundType: unknown): QueryText {
  const bound = boundExpressions(context, boundType);
  const binds = bound.map((bind) => lowerExpression(l, need(bind.expression())));
  const last = need(context.stop).tokenIndex;
  let text = '';
  let bind = 0;
  for (let i = context.start.tokenIndex; i <= last; i++) {
    const token = l.tokens[i]!;
    const start = bound[bind];
    if (start !== undefined && i === start.start.tokenIndex) {
      text += `:b${bind++}`;
      i = need(start.stop).tokenIndex;
    } else if (token.channel !== 0) {
      if (!text.endsWith(' ')) text += ' ';
    } else {
      text += token.text;
    }
  }
  return { text, binds };
}

/** `[FIND 'x' IN ALL FIELDS RETURNING Case(Id)]`: the text without its brackets. */
export function lowerSosl(l: Lowering, context: SoslLiteralContext): SoslExpression {
  const { text, binds } = queryText(l, context, BoundExpressionContext);
  return { kind: 'sosl', ...at(context), text: text.replace(/^\[\s*/, '').replace(/\s*\]$/, ''), binds };
}
