/** Platform enums: their constants are properties, their methods those of every Apex enum. */
import type { StdFactory, StdType } from '../../types.ts';
import { ApexEnum, ApexList, apexException, hashOf } from '../../values/index.ts';
import { present } from './arguments.ts';

/** What every enum constant can do. */
export const ENUM_METHODS: NonNullable<StdType['m']> = {
  name: (self: ApexEnum) => self.name,
  ordinal: (self: ApexEnum) => self.ordinal,
  tostring: (self: ApexEnum) => self.name,
  hashcode: (self: ApexEnum) => hashOf(self.name),
};

/** `valueOf(text)`: regards no case. */
export const constantNamed = (type: string, constants: readonly ApexEnum[], text: string | null): ApexEnum => {
  const wanted = present(text).toLowerCase();
  const found = constants.find((constant) => constant.name.toLowerCase() === wanted);
  if (!found) throw apexException('NoSuchElementException', `No enum constant ${type}.${text}`);
  return found;
};

/** The factory of an enum type. A constant is read through `sp`: `$.std['logginglevel'].sp.debug.get()`. */
export const enumFactory =
  (name: string, values: readonly string[]): StdFactory =>
  () => {
    const constants = values.map((value, ordinal) => new ApexEnum(name, value, ordinal));
    return {
      name,
      values: [...values],
      sp: Object.fromEntries(constants.map((constant) => [constant.name.toLowerCase(), { get: () => constant }])),
      s: {
        values: () => new ApexList(name, [...constants]),
        valueof: (text: string | null) => constantNamed(name, constants, text),
      },
    };
  };

/** The constant of a platform enum in this transaction, by its exact name; null for names it does not have. */
export const enumConstant = (std: Record<string, StdType>, type: string, constant: string): ApexEnum | null =>
  (std[type.toLowerCase()]?.sp?.[constant.toLowerCase()]?.get() as ApexEnum | undefined) ?? null;
