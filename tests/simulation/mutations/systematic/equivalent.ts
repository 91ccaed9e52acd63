import type { Mutation } from '../types.ts';

/** Mutations that change nothing that any side could see, and the reason why. */
interface Equivalent {
  why: string;
  fits: (mutation: Mutation) => boolean;
}

export const EQUIVALENT: readonly Equivalent[] = [];

/** Why a mutation cannot be noticed, or undefined. */
export const whyEquivalent = (mutation: Mutation): string | undefined =>
  EQUIVALENT.find(({ fits }) => fits(mutation))?.why;
