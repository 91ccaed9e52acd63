/**
 * Platform interfaces. User classes implement them, and so do some objects of the library: those
 * carry their methods as members named `name$arity`, as user classes do, so one call serves both.
 */
import type { NativeFunction, StdFactory } from '../../types.ts';

/** The factory of an interface whose methods (Apex spelling) are called on whatever implements it. */
export const interfaceFactory =
  (name: string, methods: readonly string[]): StdFactory =>
  ($) => ({
    name,
    m: Object.fromEntries(
      methods.map((method): [string, NativeFunction] => [
        method.toLowerCase(),
        (self, ...args) => $.call(self, method, args),
      ]),
    ),
  });
