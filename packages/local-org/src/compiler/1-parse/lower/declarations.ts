/** Classes, interfaces, enums and their members. */
import type {
  AnonymousMemberDeclarationContext,
  ClassBodyDeclarationContext,
  ClassDeclarationContext,
  ConstructorDeclarationContext,
  EnumDeclarationContext,
  FieldDeclarationContext,
  FormalParametersContext,
  GetterContext,
  InterfaceDeclarationContext,
  MemberDeclarationContext,
  MethodDeclarationContext,
  PropertyDeclarationContext,
  SetterContext,
  TriggerMemberDeclarationContext,
} from '@apexdevtools/apex-parser';
import type {
  Accessor,
  ClassDeclaration,
  EnumDeclaration,
  InterfaceDeclaration,
  Member,
  MethodDeclaration,
  Modifiers,
  Parameter,
  PropertyDeclaration,
} from '../ast.ts';
import { at, Incomplete, nameOf, need } from './context.ts';
import type { Lowering } from './context.ts';
import { lowerModifiers } from './modifiers.ts';
import { lowerBlock, lowerDeclarators } from './statements.ts';
import { lowerType, lowerTypeList } from './types.ts';

function lowerParameters(context: FormalParametersContext): Parameter[] {
  return (context.formalParameterList()?.formalParameter_list() ?? []).map((parameter) => {
    const name = nameOf(parameter.id());
    return {
      line: name.line,
      column: name.column,
      name: name.text,
      type: lowerType(need(parameter.typeRef())),
      final: lowerModifiers(parameter.modifier_list()).words.includes('final'),
    };
  });
}

function lowerMethod(l: Lowering, context: MethodDeclarationContext, modifiers: Modifiers): MethodDeclaration {
  const name = nameOf(context.id());
  const returns = context.typeRef();
  const body = context.block();
  return {
    kind: 'method',
    line: name.line,
    column: name.column,
    name: name.text,
    modifiers,
    returns: returns === null ? null : lowerType(returns),
    parameters: lowerParameters(need(context.formalParameters())),
    body: body === null ? null : lowerBlock(l, body),
  };
}

function lowerConstructor(l: Lowering, context: ConstructorDeclarationContext, modifiers: Modifiers): Member {
  const parts = need(context.qualifiedName()).id_list();
  return {
    kind: 'constructor',
    ...at(context),
    name: parts.map((part) => part.start.text).join('.'),
    modifiers,
    parameters: lowerParameters(need(context.formalParameters())),
    body: lowerBlock(l, need(context.block())),
  };
}

function lowerField(l: Lowering, context: FieldDeclarationContext, modifiers: Modifiers): Member {
  return {
    kind: 'field',
    ...at(context),
    modifiers,
    type: lowerType(need(context.typeRef())),
    declarators: lowerDeclarators(l, need(context.variableDeclarators())),
  };
}

function lowerAccessor(l: Lowering, context: GetterContext | SetterContext, modifiers: Modifiers): Accessor {
  const body = context.block();
  return { ...at(context), modifiers, body: body === null ? null : lowerBlock(l, body) };
}

function lowerProperty(l: Lowering, context: PropertyDeclarationContext, modifiers: Modifiers): PropertyDeclaration {
  const name = nameOf(context.id());
  const property: PropertyDeclaration = {
    kind: 'property',
    line: name.line,
    column: name.column,
    name: name.text,
    modifiers,
    type: lowerType(need(context.typeRef())),
    getter: null,
    setter: null,
  };
  for (const block of context.propertyBlock_list()) {
    const words = lowerModifiers(block.modifier_list());
    const getter = block.getter();
    if (getter !== null) property.getter = lowerAccessor(l, getter, words);
    else property.setter = lowerAccessor(l, need(block.setter()), words);
  }
  return property;
}

type AnyMember = MemberDeclarationContext & TriggerMemberDeclarationContext & AnonymousMemberDeclarationContext;

export function lowerMember(
  l: Lowering,
  context: MemberDeclarationContext | TriggerMemberDeclarationContext | AnonymousMemberDeclarationContext,
  modifiers: Modifiers,
): Member {
  const any = context as AnyMember;
  const method = any.methodDeclaration();
  if (method !== null) return lowerMethod(l, method, modifiers);
  const field = any.fieldDeclaration();
  if (field !== null) return lowerField(l, field, modifiers);
  const property = any.propertyDeclaration();
  if (property !== null) return lowerProperty(l, property, modifiers);
  const inner = any.classDeclaration();
  if (inner !== null) return lowerClass(l, inner, modifiers);
  const iface = any.interfaceDeclaration();
  if (iface !== null) return lowerInterface(iface, modifiers);
  const enumeration = any.enumDeclaration();
  if (enumeration !== null) return lowerEnum(enumeration, modifiers);
  return lowerConstructor(l, need((context as MemberDeclarationContext).constructorDeclaration?.()), modifiers);
}

function lowerBodyMember(l: Lowering, context: ClassBodyDeclarationContext): Member[] {
  const block = context.block();
  if (block !== null) {
    const isStatic = context.start.text.toLowerCase() === 'static';
    return [{ kind: 'initializer', ...at(context), static: isStatic, body: lowerBlock(l, block) }];
  }
  const member = context.memberDeclaration();
  return member === null ? [] : [lowerMember(l, member, lowerModifiers(context.modifier_list()))];
}

/** After a syntax error the members that are whole are kept. */
export function kept<T>(l: Lowering, make: () => T[]): T[] {
  try {
    return make();
  } catch (error) {
    if (error instanceof Incomplete && !l.bodies) return [];
    throw error;
  }
}

export function lowerClass(l: Lowering, context: ClassDeclarationContext, modifiers: Modifiers): ClassDeclaration {
  const name = nameOf(context.id());
  const superclass = context.typeRef();
  return {
    kind: 'class',
    line: name.line,
    column: name.column,
    name: name.text,
    modifiers,
    superclass: superclass === null ? null : lowerType(superclass),
    interfaces: lowerTypeList(context.typeList()),
    members: (context.classBody()?.classBodyDeclaration_list() ?? []).flatMap((member) =>
      kept(l, () => lowerBodyMember(l, member)),
    ),
  };
}

export function lowerInterface(context: InterfaceDeclarationContext, modifiers: Modifiers): InterfaceDeclaration {
  const name = nameOf(context.id());
  const methods = context.interfaceBody()?.interfaceMethodDeclaration_list() ?? [];
  return {
    kind: 'interface',
    line: name.line,
    column: name.column,
    name: name.text,
    modifiers,
    interfaces: lowerTypeList(context.typeList()),
    members: methods.map((method) => {
      const methodName = nameOf(method.id());
      const returns = method.typeRef();
      return {
        kind: 'method',
        line: methodName.line,
        column: methodName.column,
        name: methodName.text,
        modifiers: lowerModifiers(method.modifier_list()),
        returns: returns === null ? null : lowerType(returns),
        parameters: lowerParameters(need(method.formalParameters())),
        body: null,
      };
    }),
  };
}

export function lowerEnum(context: EnumDeclarationContext, modifiers: Modifiers): EnumDeclaration {
  const name = nameOf(context.id());
  const constants = (context.enumConstants()?.id_list() ?? []).map((constant) => nameOf(constant));
  return { kind: 'enum', line: name.line, column: name.column, name: name.text, modifiers, constants };
}
