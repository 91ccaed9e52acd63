import type { Literal } from '../../1-parse/ast.ts';
import type * as ir from '../ir.ts';
import type { Body } from './body.ts';
import { broken, constant } from './make.ts';

/** Largest Integer and Long (Apex Developer Guide, Primitive Data Types). */
const MAX_INTEGER = 2n ** 31n - 1n;
const MAX_LONG = 2n ** 63n - 1n;

/** `negated` tells that a minus stands before the literal: the smallest number has no positive counterpart. */
export function analyzeLiteral(b: Body, e: Literal, negated = false): ir.Expression {
  switch (e.type) {
    case 'Integer':
    case 'Long': {
      const size = BigInt(e.text);
      const limit = (e.type === 'Integer' ? MAX_INTEGER : MAX_LONG) + (negated ? 1n : 0n);
      if (size > limit) {
        b.report(e, e.type === 'Integer' ? 'INTEGER_RANGE' : 'LONG_RANGE');
        return broken(b, e);
      }
      const signed = negated ? -size : size;
      return e.type === 'Integer' ? constant(e, b.types.integer, Number(signed)) : constant(e, b.types.long, signed);
    }
    case 'Decimal':
    case 'Double':
      return {
        kind: 'boxed',
        line: e.line,
        column: e.column,
        type: e.type === 'Decimal' ? b.types.decimal : b.types.double,
        text: `${negated ? '-' : ''}${e.text}`,
      };
    case 'String':
      return constant(e, b.types.string, e.text);
    case 'Boolean':
      return constant(e, b.types.boolean, e.text === 'true');
    case 'null':
      return constant(e, b.types.null, null);
  }
}
