/** `switch on`: a chain of tests; there is no fall-through. Strings compare exactly, unlike `==`. */
import type { SwitchStatement, WhenClause, WhenValue } from '../../1-parse/ast.ts';
import type * as ir from '../ir.ts';
import { resolveType } from '../resolve-type.ts';
import { castable } from '../types/conversion.ts';
import { isEnum, isPrimitive, isRecord, type Type } from '../symbols.ts';
import type { Body } from './body.ts';
import { convert } from './convert.ts';
import { analyzeExpression } from './expression.ts';
import { analyzeLiteral } from './literals.ts';
import { broken, constant, local, runtime, text } from './make.ts';
import { platformStatic } from './platform-members.ts';
import { analyzeBody, at } from './statements.ts';

function enumConstant(b: Body, value: Extract<WhenValue, { kind: 'constant' }>, type: Type): ir.Expression {
  const name = value.path.at(-1)!;
  if (type.user !== null) {
    const spelled = type.user.constants.get(name.toLowerCase());
    if (spelled !== undefined) return { kind: 'enumConstant', ...at(value), type, owner: type.user, name: spelled };
  } else if (isEnum(type)) {
    const found = platformStatic(b, value, type, name);
    if (found !== null) return found;
  }
  b.report(value, 'WHEN_ENUM', name);
  return broken(b, value);
}

function whenValue(b: Body, value: WhenValue, type: Type): ir.Expression {
  if (type.kind === 'error') return broken(b, value);
  if (value.kind === 'constant') {
    if (isEnum(type)) return enumConstant(b, value, type);
    b.report(value, 'WHEN_LITERAL', type.ref);
    return broken(b, value);
  }
  if (value.type === 'null') return constant(value, b.types.null, null);
  const negative = value.type !== 'String' && value.text.startsWith('-');
  const literal = analyzeLiteral(b, negative ? { ...value, text: value.text.slice(1) } : value, negative);
  const fits =
    literal.type === type ||
    (isPrimitive(type, 'long') && literal.type === b.types.integer) ||
    (isPrimitive(type, 'id') && value.type === 'String');
  if (!fits) {
    b.report(value, 'WHEN_LITERAL', type.ref);
    return broken(b, value);
  }
  return convert(b, literal, type, value);
}

/** One spelling for one value, to find duplicates. */
const spelling = (value: WhenValue): string =>
  value.kind === 'constant' ? value.path.at(-1)!.toLowerCase() : `${value.type}:${value.text}`;

function isSupported(type: Type): boolean {
  return (
    type.kind === 'error' ||
    isEnum(type) ||
    isRecord(type) ||
    ['integer', 'long', 'string', 'id'].some((key) => isPrimitive(type, key)) ||
    type.kind === 'object'
  );
}

export function analyzeSwitch(b: Body, s: SwitchStatement): ir.Statement[] {
  const subject = analyzeExpression(b, s.subject);
  const { type } = subject;
  if (!isSupported(type)) b.report(s, 'SWITCH_TYPE', type.ref);
  const variable = b.temporary(type);
  const seen = new Set<string>();
  const clauses = s.whens.map((when, i) => analyzeWhen(b, when, variable, seen, i === s.whens.length - 1));
  let chain: ir.Statement | null = null;
  for (const { test, body, place } of clauses.toReversed()) {
    chain = test === null ? body : { kind: 'if', ...at(place), test, then: body, else: chain };
  }
  const assign: ir.Statement = {
    kind: 'evaluate',
    ...at(s),
    expression: { kind: 'assign', ...at(s), type, target: local(s, variable), value: subject },
  };
  return chain === null ? [assign] : [assign, chain];
}

interface Clause {
  place: WhenClause;
  /** Null for `when else`. */
  test: ir.Expression | null;
  body: ir.Statement;
}

function analyzeWhen(b: Body, when: WhenClause, variable: ir.Variable, seen: Set<string>, last: boolean): Clause {
  if (when.type !== null) return analyzeTypeWhen(b, when, variable);
  const body = analyzeBody(b, when.body);
  if (when.values === null) {
    if (!last) b.report(when, 'WHEN_ELSE');
    return { place: when, test: null, body };
  }
  const tests = when.values.map((value): ir.Expression => {
    const key = spelling(value);
    if (seen.has(key)) b.report(value, 'WHEN_DUPLICATE', value.kind === 'constant' ? value.path.join('.') : value.text);
    seen.add(key);
    const right = whenValue(b, value, variable.type);
    return {
      kind: 'native',
      ...at(value),
      type: b.types.boolean,
      operator: '===',
      left: local(value, variable),
      right,
    };
  });
  const test = tests.reduce((left, right): ir.Expression => ({
    kind: 'logical',
    ...at(when),
    type: b.types.boolean,
    operator: '||',
    left,
    right,
  }));
  return { place: when, test, body };
}

/** `when Case c { … }` */
function analyzeTypeWhen(b: Body, when: WhenClause, subject: ir.Variable): Clause {
  const type = resolveType(b.program, when.type!, b.self, b.self.unit.diagnostics);
  if (type.kind !== 'error' && subject.type.kind !== 'error' && !castable(b.types, subject.type, type)) {
    b.report(when, 'INCOMPATIBLE_CAST', subject.type.ref, type.ref);
  }
  const test = runtime(when, b.types.boolean, 'is', local(when, subject), text(b, when, type.ref));
  return b.scoped(() => {
    const variable = b.declare(when, when.name!, type);
    const declare: ir.Statement = { kind: 'declare', ...at(when), variable, value: local(when, subject) };
    const body: ir.Statement = { kind: 'block', ...at(when), body: [declare, analyzeBody(b, when.body)] };
    return { place: when, test, body };
  });
}
