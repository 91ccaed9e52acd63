/** Elements that read and write records: interviews that stand before the same one share a query or save. */
import type { SaveContext } from '../../save/context.ts';
import { StoreError } from '../../types.ts';
import type { Access, Row, SaveError, SaveOperation, Value } from '../../types.ts';
import type { FlowScope } from './scope.ts';
import { queryOf } from './soql.ts';
import type { DataElement, Selection } from './types.ts';

type Writing = Exclude<DataElement, { kind: 'lookup' }>;

const OPERATION: Record<Writing['kind'], SaveOperation> = { create: 'insert', update: 'update', delete: 'delete' };

/** Does what the element asks for each interview; answers why it failed for it, or null. */
export function perform(context: SaveContext, element: DataElement, scopes: readonly FlowScope[]): (string | null)[] {
  try {
    if (element.kind === 'lookup') {
      context.triggers.charge?.('Queries', 1);
      for (const scope of scopes) lookUp(element, scope);
      return scopes.map(() => null);
    }
    return write(context, element, scopes);
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    return scopes.map(() => faultOf(element, error));
  }
}

/** Record-triggered flows run in system mode and without sharing. */
const accessOf = ({ request }: SaveContext): Access => ({
  userId: request.access.userId,
  mode: 'system',
  sharing: false,
});

function lookUp(element: Extract<DataElement, { kind: 'lookup' }>, scope: FlowScope): void {
  const rows = select(scope, element.selection, { orderBy: element.orderBy, limit: element.first ? 1 : element.limit });
  scope.hold(element.output ?? element.name, element.first ? (rows[0] ?? null) : rows);
}

function select(
  scope: FlowScope,
  selection: Selection,
  rest: { orderBy: string | null; limit: number | null } = { orderBy: null, limit: null },
): Row[] {
  const { context } = scope;
  const { soql, binds } = queryOf(selection, (index) => scope.operand(selection.conditions.items[index]!.right), rest);
  const ids = context.query(soql, { access: accessOf(context), binds }).rows.map(({ id }) => id!);
  context.triggers.charge?.('QueryRows', ids.length);
  return context.records.read(context.schema.objects.get(selection.object.toLowerCase())!, ids);
}

function write(context: SaveContext, element: Writing, scopes: readonly FlowScope[]): (string | null)[] {
  const work = scopes.map((scope) => ({ scope, rows: rowsOf(element, scope) }));
  const rows = work.flatMap((each) => each.rows);
  if (rows.length === 0) return scopes.map(() => null);
  context.triggers.charge?.('DmlStatements', 1);
  context.triggers.charge?.('DmlRows', rows.length);
  const ids = rows.flatMap(({ sent }) => sent.id ?? []);
  const together = work.every((each) => each.rows.length <= 1) && new Set(ids).size === ids.length;
  const failures = new Map<Row, SaveError[]>();
  // One record each can fail alone; of an interview's several records all are written or none.
  for (const part of together ? [rows] : work.map((each) => each.rows))
    save(context, element, part, !together, failures);
  return work.map(({ scope, rows: own }) => {
    const [error] = own.flatMap(({ sent }) => failures.get(sent) ?? []);
    if (error !== undefined) return faultOf(element, error);
    for (const { held, sent } of own) finish(element, scope, held, sent);
    return null;
  });
}

interface Written {
  /** The record in the flow's memory, if it is there. */
  held: Row | null;
  sent: Row;
}

function save(
  context: SaveContext,
  element: Writing,
  rows: readonly Written[],
  allOrNone: boolean,
  failures: Map<Row, SaveError[]>,
): void {
  if (rows.length === 0) return;
  const results = context.saveRecords(
    { operation: OPERATION[element.kind], rows: rows.map(({ sent }) => sent), allOrNone, access: accessOf(context) },
    context.triggers,
  );
  results.forEach(({ id, success, errors }, index) => {
    const { sent } = rows[index]!;
    if (success) sent.id = id;
    else failures.set(sent, errors);
  });
}

function finish(element: Writing, scope: FlowScope, held: Row | null, sent: Row): void {
  if (held !== null) {
    held.id = sent.id;
    if (sent.id !== null) held.values.set('Id', sent.id);
    scope.saved(held);
  }
  if (element.kind === 'create') scope.hold(element.name, sent.id);
}

function rowsOf(element: Writing, scope: FlowScope): Written[] {
  if (element.kind === 'create') return createdBy(element, scope);
  const held =
    element.target.kind === 'reference' ? recordsAt(scope, element.target.path) : select(scope, element.target);
  if (element.kind === 'delete') return held.map((row) => ({ held: row, sent: { ...row, values: new Map() } }));
  return held.map((row) => {
    for (const { to, value } of element.values) scope.set(row, to, scope.operand(value));
    return { held: row, sent: { object: row.object, id: row.id, values: scope.changesOf(row) } };
  });
}

function createdBy(element: Extract<DataElement, { kind: 'create' }>, scope: FlowScope): Written[] {
  if (element.reference !== null)
    return recordsAt(scope, element.reference).map((held) => ({
      held,
      sent: { object: held.object, id: null, values: new Map(held.values) },
    }));
  const sent: Row = { object: element.object!, id: null, values: new Map<string, Value>() };
  for (const { to, value } of element.values) scope.set(sent, to, scope.operand(value));
  return [{ held: null, sent }];
}

function recordsAt(scope: FlowScope, path: string): Row[] {
  const held = scope.read(path);
  if (held === null) return [];
  return (Array.isArray(held) ? held : [held]) as Row[];
}

const VERBS: Record<DataElement['kind'], string> = {
  lookup: 'look up',
  create: 'create',
  update: 'update',
  delete: 'delete',
};

const faultOf = (element: DataElement, { code, message }: Pick<SaveError, 'code' | 'message'>): string =>
  `This error occurred when the flow tried to ${VERBS[element.kind]} records: ${code}: ${message}. You can look up ExceptionCode values in the SOAP API Developer Guide.`;
