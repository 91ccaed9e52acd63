/** Parts that many elements of a flow have. */
import { MetadataError } from '../../schema/problems.ts';
import type { XmlElement } from '../../schema/xml.ts';
import type { FieldType } from '../../types.ts';
import { everyOf, parseLogic, someOf } from '../filter-logic.ts';
import { literalOf } from '../literals.ts';
import type { Logic } from '../types.ts';
import { OPERATORS } from './operators.ts';
import type { Assignment, Conditions, Operand } from './types.ts';

/** Where a connector leads, or null. */
export const connector = (element: XmlElement, name: string): string | null =>
  element.first(name)?.text('targetReference') ?? null;

const LITERALS: Record<string, FieldType> = {
  booleanValue: 'boolean',
  dateTimeValue: 'datetime',
  dateValue: 'date',
  numberValue: 'double',
  stringValue: 'string',
};

export const EMPTY: Operand = { kind: 'literal', value: null, type: 'string' };

/** Reads a `FlowElementReferenceOrValue`; an element that is not there stands for nothing. */
export function readOperand(element: XmlElement | null): Operand {
  if (element === null) return EMPTY;
  const reference = element.text('elementReference');
  if (reference !== null) return { kind: 'reference', path: reference };
  for (const [name, type] of Object.entries(LITERALS)) {
    const text = element.text(name);
    if (text === null) continue;
    if (type === 'string' && text.includes('{!')) return { kind: 'template', text };
    return { kind: 'literal', value: literalOf({ name, type }, text), type };
  }
  const [unknown] = element.names();
  if (unknown === undefined) return EMPTY;
  throw new MetadataError(`a value of the kind ${unknown} is not supported by the local org`);
}

/** Reads conditions, each with `operator` and the value in `value` or `rightValue`; `left` says what is compared. */
export function readConditions(
  elements: XmlElement[],
  logic: string | null,
  left: (element: XmlElement) => string,
): Conditions {
  const items = elements.map((element) => {
    const operator = element.needed('operator');
    if (!OPERATORS.has(operator))
      throw new MetadataError(`the operator ${operator} of conditions is not supported by the local org`);
    return { left: left(element), operator, right: readOperand(element.first('value') ?? element.first('rightValue')) };
  });
  return { items, logic: readLogic(logic, items.length) };
}

function readLogic(logic: string | null, count: number): Logic {
  if (logic === null || /^(and)?$/i.test(logic.trim())) return everyOf(count);
  return /^or$/i.test(logic.trim()) ? someOf(count) : parseLogic(logic, count);
}

/** Reads `inputAssignments`: values of fields. */
export const readFieldValues = (element: XmlElement): Assignment[] =>
  element.all('inputAssignments').map((item) => ({
    to: item.needed('field'),
    operator: 'Assign',
    value: readOperand(item.first('value')),
  }));
