import type { Mutation } from '../types.ts';

/** Mutations that the simulation cannot notice, each with the reason why. */
interface Equivalent {
  file: string;
  /** As in the mutation: a line of the file as it stands, and broken. */
  find: string;
  replace: string;
  why: string;
}

const EQUIVALENT: Equivalent[] = [];

/** Why a mutation cannot be noticed, or undefined. */
export const whyEquivalent = ({ file, find, replace }: Mutation): string | undefined =>
  EQUIVALENT.find((known) => known.file === file && known.find === find && known.replace === replace)?.why;
