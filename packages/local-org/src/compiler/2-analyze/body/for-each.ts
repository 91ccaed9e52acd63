/** `for (X x : xs)`: collections, Iterables, queries record by record or in batches. */
import type { ForEachStatement } from '../../1-parse/ast.ts';
import type * as ir from '../ir.ts';
import { resolveType } from '../resolve-type.ts';
import { ancestorNamed } from '../types/ancestors.ts';
import { castable } from '../types/conversion.ts';
import { isList, isRecord, type Type } from '../symbols.ts';
import type { Body } from './body.ts';
import { convert, isQuery } from './convert.ts';
import { analyzeExpression } from './expression.ts';
import { local, ops } from './make.ts';
import { analyzeLoopBody, at } from './statements.ts';

function elementOf(b: Body, type: Type): Type | null {
  if (type.kind === 'error') return type;
  return (
    ancestorNamed(b.types, type, 'iterable')?.args[0] ??
    ancestorNamed(b.types, type, 'list')?.args[0] ??
    ancestorNamed(b.types, type, 'set')?.args[0] ??
    null
  );
}

/** `for (List<Case> batch : [SELECT …])`: Salesforce hands the records over in batches. */
function isBatched(source: ir.Expression, type: Type): boolean {
  return isQuery(source) && isList(type) && isRecord(type.args[0]!);
}

export function analyzeForEach(b: Body, s: ForEachStatement): ir.Statement[] {
  const type = resolveType(b.program, s.type, b.self, b.self.unit.diagnostics);
  const source = analyzeExpression(b, s.source);
  const batched = isBatched(source, type);
  const element = batched ? source.type : elementOf(b, source.type);
  if (element === null) b.report(s, 'NOT_ITERABLE', source.type.ref);

  return b.scoped(() => {
    const variable = b.declare(s, s.name, type);
    const iterable = ops(s, b.types.object, batched ? 'batches' : 'iterate', source);
    const body = analyzeLoopBody(b, s, s.body);
    if (element === null || element === type || element.kind === 'error')
      return [{ kind: 'forEach', ...at(s), variable, source: iterable, body }];
    // Records of a generic list are taken as what the loop says they are.
    if (isRecord(element) && castable(b.types, element, type))
      return [{ kind: 'forEach', ...at(s), variable, source: iterable, body }];
    const raw: ir.Variable = { ...variable, name: `${variable.name}$each`, type: element };
    const value = convert(b, local(s, raw), type, s);
    const declare: ir.Statement = { kind: 'declare', ...at(s), variable, value };
    return [
      {
        kind: 'forEach',
        ...at(s),
        variable: raw,
        source: iterable,
        body: { kind: 'block', ...at(s), body: [declare, body] },
      },
    ];
  });
}
