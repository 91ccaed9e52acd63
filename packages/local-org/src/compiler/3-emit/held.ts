/**
 * What a body holds while it runs. JavaScript shows nobody the variables of a function that has called another, so a
 * body that has variables whose values may be large hands the runtime a function that tells them: `$.hold(() => [a, b])`,
 * and `$.release()` when it ends. These variables are declared before, at the head of the body.
 */
import type * as ir from '../2-analyze/ir.ts';
import { isEnum, isPrimitive, type Type } from '../2-analyze/symbols.ts';
import type { EmitContext } from './context.ts';
import * as js from './estree.ts';
import type { Node } from './estree.ts';

/** Values of all other types have a fixed, small size. */
const isLarge = (type: Type): boolean =>
  type.kind === 'primitive' ? isPrimitive(type, 'string') || isPrimitive(type, 'blob') : !isEnum(type);

/** The variables that a statement declares, at any depth. */
function* declared(statement: ir.Statement): Generator<ir.Variable> {
  switch (statement.kind) {
    case 'declare':
      yield statement.variable;
      return;
    case 'block':
      for (const inner of statement.body) yield* declared(inner);
      return;
    case 'if':
      yield* declared(statement.then);
      if (statement.else !== null) yield* declared(statement.else);
      return;
    case 'loop':
      for (const inner of statement.init) yield* declared(inner);
      yield* declared(statement.body);
      return;
    case 'forEach':
      yield statement.variable;
      yield* declared(statement.body);
      return;
    case 'try':
      yield* declared(statement.body);
      for (const { body } of statement.catches) yield* declared(body);
      if (statement.finally !== null) yield* declared(statement.finally);
      return;
    case 'runAs':
      yield* declared(statement.body);
      return;
    default:
  }
}

/** The code that `emit` makes of `body`, and around it what tells the runtime of its variables. */
export function holding(
  c: EmitContext,
  parameters: readonly ir.Variable[],
  body: readonly ir.Statement[],
  emit: () => Node[],
): Node[] {
  const named = (variables: Iterable<ir.Variable>): Set<string> =>
    new Set(Array.from(variables, (variable) => (isLarge(variable.type) ? variable.name : '')).filter(Boolean));
  c.held = named(body.flatMap((statement) => [...declared(statement)]));
  const nodes = emit();
  const names = [...named(parameters), ...c.held];
  const hoisted = js.declareAll([...c.held]);
  c.held = new Set();
  if (names.length === 0) return nodes;
  const told = js.arrow([], js.array([js.thisNode(), ...names.map(js.id)]));
  return [
    ...hoisted,
    js.statement(js.call(js.path('$', 'hold'), [told])),
    js.tryStatement(js.block(nodes), null, js.block([js.statement(js.call(js.path('$', 'release'), []))])),
  ];
}
