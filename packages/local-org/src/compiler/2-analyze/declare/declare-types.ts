/** Pass 1a: every type of every unit gets its symbol; names only, no references are resolved yet. */
import type {
  AnonymousDeclaration,
  ClassDeclaration,
  Modifiers,
  TriggerDeclaration,
  TypeDeclaration,
} from '../../1-parse/ast.ts';
import type { ClassInfo, SourceUnit } from '../../types.ts';
import type { Program } from '../program.ts';
import type { Access, UnitSymbol, UserType } from '../symbols.ts';

/** From this API version on, a class that declares no sharing runs with sharing. */
const SHARING_BY_DEFAULT = 67;

const ACCESS: Access[] = ['global', 'public', 'protected', 'private'];

export function accessOf(modifiers: Modifiers, fallback: Access): Access {
  if (modifiers.words.includes('webservice')) return 'global';
  return ACCESS.find((access) => modifiers.words.includes(access)) ?? fallback;
}

export const annotated = (modifiers: Modifiers, name: string): boolean =>
  modifiers.annotations.some((annotation) => annotation.name === name);

function sharingOf(modifiers: Modifiers, source: SourceUnit): ClassInfo['sharing'] {
  for (const sharing of ['with', 'without', 'inherited'] as const) {
    if (modifiers.words.includes(`${sharing} sharing`)) return sharing;
  }
  return source.kind === 'class' && (source.apiVersion ?? 0) >= SHARING_BY_DEFAULT ? 'with' : 'omitted';
}

export function declareType(
  program: Program,
  unit: Omit<UnitSymbol, 'type'>,
  declaration: TypeDeclaration,
  outer: UserType | null,
  name: string = outer === null || outer.name === '' ? declaration.name : `${outer.name}.${declaration.name}`,
): UserType {
  const { modifiers } = declaration;
  const type: Omit<UserType, 'type'> = {
    name,
    simpleName: declaration.name,
    kind: declaration.kind,
    declaration,
    unit: unit as UnitSymbol,
    outer,
    inner: new Map(),
    abstract: modifiers.words.includes('abstract'),
    virtual: modifiers.words.includes('virtual'),
    access: accessOf(modifiers, 'private'),
    testVisible: annotated(modifiers, 'testvisible'),
    isTest: annotated(modifiers, 'istest') || (outer?.isTest ?? false),
    sharing: sharingOf(modifiers, unit.source),
    superclass: null,
    interfaces: [],
    fields: new Map(),
    methods: new Map(),
    constructors: [],
    bridges: [],
    constants: new Map(),
  };
  const made = type as UserType;
  made.type = program.types.user(made);
  if (declaration.kind === 'enum') {
    for (const constant of declaration.constants) made.constants.set(constant.text.toLowerCase(), constant.text);
  }
  if (declaration.kind === 'class') declareInner(program, unit, declaration, made);
  return made;
}

function declareInner(
  program: Program,
  unit: Omit<UnitSymbol, 'type'>,
  declaration: Pick<ClassDeclaration, 'members'>,
  into: UserType,
): void {
  for (const member of declaration.members) {
    if (member.kind !== 'class' && member.kind !== 'interface' && member.kind !== 'enum') continue;
    const key = member.name.toLowerCase();
    if (into.inner.has(key)) unit.diagnostics.report(member, 'DUPLICATE_TYPE', member.name);
    else into.inner.set(key, declareType(program, unit, member, into));
  }
}

/** A trigger or script: a nameless class that owns the classes and methods declared in it. */
function standIn(script: TriggerDeclaration | AnonymousDeclaration): ClassDeclaration {
  const members = script.members.map((member) =>
    member.kind === 'method'
      ? { ...member, modifiers: { ...member.modifiers, words: [...member.modifiers.words, 'static'] } }
      : member,
  );
  return {
    kind: 'class',
    line: script.line,
    column: script.column,
    name: '',
    modifiers: { words: [], annotations: [] },
    superclass: null,
    interfaces: [],
    members,
  };
}

export function declareUnit(program: Program, unit: Omit<UnitSymbol, 'type'>): void {
  const { declaration, source, diagnostics } = unit;
  const symbol = unit as UnitSymbol;
  if (declaration.kind === 'trigger' || declaration.kind === 'anonymous') {
    symbol.type = declareType(program, unit, standIn(declaration), null);
  } else {
    symbol.type = declareType(program, unit, declaration, null);
    const key = declaration.name.toLowerCase();
    if (key !== source.name.toLowerCase()) diagnostics.report(declaration, 'WRONG_UNIT', source.path, source.name);
    if (program.userTypes.has(key)) diagnostics.report(declaration, 'DUPLICATE_TYPE', declaration.name);
    else program.userTypes.set(key, symbol.type);
  }
  program.units.push(symbol);
}
