/**
 * The grammar reads `(a) - b` as a cast of `-b` to `a`. Only numbers can be negated, so with any
 * other "type" it is a subtraction: this gives the tree the shape that the source means.
 */
import type { BinaryExpression, BinaryOperator, Expression, Position, TypeNode } from '../ast.ts';

const NUMERIC = new Set(['integer', 'long', 'double', 'decimal', 'object']);

/** Binary nodes made from a cast; their right operand may still have to take in what follows. */
const loose = new WeakSet<Expression>();

export function castOrBinary(place: Position, type: TypeNode, operand: Expression): Expression {
  const signed = operand.kind === 'unary' && (operand.operator === '-' || operand.operator === '+') ? operand : null;
  const plain = type.parts.every((part) => part.arguments.length === 0);
  if (signed === null || !plain || NUMERIC.has(type.parts.at(-1)!.name.toLowerCase())) {
    return { kind: 'cast', ...place, type, operand };
  }
  const [first, ...rest] = type.parts;
  let left: Expression = { kind: 'name', ...place, name: first!.name };
  for (const part of rest) left = { kind: 'member', ...place, target: left, name: part.name, safe: false };
  const made: BinaryExpression = {
    kind: 'binary',
    ...place,
    operator: signed.operator as '+' | '-',
    left,
    right: signed.operand,
  };
  loose.add(made);
  return made;
}

const binds = (operator: BinaryOperator): number =>
  operator === '*' || operator === '/' ? 2 : operator === '+' || operator === '-' ? 1 : 0;

const isLoose = (node: Expression): node is BinaryExpression => loose.has(node);

/** A binary node; where an operand is a subtraction made from a cast, precedence is put right. */
export function binary(
  { line, column }: Position,
  operator: BinaryOperator,
  left: Expression,
  right: Expression,
): Expression {
  if (binds(operator) === 2 && isLoose(left)) {
    left.right = binary(left.right, operator, left.right, right);
    return left;
  }
  if (binds(operator) > 0 && isLoose(right)) {
    const made: BinaryExpression = {
      ...right,
      line,
      column,
      left: { kind: 'binary', line, column, operator, left, right: right.left },
    };
    loose.add(made);
    return made;
  }
  return { kind: 'binary', line, column, operator, left, right };
}
