/** The three kinds of files. */
import type {
  AnonymousBlockMemberContext,
  AnonymousUnitContext,
  CompilationUnitContext,
  TriggerBlockMemberContext,
  TriggerUnitContext,
} from '@apexdevtools/apex-parser';
import type { AnonymousDeclaration, Member, Statement, TriggerDeclaration, TypeDeclaration } from '../ast.ts';
import { at, nameOf, need, terminals } from './context.ts';
import type { Lowering } from './context.ts';
import { kept, lowerClass, lowerEnum, lowerInterface, lowerMember } from './declarations.ts';
import { lowerModifiers } from './modifiers.ts';
import { lowerStatement } from './statements.ts';

export function lowerCompilationUnit(l: Lowering, context: CompilationUnitContext): TypeDeclaration {
  const type = need(context.typeDeclaration());
  const modifiers = lowerModifiers(type.modifier_list());
  const declared = type.classDeclaration();
  if (declared !== null) return lowerClass(l, declared, modifiers);
  const iface = type.interfaceDeclaration();
  if (iface !== null) return lowerInterface(iface, modifiers);
  return lowerEnum(need(type.enumDeclaration()), modifiers);
}

interface Body {
  members: Member[];
  body: Statement[];
}

/** Fields at the top level of a script are its variables: they stay in order among the statements. */
function addMember(l: Lowering, member: Member, into: Body): void {
  if (member.kind === 'field') {
    into.body.push({
      kind: 'local',
      line: member.line,
      column: member.column,
      type: member.type,
      final: member.modifiers.words.includes('final'),
      declarators: member.declarators,
    });
  } else if (member.kind === 'property') {
    l.report(member, 'A property is not allowed here');
  } else {
    into.members.push(member);
  }
}

function fill(l: Lowering, contexts: (TriggerBlockMemberContext | AnonymousBlockMemberContext)[], into: Body): void {
  for (const context of contexts) {
    kept(l, () => {
      const statement = context.statement();
      if (statement !== null) {
        if (l.bodies) into.body.push(lowerStatement(l, statement));
        return [];
      }
      const member =
        'triggerMemberDeclaration' in context
          ? context.triggerMemberDeclaration()
          : context.anonymousMemberDeclaration();
      addMember(l, lowerMember(l, need(member), lowerModifiers(context.modifier_list())), into);
      return [];
    });
  }
}

export function lowerTrigger(l: Lowering, context: TriggerUnitContext): TriggerDeclaration {
  const trigger: TriggerDeclaration = {
    kind: 'trigger',
    ...at(context),
    name: nameOf(context.id(0)).text,
    object: nameOf(context.id(1)),
    events: context.triggerCase_list().map((event) => terminals(event).join(' ').toLowerCase()),
    members: [],
    body: [],
  };
  fill(l, context.triggerBlock()?.triggerBlockMember_list() ?? [], trigger);
  return trigger;
}

export function lowerAnonymous(l: Lowering, context: AnonymousUnitContext): AnonymousDeclaration {
  const script: AnonymousDeclaration = { kind: 'anonymous', ...at(context), members: [], body: [] };
  fill(l, need(context.anonymousBlock()).anonymousBlockMember_list(), script);
  return script;
}
