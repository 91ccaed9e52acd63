/** Pass 2: bodies of one unit. */
import type {
  Accessor,
  Expression,
  FieldDeclaration,
  Member,
  Position,
  Statement,
  TriggerDeclaration,
} from '../1-parse/ast.ts';
import { Body } from './body/body.ts';
import type { BodyOptions } from './body/body.ts';
import { analyzeArguments } from './body/calls.ts';
import { constructorCandidates, pick, isVisible } from './body/overloads.ts';
import { convert } from './body/convert.ts';
import { analyzeExpression } from './body/expression.ts';
import { checkFlow } from './body/flow.ts';
import { analyzeStatements } from './body/statements.ts';
import { readField, thisOf } from './body/user-fields.ts';
import type * as ir from './ir.ts';
import type { Program } from './program.ts';
import {
  signature,
  type ConstructorSymbol,
  type FieldSymbol,
  type MethodSymbol,
  type UnitSymbol,
  type UserType,
} from './symbols.ts';

type Options = Omit<BodyOptions, 'returns'> & Partial<Pick<BodyOptions, 'returns'>>;

const bodyOf = (program: Program, type: UserType, options: Options): Body =>
  new Body(program, type, { returns: program.types.void, ...options });

function parameters(b: Body, symbol: MethodSymbol | ConstructorSymbol): ir.Variable[] {
  const places = symbol.declaration?.parameters ?? [];
  return symbol.parameters.map(({ name, type }, i) => b.declare(places[i]!, name, type, places[i]!.final));
}

function analyzeMethod(program: Program, type: UserType, symbol: MethodSymbol): ir.Method[] {
  const { body } = symbol.declaration;
  if (body === null) return [];
  const b = bodyOf(program, type, { kind: 'method', static: symbol.static, returns: symbol.returns });
  const variables = parameters(b, symbol);
  const statements = b.scoped(() => analyzeStatements(b, body.statements));
  checkFlow(b, statements, symbol.declaration);
  return [{ symbol, parameters: variables, body: statements, temporaries: b.temporaries }];
}

/** `this(…)` or `super(…)` at the head of a constructor; without it `super()` when there is a superclass. */
function constructorCall(b: Body, type: UserType, place: Position, call: Expression | undefined): ir.Statement[] {
  const explicit = call?.kind === 'constructorCall' ? call : null;
  const written = explicit !== null;
  const of = explicit?.of ?? 'super';
  const owner = of === 'this' ? type : (type.superclass?.user ?? null);
  const args = analyzeArguments(b, explicit?.arguments ?? []);
  const at = { line: place.line, column: place.column };
  if (owner === null) {
    // Exception is the only platform class that can be a superclass.
    return type.superclass === null ? [] : [{ kind: 'superConstructor', ...at, constructor_: null, of, args, written }];
  }
  const found = pick(b, constructorCandidates(b, owner), args);
  if (found === null) {
    if (!args.some((arg) => arg.type.kind === 'error'))
      b.report(place, 'UNKNOWN_CONSTRUCTOR', owner.name, signature('', args).slice(1, -1));
    return [];
  }
  if (!isVisible(b, found.member))
    b.report(place, 'NOT_VISIBLE_METHOD', `${owner.simpleName}(${found.parameters.map((p) => p.ref).join(', ')})`);
  const converted = args.map((arg, i) => convert(b, arg, found.parameters[i]!, arg));
  return [{ kind: 'superConstructor', ...at, constructor_: found.member, of, args: converted, written }];
}

function analyzeConstructor(program: Program, type: UserType, symbol: ConstructorSymbol): ir.Constructor {
  const b = bodyOf(program, type, { kind: 'constructor', static: false });
  const { declaration } = symbol;
  const variables = parameters(b, symbol);
  const [first, ...rest] = declaration?.body.statements ?? [];
  const call =
    first?.kind === 'expression' && first.expression.kind === 'constructorCall' ? first.expression : undefined;
  const place: Position = call ?? declaration ?? type.declaration;
  const statements: Statement[] = call === undefined ? (declaration?.body.statements ?? []) : rest;
  const body = b.scoped(() => [...constructorCall(b, type, place, call), ...analyzeStatements(b, statements)]);
  checkFlow(b, body, place);
  return { symbol, parameters: variables, body, temporaries: b.temporaries };
}

function analyzeAccessor(
  program: Program,
  type: UserType,
  field: FieldSymbol,
  accessor: Accessor,
  kind: 'get' | 'set',
): ir.Accessor {
  const returns = kind === 'get' ? field.type : program.types.void;
  const b = bodyOf(program, type, { kind: 'accessor', static: field.static, returns, property: field });
  const parameter = kind === 'set' ? b.declare(accessor, 'value', field.type) : null;
  const place = { line: accessor.line, column: accessor.column };
  if (accessor.body === null) return { field, parameter, body: null, temporaries: [], place };
  const statements = accessor.body.statements;
  const body = b.scoped(() => analyzeStatements(b, statements));
  checkFlow(b, body, accessor);
  return { field, parameter, body, temporaries: b.temporaries, place };
}

/** `x = initial;` for each declarator that has an initial value. */
function initialValues(b: Body, type: UserType, declaration: FieldDeclaration): ir.Statement[] {
  return declaration.declarators.flatMap((declarator): ir.Statement[] => {
    const field = type.fields.get(declarator.name.toLowerCase());
    if (field === undefined || declarator.initial === null) return [];
    const { line, column } = declarator;
    const value = convert(b, analyzeExpression(b, declarator.initial), field.type, declarator);
    const target = readField(b, declarator, thisOf(b, declarator), field);
    return [
      { kind: 'evaluate', line, column, expression: { kind: 'assign', line, column, type: field.type, target, value } },
    ];
  });
}

function initializers(
  program: Program,
  type: UserType,
  members: readonly Member[],
  isStatic: boolean,
): ir.Initializers {
  const b = bodyOf(program, type, { kind: 'initializer', static: isStatic });
  const body: ir.Statement[] = [];
  for (const member of members) {
    if (member.kind === 'field' && member.modifiers.words.includes('static') === isStatic)
      body.push(...initialValues(b, type, member));
    if (member.kind === 'initializer' && member.static === isStatic) {
      body.push({
        kind: 'block',
        line: member.line,
        column: member.column,
        body: b.scoped(() => analyzeStatements(b, member.body.statements)),
      });
    }
  }
  return { body, temporaries: b.temporaries };
}

export function analyzeClass(program: Program, type: UserType): ir.Class {
  const { declaration } = type;
  const members = declaration.kind === 'class' ? declaration.members : [];
  const isClass = declaration.kind === 'class';
  const properties = [...type.fields.values()].filter((field) => field.declaration.kind === 'property');
  const accessors = (kind: 'get' | 'set'): ir.Accessor[] =>
    properties.flatMap((field) => {
      const property = field.declaration;
      if (property.kind !== 'property') return [];
      const accessor = kind === 'get' ? property.getter : property.setter;
      return accessor === null ? [] : [analyzeAccessor(program, type, field, accessor, kind)];
    });
  return {
    symbol: type,
    methods: isClass ? [...type.methods.values()].flat().flatMap((method) => analyzeMethod(program, type, method)) : [],
    constructors: type.constructors.map((symbol) => analyzeConstructor(program, type, symbol)),
    getters: accessors('get'),
    setters: accessors('set'),
    staticInit: initializers(program, type, members, true),
    instanceInit: initializers(program, type, members, false),
    inner: [...type.inner.values()].map((inner) => analyzeClass(program, inner)),
  };
}

function checkEvents(unit: UnitSymbol, declaration: TriggerDeclaration): void {
  for (const [i, event] of declaration.events.entries()) {
    const repeated = declaration.events.indexOf(event) < i;
    if (event === 'before undelete' || repeated) unit.diagnostics.report(declaration, 'TRIGGER_EVENT', event);
  }
}

export function analyzeUnit(program: Program, unit: UnitSymbol): ir.AnalysedUnit {
  const { declaration } = unit;
  const type = analyzeClass(program, unit.type);
  if (declaration.kind !== 'trigger' && declaration.kind !== 'anonymous') return { type, script: null };
  const trigger =
    declaration.kind === 'trigger' ? program.types.schema.objects[declaration.object.text.toLowerCase()] : undefined;
  if (declaration.kind === 'trigger') checkEvents(unit, declaration);
  if (declaration.kind === 'trigger' && trigger === undefined)
    unit.diagnostics.report(declaration.object, 'TRIGGER_OBJECT', declaration.object.text);
  const b = bodyOf(program, unit.type, { kind: 'script', static: true, ...(trigger === undefined ? {} : { trigger }) });
  const body = analyzeStatements(b, declaration.body);
  checkFlow(b, body, declaration);
  return { type, script: { body, temporaries: b.temporaries } };
}
