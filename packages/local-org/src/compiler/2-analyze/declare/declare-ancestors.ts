/** Pass 1b: superclasses and interfaces of every type. */
import type { Program } from '../program.ts';
import { resolveType } from '../resolve-type.ts';
import { lineage, type UserType, type Type } from '../symbols.ts';
import { ancestors, isException } from '../types/ancestors.ts';

function superclassOf(program: Program, type: UserType): Type | null {
  const { declaration } = type;
  if (declaration.kind !== 'class' || declaration.superclass === null) return null;
  const { diagnostics } = type.unit;
  const superclass = resolveType(program, declaration.superclass, type.outer ?? type, diagnostics);
  if (superclass.kind === 'error') return null;
  const kind = superclass.user?.kind ?? superclass.platform?.kind;
  if (kind !== 'class') {
    diagnostics.report(declaration.superclass, 'CLASS_EXTENDS_INTERFACE', type.name, superclass.ref);
    return null;
  }
  const { user } = superclass;
  if (user !== null) {
    const extensible = user.abstract || user.virtual || user.name.toLowerCase().endsWith('exception');
    if (!extensible) diagnostics.report(declaration.superclass, 'NON_VIRTUAL_CLASS', superclass.ref);
  } else if (superclass.key !== 'exception') {
    diagnostics.report(declaration.superclass, 'EXTENDS_PLATFORM', superclass.ref);
    return null;
  }
  return superclass;
}

export function declareAncestors(program: Program, type: UserType): void {
  const { declaration, unit } = type;
  type.superclass = superclassOf(program, type);
  if (declaration.kind !== 'enum') {
    for (const node of declaration.interfaces) {
      const iface = resolveType(program, node, type.outer ?? type, unit.diagnostics);
      if (iface.kind === 'error') continue;
      if ((iface.user?.kind ?? iface.platform?.kind) === 'interface') type.interfaces.push(iface);
      else unit.diagnostics.report(node, 'INVALID_TYPE', iface.ref);
    }
  }
  for (const inner of type.inner.values()) declareAncestors(program, inner);
}

/** What ends in Exception is one, and nothing else is; a superclass that was refused has its own error. */
function checkExceptionName(program: Program, type: UserType): void {
  const { declaration, unit } = type;
  const isOne = isException(program.types, type.type);
  const isCalledOne = type.name.toLowerCase().endsWith('exception');
  if (isOne && !isCalledOne) unit.diagnostics.report(declaration, 'EXCEPTION_NAME', type.name);
  const isRefused = declaration.kind === 'class' && declaration.superclass !== null && type.superclass === null;
  if (isCalledOne && !isOne && !isRefused) unit.diagnostics.report(declaration, 'EXCEPTION_SUPERCLASS', type.name);
}

/** A class that is its own ancestor loses its superclass, so that later passes come to an end. */
export function checkAncestors(program: Program, type: UserType): void {
  const chain = [...lineage(type)];
  const last = chain.at(-1)!.superclass?.user ?? null;
  if (last === type) {
    type.unit.diagnostics.report(type.declaration, 'CYCLIC_INHERITANCE', type.name);
    type.superclass = null;
  }
  if (type.kind === 'interface' && type.interfaces.some((iface) => ancestors(program.types, iface).has(type.type))) {
    type.unit.diagnostics.report(type.declaration, 'CYCLIC_INHERITANCE', type.name);
    type.interfaces = [];
  }
  if (type.kind === 'class') checkExceptionName(program, type);
  // A class that says nothing of sharing takes it from its superclass.
  if (type.sharing === 'omitted') {
    type.sharing = lineage(type).find((ancestor) => ancestor.sharing !== 'omitted')?.sharing ?? 'omitted';
  }
  for (const inner of type.inner.values()) checkAncestors(program, inner);
}
