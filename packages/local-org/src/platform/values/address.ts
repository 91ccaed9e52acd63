/** System.Address: what a compound address field of a record holds (Apex Reference Guide, "Address Class"). */
import type { Apex } from '../types.ts';
import { ApexDouble } from './double.ts';
import { NativeObject } from './object.ts';

const PARTS = [
  'city',
  'country',
  'countryCode',
  'geocodeAccuracy',
  'latitude',
  'longitude',
  'postalCode',
  'state',
  'stateCode',
  'street',
] as const;

type Part = (typeof PARTS)[number];

/** The parts that are given; latitude and longitude in degrees. */
export type AddressParts = Partial<Record<Part, string | number | null>>;

/** The part of this name, in whatever case, or null. */
export const addressPart = (name: string): Part | null =>
  PARTS.find((part) => part.toLowerCase() === name.toLowerCase()) ?? null;

export class AddressObject extends NativeObject {
  readonly #parts: AddressParts;

  constructor(parts: AddressParts) {
    super('Address');
    this.#parts = parts;
  }

  /** Of the text of a JSON object, as queries answer it. */
  static parse(json: string): AddressObject {
    return new AddressObject(JSON.parse(json) as AddressParts);
  }

  /** A part as Apex sees it: a String, or a Double. */
  part(name: Part): Apex {
    const value = this.#parts[name] ?? null;
    return typeof value === 'number' ? new ApexDouble(value) : value;
  }

  /** The given parts in the order of JSON. */
  entries(): [string, Apex][] {
    return PARTS.filter((name) => name in this.#parts).map((name) => [name, this.part(name)]);
  }

  toJson(): string {
    return JSON.stringify(this.#parts);
  }

  override identity(): string {
    return this.toJson();
  }

  override held(): readonly unknown[] {
    return Object.values(this.#parts);
  }
}
