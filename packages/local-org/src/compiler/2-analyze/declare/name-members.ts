/**
 * Pass 1d: JavaScript names of members. A method is `name$arity`, so that the platform can find it;
 * an override keeps the name of what it overrides; further overloads of the same arity get longer
 * names, and `name$arity` then picks among them by the arguments' runtime types.
 */
import type { Program } from '../program.ts';
import { lineage, signature, type FieldSymbol, type MethodSymbol, type UserType, type Type } from '../symbols.ts';
import { allInterfaces, bindings } from '../types/ancestors.ts';
import { checkInterfaces } from './check-interfaces.ts';
import { sameParameters } from './declare-members.ts';

const ancestorsOf = (type: UserType): UserType[] => [...lineage(type)].slice(1);

/** Properties that need functions, because something runs on access or a subclass may replace them. */
export function hasAccessors(field: FieldSymbol): boolean {
  const { declaration } = field;
  if (declaration.kind !== 'property') return false;
  if (declaration.getter?.body || declaration.setter?.body) return true;
  return ['virtual', 'abstract', 'override'].some((word) => declaration.modifiers.words.includes(word));
}

function nameFields(type: UserType): void {
  const above = ancestorsOf(type);
  for (const [key, field] of type.fields) {
    const inherited = above
      .map((ancestor) => ancestor.fields.get(key))
      .find((other) => other !== undefined && !other.static);
    const overrides = field.declaration.modifiers.words.includes('override') && inherited !== undefined;
    const clash = !field.static && inherited !== undefined;
    field.member = overrides ? inherited.member : clash ? `_${key}$${above.length}` : `_${key}`;
    field.storage = hasAccessors(field) ? `${field.member}$${above.length}` : field.member;
  }
}

function overridden(method: MethodSymbol, above: UserType[]): MethodSymbol | null {
  for (const ancestor of above) {
    const match = ancestor.methods
      .get(method.name.toLowerCase())
      ?.find((other) => !other.static && other.access !== 'private' && sameParameters(other, method));
    if (match !== undefined) return match;
  }
  return null;
}

function checkOverride(method: MethodSymbol, base: MethodSymbol | null): void {
  const { diagnostics } = method.owner.unit;
  const text = signature(method.name, method.parameters);
  if (base === null) return;
  if (!base.virtual && !base.abstract && !base.override) diagnostics.report(method.declaration, 'NOT_VIRTUAL', text);
  else if (!method.override) diagnostics.report(method.declaration, 'NEEDS_OVERRIDE', text);
  if (base.returns !== method.returns && base.returns.kind !== 'error' && method.returns.kind !== 'error') {
    diagnostics.report(method.declaration, 'OVERRIDE_RETURN', text);
  }
}

/** Of several own overloads the one that implements a platform method: the one with its very parameters, else any. */
function implementsPlatform(
  program: Program,
  method: MethodSymbol,
  group: MethodSymbol[],
  interfaces: Type[],
): boolean {
  const key = method.name.toLowerCase();
  for (const owner of [...interfaces.filter((type) => type.platform !== null), program.types.object]) {
    const bound = bindings(owner);
    for (const declared of owner.platform?.methods ?? []) {
      if (declared.name.toLowerCase() !== key || declared.parameters.length !== method.parameters.length) continue;
      const exact = (candidate: MethodSymbol): boolean =>
        candidate.parameters.every(
          (parameter, i) => parameter.type === program.types.fromRef(declared.parameters[i]!.type, bound),
        );
      if (exact(method) || (owner.kind !== 'object' && !group.some(exact))) return true;
    }
  }
  return false;
}

/** Names by which instance methods of superclasses can be reached. */
function takenNames(type: UserType): Set<string> {
  const taken = new Set<string>(['equals$1']);
  for (const ancestor of ancestorsOf(type)) {
    for (const methods of ancestor.methods.values())
      for (const method of methods) if (!method.static) taken.add(method.member);
    for (const bridge of ancestor.bridges) if (!bridge.static) taken.add(bridge.member);
  }
  return taken;
}

const longName = (base: string, method: { parameters: MethodSymbol['parameters'] }): string =>
  [base, ...method.parameters.map((parameter) => parameter.type.ref.toLowerCase().replace(/[^a-z0-9]+/g, '_'))].join(
    '$',
  );

function unique(name: string, taken: Set<string>): string {
  let free = name;
  for (let i = 2; taken.has(free); i++) free = `${name}$${i}`;
  return free;
}

function nameGroup(type: UserType, isStatic: boolean, group: MethodSymbol[], taken: Set<string>): void {
  const rest = group.filter((method) => method.member === '');
  if (rest.length === 0) return;
  const arity = rest[0]!.parameters.length;
  const short = `${rest[0]!.name.toLowerCase()}$${arity}`;
  if (rest.length === 1 && !taken.has(short)) {
    rest[0]!.member = short;
    taken.add(short);
    return;
  }
  for (const method of rest) {
    method.member = unique(longName(short, method), taken);
    taken.add(method.member);
  }
  if (!taken.has(short)) {
    type.bridges.push({ member: short, static: isStatic, arity, overloads: group });
    taken.add(short);
  }
}

/** Methods that implement `execute` of two platform interfaces cannot share its member: a bridge picks one. */
function splitShared(type: UserType, methods: MethodSymbol[]): void {
  const named = methods.filter((method) => method.member !== '');
  for (const [member, group] of Map.groupBy(named, (method) => method.member)) {
    if (group.length < 2) continue;
    for (const method of group) method.member = longName(member, method);
    type.bridges.push({ member, static: false, arity: group[0]!.parameters.length, overloads: group });
  }
}

function nameMethods(program: Program, type: UserType): void {
  const above = ancestorsOf(type);
  const interfaces = allInterfaces(program.types, type.type);
  const taken = takenNames(type);
  const takenStatics = new Set<string>();
  for (const methods of type.methods.values()) {
    const instance = methods.filter((method) => !method.static);
    for (const method of instance) {
      const base = overridden(method, above);
      checkOverride(method, base);
      const declared =
        base ??
        overridden(
          method,
          interfaces.flatMap((iface) => iface.user ?? []),
        );
      if (declared !== null) method.member = declared.member;
      else if (implementsPlatform(program, method, instance, interfaces))
        method.member = `${method.name.toLowerCase()}$${method.parameters.length}`;
      else if (overridesException(type, method)) {
        method.member = `${method.name.toLowerCase()}$${method.parameters.length}`;
        program.exceptionOverrides.add(method.member);
      } else if (method.override) {
        type.unit.diagnostics.report(
          method.declaration,
          'NOTHING_TO_OVERRIDE',
          signature(method.name, method.parameters),
        );
      }
      if (method.member !== '') taken.add(method.member);
    }
    splitShared(type, instance);
    for (const isStatic of [false, true]) {
      const side = methods.filter((method) => method.static === isStatic);
      const names = isStatic ? takenStatics : taken;
      for (const group of Map.groupBy(side, (method) => method.parameters.length).values())
        nameGroup(type, isStatic, group, names);
    }
  }
}

/** Methods of Exception are virtual. */
function overridesException(type: UserType, method: MethodSymbol): boolean {
  const root = [...lineage(type)].at(-1)!.superclass?.platform;
  return root?.methods?.some((declared) => declared.name.toLowerCase() === method.name.toLowerCase()) ?? false;
}

function nameConstructors(type: UserType): void {
  for (const group of Map.groupBy(type.constructors, (constructor) => constructor.parameters.length).values()) {
    for (const constructor of group) {
      const short = `$new$${constructor.parameters.length}`;
      constructor.member = group.length === 1 ? short : longName(short, constructor);
    }
  }
}

/** Superclasses and interfaces first, because names are inherited. */
export function nameMembers(program: Program, type: UserType, done: Set<UserType>): void {
  if (done.has(type)) return;
  done.add(type);
  for (const parent of [type.superclass, ...allInterfaces(program.types, type.type)]) {
    if (parent?.user) nameMembers(program, parent.user, done);
  }
  nameFields(type);
  nameMethods(program, type);
  nameConstructors(type);
  checkInterfaces(program, type);
  for (const inner of type.inner.values()) nameMembers(program, inner, done);
}
