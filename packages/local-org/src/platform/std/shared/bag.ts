/** Platform objects that are no more than settable properties. */
import type { TypeRef } from '../../../compiler/types.ts';
import type { Apex, StdType } from '../../types.ts';
import { NativeObject } from '../../values/index.ts';

export class Bag extends NativeObject {
  readonly values: Record<string, Apex>;

  constructor(apexType: TypeRef, values: Record<string, Apex> = {}) {
    super(apexType);
    this.values = values;
  }

  override held(): readonly unknown[] {
    return Object.values(this.values);
  }
}

/** The `p` of a type: properties by Apex name, kept in the bag under that name; null until set. */
export const bagProperties = (...names: string[]): NonNullable<StdType['p']> =>
  Object.fromEntries(
    names.map((name) => [
      name.toLowerCase(),
      {
        get: (self: Bag): Apex => self.values[name] ?? null,
        set: (self: Bag, value: Apex) => void (self.values[name] = value),
      },
    ]),
  );

/** The `m` of a type: methods that answer a property of the bag, by their Apex names. */
export const bagGetters = (getters: Record<string, string>): NonNullable<StdType['m']> =>
  Object.fromEntries(
    Object.entries(getters).map(([method, property]) => [
      method.toLowerCase(),
      (self: Bag): Apex => self.values[property] ?? null,
    ]),
  );

/** The `m` of a type: methods that set a property of the bag, by their Apex names. */
export const bagSetters = (setters: Record<string, string>): NonNullable<StdType['m']> =>
  Object.fromEntries(
    Object.entries(setters).map(([method, property]) => [
      method.toLowerCase(),
      (self: Bag, value: Apex) => void (self.values[property] = value),
    ]),
  );
