/** JSON.deserializeUntyped: Map<String,Object>, List<Object>, String, Boolean, Integer, Long, Decimal, null. */
import type { Apex } from '../../types.ts';
import { ApexList, ApexMap, Decimal } from '../../values/index.ts';
import type { Token } from './tokens.ts';
import type { Node } from './tree.ts';

/** An integer in the narrowest type that holds it. */
const integer = (text: string): Apex => {
  const value = BigInt(text);
  if (BigInt.asIntN(32, value) === value) return Number(value);
  return BigInt.asIntN(64, value) === value ? value : new Decimal(value, 0);
};

export const scalarValue = (token: Token): Apex => {
  switch (token.kind) {
    case 'VALUE_NUMBER_INT':
      return integer(token.text);
    case 'VALUE_NUMBER_FLOAT':
      return Decimal.parse(token.text);
    case 'VALUE_TRUE':
      return true;
    case 'VALUE_FALSE':
      return false;
    case 'VALUE_NULL':
      return null;
    default:
      return token.text;
  }
};

export const untypedValue = (node: Node): Apex => {
  if (node.kind === 'scalar') return scalarValue(node.token);
  if (node.kind === 'array') return new ApexList('Object', node.items.map(untypedValue));
  return new ApexMap(
    'String',
    'Object',
    node.entries.map(([name, value]) => [name, untypedValue(value)]),
  );
};
