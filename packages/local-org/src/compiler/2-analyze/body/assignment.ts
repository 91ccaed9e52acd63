/** `=`, `+=` and its like, `++`, `--`: what is assigned to is evaluated once. */
import type { AssignExpression, BinaryOperator, Expression, IncrementExpression, Position } from '../../1-parse/ast.ts';
import type * as ir from '../ir.ts';
import { lineage, numericRank } from '../symbols.ts';
import { arithmetic } from './arithmetic.ts';
import type { Body } from './body.ts';
import { convert } from './convert.ts';
import { analyzeExpression } from './expression.ts';
import { analyzeNamed } from './names.ts';
import { broken, constant, local, markNonNull, neverNull } from './make.ts';
import { isVisible } from './overloads.ts';
import { isCalculated } from './records.ts';

function checkField(b: Body, place: Position, { field }: ir.Field): void {
  const { kind } = b.options;
  if (field.setter === null && b.options.property !== field) {
    const initializing = field.owner === b.self && (kind === 'constructor' || kind === 'initializer');
    if (!initializing) b.report(place, 'NOT_WRITEABLE', field.name);
  } else if (field.setter !== null && isVisible(b, field) && !isVisible(b, { ...field, access: field.setter })) {
    b.report(place, 'NOT_WRITEABLE', field.name);
  }
  if (!field.final) return;
  const initializing =
    (kind === 'constructor' || kind === 'initializer') && lineage(b.self).some((type) => type === field.owner);
  if (!initializing) b.report(place, 'FINAL_ASSIGNED', field.name);
}

function checkRecordField(b: Body, place: Position, target: ir.RecordField): void {
  const { object } = target.target.type;
  if (target.access === 'schildren') b.report(place, 'NOT_WRITEABLE', target.name);
  else if (object !== null && isCalculated(object, target))
    b.report(place, 'NOT_WRITEABLE', `${object.name}.${target.name}`);
}

function assignable(b: Body, place: Position, target: ir.Expression): ir.Assignable | null {
  switch (target.kind) {
    case 'local':
      if (target.variable.final) b.report(place, 'FINAL_ASSIGNED', target.variable.name);
      return target;
    case 'field':
      checkField(b, place, target);
      return target;
    case 'recordField':
      checkRecordField(b, place, target);
      return target;
    case 'platformProperty':
      return target;
    case 'item':
      return target;
    default:
      if (target.type.kind !== 'error') b.report(place, 'NOT_ASSIGNABLE');
      return null;
  }
}

interface Place {
  /** Temporaries that hold the parts of the place. */
  bindings: ir.Let['bindings'];
  target: ir.Assignable;
}

function held(b: Body, bindings: ir.Let['bindings'], value: ir.Expression): ir.Expression {
  if (value.kind === 'this' || value.kind === 'constant') return value;
  const variable = b.temporary(value.type);
  if (neverNull(value)) markNonNull(variable);
  bindings.push({ variable, value });
  return local(value, variable);
}

/** The same place with its parts in temporaries, so that it can be read and then written. */
function once(b: Body, target: ir.Assignable): Place {
  const bindings: ir.Let['bindings'] = [];
  switch (target.kind) {
    case 'local':
      return { bindings, target };
    case 'item': {
      const list = held(b, bindings, target.list);
      return { bindings, target: { ...target, list, index: held(b, bindings, target.index) } };
    }
    default:
      if (target.target === null) return { bindings, target };
      return { bindings, target: { ...target, target: held(b, bindings, target.target) } };
  }
}

function within(place: Position, bindings: ir.Let['bindings'], body: ir.Expression): ir.Expression {
  return bindings.length === 0
    ? body
    : { kind: 'let', line: place.line, column: place.column, type: body.type, bindings, body };
}

/** Writes through functions give nothing back: a value that is used afterwards waits in a temporary. */
function assign(
  b: Body,
  place: Position,
  target: ir.Assignable,
  value: ir.Expression,
  discarded: boolean,
): ir.Expression {
  const { line, column } = place;
  const plain = discarded || target.kind === 'local' || target.kind === 'field' || target.kind === 'item';
  if (plain) return { kind: 'assign', line, column, type: target.type, target, value };
  const variable = b.temporary(target.type);
  const write: ir.Assign = { kind: 'assign', line, column, type: target.type, target, value: local(place, variable) };
  return {
    kind: 'let',
    line,
    column,
    type: target.type,
    bindings: [
      { variable, value },
      { variable: b.temporary(target.type), value: write },
    ],
    body: local(place, variable),
  };
}

function targetOf(b: Body, e: Expression, place: Position): ir.Assignable | null {
  const analysed = e.kind === 'name' || e.kind === 'member' ? analyzeNamed(b, e) : analyzeExpression(b, e);
  return assignable(b, place, analysed);
}

export function analyzeAssign(b: Body, e: AssignExpression, discarded: boolean): ir.Expression {
  const target = targetOf(b, e.target, e);
  const value = analyzeExpression(b, e.value);
  if (target === null) return broken(b, e);
  if (e.operator === '=') return assign(b, e, target, convert(b, value, target.type, e), discarded);
  const { bindings, target: place } = once(b, target);
  const operator = e.operator.slice(0, -1) as BinaryOperator;
  const result = arithmetic(b, e, operator, place, value);
  return within(e, bindings, assign(b, e, place, convert(b, result, place.type, e), discarded));
}

export function analyzeIncrement(b: Body, e: IncrementExpression, discarded: boolean): ir.Expression {
  const target = targetOf(b, e.operand, e);
  if (target === null) return broken(b, e);
  if (numericRank(target.type) === 0) {
    if (target.type.kind !== 'error') b.report(e, 'ARITHMETIC');
    return broken(b, e);
  }
  const { bindings, target: place } = once(b, target);
  const one = constant(e, b.types.integer, 1);
  const operator = e.operator === '++' ? '+' : '-';
  if (e.prefix || discarded) {
    return within(
      e,
      bindings,
      assign(b, e, place, convert(b, arithmetic(b, e, operator, place, one), place.type, e), discarded),
    );
  }
  const variable = b.temporary(place.type);
  const next = convert(b, arithmetic(b, e, operator, local(e, variable), one), place.type, e);
  const write = assign(b, e, place, next, true);
  return within(e, bindings, {
    kind: 'postIncrement',
    line: e.line,
    column: e.column,
    type: place.type,
    variable,
    read: place,
    write,
  });
}
