/** Every method of every interface must be there, under the name by which it is called. */
import type { CatalogueMethod } from '../../types.ts';
import type { Program } from '../program.ts';
import { lineage, signature, type MethodSymbol, type UserType, type Type } from '../symbols.ts';
import { allInterfaces, bindings } from '../types/ancestors.ts';
import { castable } from '../types/conversion.ts';
import { sameParameters } from './declare-members.ts';

/** Salesforce lets static methods implement an interface, too. */
function* implementations(type: UserType, name: string): Generator<MethodSymbol> {
  for (const current of lineage(type)) {
    for (const method of current.methods.get(name.toLowerCase()) ?? []) yield method;
  }
}

function bridge(type: UserType, member: string, method: MethodSymbol): void {
  const named = method.member === member && !method.static;
  if (named || type.bridges.some((existing) => existing.member === member && !existing.static)) return;
  type.bridges.push({ member, static: false, arity: method.parameters.length, overloads: [method] });
}

function checkUser(type: UserType, iface: UserType): void {
  for (const wanted of [...iface.methods.values()].flat()) {
    const found = implementations(type, wanted.name).find((method) => sameParameters(method, wanted));
    if (found !== undefined) bridge(type, wanted.member, found);
    else if (!type.abstract) missing(type, iface.type, signature(wanted.name, wanted.parameters), wanted.returns.ref);
  }
}

function fits(program: Program, iface: Type, wanted: CatalogueMethod, method: MethodSymbol): boolean {
  if (method.parameters.length !== wanted.parameters.length) return false;
  const bound = bindings(iface);
  return method.parameters.every((parameter, i) =>
    castable(program.types, program.types.fromRef(wanted.parameters[i]!.type, bound), parameter.type),
  );
}

function checkPlatform(program: Program, type: UserType, iface: Type): void {
  for (const wanted of iface.platform!.methods ?? []) {
    if (wanted.static) continue;
    const candidates = [...implementations(type, wanted.name)].filter((method) => fits(program, iface, wanted, method));
    const short = `${wanted.name.toLowerCase()}$${wanted.parameters.length}`;
    const found = candidates.find((method) => method.member === short) ?? candidates[0];
    if (found !== undefined) bridge(type, short, found);
    else if (!type.abstract)
      missing(
        type,
        iface,
        `${wanted.name}(${wanted.parameters.map((parameter) => parameter.type).join(', ')})`,
        wanted.returns,
      );
  }
}

function missing(type: UserType, iface: Type, text: string, returns: string): void {
  type.unit.diagnostics.report(type.declaration, 'MUST_IMPLEMENT', type.name, `${returns} ${iface.ref}.${text}`);
}

function checkAbstract(type: UserType): void {
  if (type.abstract) return;
  const chain = [...lineage(type)];
  for (const [depth, ancestor] of chain.entries()) {
    for (const method of [...ancestor.methods.values()].flat()) {
      if (!method.abstract) continue;
      const implemented = chain
        .slice(0, depth)
        .some((below) =>
          below.methods
            .get(method.name.toLowerCase())
            ?.some((other) => !other.abstract && sameParameters(other, method)),
        );
      if (!implemented) missing(type, ancestor.type, signature(method.name, method.parameters), method.returns.ref);
    }
  }
}

export function checkInterfaces(program: Program, type: UserType): void {
  if (type.kind !== 'class') return;
  for (const iface of allInterfaces(program.types, type.type)) {
    if (iface.user !== null) checkUser(type, iface.user);
    else checkPlatform(program, type, iface);
  }
  checkAbstract(type);
}
