/** Methods that every enum has. */
import type { CallExpression } from '../../1-parse/ast.ts';
import type * as ir from '../ir.ts';
import type { Type } from '../symbols.ts';
import type { Body } from './body.ts';
import { convert } from './convert.ts';
import { ops, text, through } from './make.ts';

const METHODS: Record<string, 'string' | 'integer'> = {
  name: 'string',
  tostring: 'string',
  ordinal: 'integer',
  hashcode: 'integer',
};

export function enumInstanceCall(
  b: Body,
  e: CallExpression,
  target: ir.Expression,
  args: ir.Expression[],
): ir.Expression | null {
  const name = e.name.toLowerCase();
  const result = METHODS[name];
  if (result === undefined || args.length > 0) return null;
  return through(b, target, e.safe, (receiver) => ({
    kind: 'platformCall',
    line: e.line,
    column: e.column,
    type: b.types[result],
    owner: 'enum',
    name,
    target: receiver,
    args: [],
  }));
}

/** `values()` and `valueOf(name)`, of user enums and of the platform's. */
export function enumStaticCall(b: Body, e: CallExpression, type: Type, args: ir.Expression[]): ir.Expression | null {
  const name = e.name.toLowerCase();
  const wanted = name === 'values' ? 0 : name === 'valueof' ? 1 : null;
  if (wanted !== args.length) return null;
  const result = name === 'values' ? b.types.list(type) : type;
  const converted = args.map((arg) => convert(b, arg, b.types.string, e));
  if (type.user === null) {
    return {
      kind: 'platformCall',
      line: e.line,
      column: e.column,
      type: result,
      owner: type.key,
      name,
      target: null,
      args: converted,
    };
  }
  const object: ir.ClassObject = { kind: 'classObject', line: e.line, column: e.column, type, owner: type.user };
  return ops(e, result, name === 'values' ? 'enumValues' : 'enumValueOf', text(b, e, type.ref), object, ...converted);
}
