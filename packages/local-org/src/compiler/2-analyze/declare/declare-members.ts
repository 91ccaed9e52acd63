/** Pass 1c: fields, properties, methods and constructors with their types. */
import type {
  ConstructorDeclaration,
  FieldDeclaration,
  MethodDeclaration,
  Parameter,
  Position,
  PropertyDeclaration,
} from '../../1-parse/ast.ts';
import type { Program } from '../program.ts';
import { resolveType } from '../resolve-type.ts';
import { signature, type FieldSymbol, type MethodSymbol, type ParameterSymbol, type UserType } from '../symbols.ts';
import { accessOf, annotated } from './declare-types.ts';

function parametersOf(program: Program, type: UserType, parameters: Parameter[]): ParameterSymbol[] {
  return parameters.map(({ name, type: node }) => ({
    name,
    type: resolveType(program, node, type, type.unit.diagnostics),
  }));
}

function addField(type: UserType, field: FieldSymbol, place: Position): void {
  const key = field.name.toLowerCase();
  if (type.fields.has(key)) type.unit.diagnostics.report(place, 'DUPLICATE_FIELD', field.name);
  else type.fields.set(key, field);
}

type FieldBase = Omit<FieldSymbol, 'name' | 'type' | 'getter' | 'setter'>;

function fieldBase(type: UserType, declaration: FieldDeclaration | PropertyDeclaration): FieldBase {
  const { modifiers } = declaration;
  return {
    owner: type,
    static: modifiers.words.includes('static'),
    // `final` on a property says nothing that its accessors do not.
    final: declaration.kind === 'field' && modifiers.words.includes('final'),
    transient: modifiers.words.includes('transient'),
    access: accessOf(modifiers, 'private'),
    testVisible: annotated(modifiers, 'testvisible'),
    member: '',
    storage: '',
    declaration,
  };
}

function declareField(program: Program, type: UserType, declaration: FieldDeclaration): void {
  const fieldType = resolveType(program, declaration.type, type, type.unit.diagnostics);
  const base = fieldBase(type, declaration);
  for (const { name, line, column } of declaration.declarators) {
    addField(type, { ...base, name, type: fieldType, getter: base.access, setter: base.access }, { line, column });
  }
}

function declareProperty(program: Program, type: UserType, declaration: PropertyDeclaration): void {
  const fieldType = resolveType(program, declaration.type, type, type.unit.diagnostics);
  const base = fieldBase(type, declaration);
  const { getter, setter, name } = declaration;
  addField(
    type,
    {
      ...base,
      name,
      type: fieldType,
      getter: getter === null ? null : accessOf(getter.modifiers, base.access),
      setter: setter === null ? null : accessOf(setter.modifiers, base.access),
    },
    declaration,
  );
}

function declareMethod(program: Program, type: UserType, declaration: MethodDeclaration): void {
  const { modifiers, returns } = declaration;
  const { diagnostics } = type.unit;
  const inInterface = type.kind === 'interface';
  const method: MethodSymbol = {
    name: declaration.name,
    owner: type,
    static: modifiers.words.includes('static') || modifiers.words.includes('testmethod'),
    access: inInterface ? 'global' : accessOf(modifiers, 'private'),
    testVisible: annotated(modifiers, 'testvisible'),
    abstract: inInterface || modifiers.words.includes('abstract'),
    virtual: modifiers.words.includes('virtual'),
    override: modifiers.words.includes('override'),
    parameters: parametersOf(program, type, declaration.parameters),
    returns: returns === null ? program.types.void : resolveType(program, returns, type, diagnostics),
    member: '',
    declaration,
  };
  const key = declaration.name.toLowerCase();
  const same = type.methods.get(key) ?? [];
  type.methods.set(key, same);
  if (same.some((other) => sameParameters(other, method))) {
    diagnostics.report(declaration, 'DUPLICATE_METHOD', signature(method.name, method.parameters));
    return;
  }
  same.push(method);
  const text = signature(method.name, method.parameters);
  if (!inInterface && declaration.body === null && !method.abstract)
    diagnostics.report(declaration, 'BODY_REQUIRED', text);
  if (declaration.body !== null && method.abstract) diagnostics.report(declaration, 'BODY_NOT_ALLOWED', text);
}

export const sameParameters = (a: { parameters: ParameterSymbol[] }, b: { parameters: ParameterSymbol[] }): boolean =>
  a.parameters.length === b.parameters.length &&
  a.parameters.every((parameter, i) => parameter.type === b.parameters[i]!.type);

function declareConstructor(program: Program, type: UserType, declaration: ConstructorDeclaration): void {
  const simple = declaration.name.split('.').at(-1)!.toLowerCase();
  if (simple !== type.simpleName.toLowerCase()) {
    type.unit.diagnostics.report(declaration, 'CONSTRUCTOR_NAME', declaration.name);
    return;
  }
  type.constructors.push({
    owner: type,
    access: accessOf(declaration.modifiers, 'private'),
    testVisible: annotated(declaration.modifiers, 'testvisible'),
    parameters: parametersOf(program, type, declaration.parameters),
    member: '',
    declaration,
  });
}

/** Pairs that cannot stand together on a member (Apex Developer Guide, "Access Modifiers" and "Virtual", "Abstract"). */
const EXCLUSIVE = [
  // Protected members are inherited, which static ones are not.
  ['protected', 'static'],
  ['abstract', 'virtual'],
  ['abstract', 'static'],
  ['virtual', 'static'],
  ['override', 'static'],
];
const ACCESS_WORDS = new Set(['global', 'public', 'protected', 'private']);

function checkModifiers(type: UserType, member: FieldDeclaration | PropertyDeclaration | MethodDeclaration): void {
  const { words } = member.modifiers;
  const access = words.filter((word) => ACCESS_WORDS.has(word));
  const clash = access.length > 1 ? access : EXCLUSIVE.find((pair) => pair.every((word) => words.includes(word)));
  if (clash !== undefined) type.unit.diagnostics.report(member, 'MODIFIERS', clash.join(', '));
}

/** Inner classes have no static members (Apex Developer Guide, Differences Between Apex Classes and Java Classes). */
function checkInnerStatics(type: UserType): void {
  const { declaration } = type;
  if (declaration.kind === 'enum') return;
  for (const member of declaration.members) {
    const isStatic =
      (member.kind === 'initializer' && member.static) ||
      ('modifiers' in member && member.modifiers.words.includes('static'));
    if (isStatic) type.unit.diagnostics.report(member, 'INNER_STATIC', 'name' in member ? member.name : type.name);
  }
}

export function declareMembers(program: Program, type: UserType): void {
  const { declaration } = type;
  if (declaration.kind === 'enum') return;
  if (type.outer !== null) checkInnerStatics(type);
  for (const member of declaration.members) {
    if (member.kind === 'field' || member.kind === 'property' || member.kind === 'method') checkModifiers(type, member);
    if (member.kind === 'field') declareField(program, type, member);
    else if (member.kind === 'property') declareProperty(program, type, member);
    else if (member.kind === 'method') declareMethod(program, type, member);
    else if (member.kind === 'constructor') declareConstructor(program, type, member);
  }
  if (type.kind === 'class' && type.constructors.length === 0) {
    type.constructors.push({
      owner: type,
      access: 'global',
      testVisible: false,
      parameters: [],
      member: '',
      declaration: null,
    });
  }
  for (const inner of type.inner.values()) declareMembers(program, inner);
}
