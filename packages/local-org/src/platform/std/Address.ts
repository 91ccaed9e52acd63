/** System.Address, which queries make of compound address fields. */
import type { Apex, StdFactory, StdType } from '../types.ts';
import type { AddressObject } from '../values/index.ts';

const TEXTS = [
  'city',
  'country',
  'countryCode',
  'geocodeAccuracy',
  'postalCode',
  'state',
  'stateCode',
  'street',
] as const;
const READ = [...TEXTS, 'latitude', 'longitude'] as const;

const getters: NonNullable<StdType['m']> = Object.fromEntries(
  READ.map((part) => [`get${part.toLowerCase()}`, (self: AddressObject): Apex => self.part(part)]),
);

const properties: NonNullable<StdType['p']> = Object.fromEntries(
  TEXTS.map((part) => [part.toLowerCase(), { get: (self: AddressObject): Apex => self.part(part) }]),
);

const factory: StdFactory = () => ({ name: 'Address', m: getters, p: properties });

export default factory;
