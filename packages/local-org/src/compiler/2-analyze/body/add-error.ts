/** `record.Field.addError('…')` marks the field, not the value: the record and the field's token are what counts. */
import type { CallExpression } from '../../1-parse/ast.ts';
import type * as ir from '../ir.ts';
import type { Body } from './body.ts';
import { text } from './make.ts';
import { checkSupported } from './platform-members.ts';
import { fieldToken } from './records.ts';

export function fieldErrorCall(
  b: Body,
  e: CallExpression,
  target: ir.Expression,
  args: ir.Expression[],
): ir.Expression | null {
  if (
    e.name.toLowerCase() !== 'adderror' ||
    target.kind !== 'recordField' ||
    target.access !== 'sget' ||
    args.length === 0
  )
    return null;
  checkSupported(b, e, 'sobject.m.adderror', 'SObject.addError');
  const { object } = target.target.type;
  const field = object === null ? text(b, e, target.name) : fieldToken(b, e, object, target.name);
  return {
    kind: 'platformCall',
    line: e.line,
    column: e.column,
    type: b.types.void,
    owner: 'sobject',
    name: 'adderror',
    target: target.target,
    args: [field, ...args],
  };
}
