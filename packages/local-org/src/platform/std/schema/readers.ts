/** Describe results: each attribute is a getter method and, under the same name, a property. */
import type { Apex, NativeFunction, StdType } from '../../types.ts';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- each table reads its own class of results
export type Readers = Record<string, (self: any) => Apex>;

/** Members for attributes: `flags` are read by `isX()`, `values` by `getX()`, all of them by the property `X`. */
export const describeMembers = (values: Readers, flags: Readers = {}): Pick<StdType, 'm' | 'p'> => {
  const methods: [string, NativeFunction][] = [
    ...Object.entries(values).map(([name, read]): [string, NativeFunction] => [
      `get${name}`.toLowerCase(),
      (self) => read(self),
    ]),
    ...Object.entries(flags).map(([name, read]): [string, NativeFunction] => [
      `is${name}`.toLowerCase(),
      (self) => read(self),
    ]),
  ];
  const properties = Object.entries({ ...values, ...flags }).map(([name, read]) => [name.toLowerCase(), { get: read }]);
  return { m: Object.fromEntries(methods), p: Object.fromEntries(properties) };
};
