/** Which of several overloads a call means. */
import type * as ir from '../ir.ts';
import { conversion } from '../types/conversion.ts';
import type { Type } from '../types/type.ts';
import type { Body } from './body.ts';
import { costOf } from './convert.ts';

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
