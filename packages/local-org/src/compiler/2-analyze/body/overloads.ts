/** Which method or constructor a call means. */
import type * as ir from '../ir.ts';
import {
  type Type,
  type ConstructorSymbol,
  type UserType,
  type Access,
  enclosing,
  lineage,
  outermost,
} from '../symbols.ts';
import { isException } from '../types/ancestors.ts';
import { conversion } from '../types/conversion.ts';
import type { Body } from './body.ts';
import { costOf } from './convert.ts';

/** Which of several overloads a call means. */
export interface Candidate<T> {
  parameters: readonly Type[];
  member: T;
}

function totalCost(b: Body, parameters: readonly Type[], args: readonly ir.Expression[]): number | null {
  let total = 0;
  for (const [i, arg] of args.entries()) {
    const cost = costOf(b, arg, parameters[i]!);
    if (cost === null) return null;
    total += cost;
  }
  return total;
}

/** Every parameter of `a` could be passed to `b`: `a` asks for more. */
const narrower = (body: Body, a: readonly Type[], b: readonly Type[]): boolean =>
  a.every((parameter, i) => conversion(body.types, parameter, b[i]!) !== null);

/** The cheapest; among equals (nulls go with everything) the one with the narrowest parameters. */
export function pick<T>(
  b: Body,
  candidates: Iterable<Candidate<T>>,
  args: readonly ir.Expression[],
): Candidate<T> | null {
  let best: { candidate: Candidate<T>; cost: number } | null = null;
  for (const candidate of candidates) {
    if (candidate.parameters.length !== args.length) continue;
    const cost = totalCost(b, candidate.parameters, args);
    if (cost === null) continue;
    const better =
      best === null ||
      cost < best.cost ||
      (cost === best.cost &&
        narrower(b, candidate.parameters, best.candidate.parameters) &&
        !narrower(b, best.candidate.parameters, candidate.parameters));
    if (better) best = { candidate, cost };
  }
  return best?.candidate ?? null;
}

/** JavaScript member of an exception class that takes `()`, `(message)`, `(cause)` and `(message, cause)`. */
export const EXCEPTION_CONSTRUCTOR = '$new$exception';

function* exceptionConstructors(b: Body, owner: UserType): Generator<Candidate<ConstructorSymbol>> {
  const { string } = b.types;
  const exception = b.types.platform('exception');
  const lists: Type[][] = [[], [string], [exception], [string, exception]];
  for (const parameters of lists) {
    const member: ConstructorSymbol = {
      owner,
      access: 'global',
      testVisible: false,
      parameters: parameters.map((type, i) => ({ name: `p${i}`, type })),
      member: EXCEPTION_CONSTRUCTOR,
      declaration: null,
    };
    yield { parameters, member };
  }
}

export function* constructorCandidates(b: Body, type: UserType): Generator<Candidate<ConstructorSymbol>> {
  const exception = isException(b.types, type.type);
  for (const member of type.constructors) {
    if (exception && member.declaration === null) continue;
    yield { parameters: member.parameters.map((parameter) => parameter.type), member };
  }
  if (exception) yield* exceptionConstructors(b, type);
}

interface Guarded {
  owner: UserType;
  access: Access;
  testVisible: boolean;
}

export function isVisible(b: Body, { owner, access, testVisible }: Guarded): boolean {
  if (access === 'public' || access === 'global') return true;
  if (outermost(owner) === outermost(b.self)) return true;
  if (testVisible && outermost(b.self).isTest) return true;
  if (access === 'private') return false;
  return enclosing(b.self).some((type) => lineage(type).some((ancestor) => ancestor === owner));
}
