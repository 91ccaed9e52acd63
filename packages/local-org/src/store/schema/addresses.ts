/** Compound addresses: fields that show others as one value (object reference, "Address Compound Fields"). */
import type { FieldSchema, ObjectSchema } from '../types.ts';

/** How the names of an address's parts end, in the order in which an address shows them. */
const PARTS = ['City', 'Country', 'GeocodeAccuracy', 'Latitude', 'Longitude', 'PostalCode', 'State', 'Street'];

const SUFFIX = 'Address';

/** One part of an address: its name there (`postalCode`) and the field that holds it. */
export interface AddressPart {
  key: string;
  field: FieldSchema;
}

/** The parts of a field of type `address`: `BillingAddress` shows `BillingCity`, `BillingCountry` and the others. */
export function addressParts(object: ObjectSchema, address: FieldSchema): AddressPart[] {
  const prefix = address.name.slice(0, -SUFFIX.length);
  return PARTS.flatMap((part) => {
    const field = object.fields.get(`${prefix}${part}`.toLowerCase());
    return field === undefined ? [] : [{ key: `${part[0]!.toLowerCase()}${part.slice(1)}`, field }];
  });
}

/** The address that shows the field as a part, or null. */
export function addressOf(object: ObjectSchema, { name }: FieldSchema): FieldSchema | null {
  const part = PARTS.find((each) => name.endsWith(each));
  const address = part && object.fields.get(`${name.slice(0, -part.length)}${SUFFIX}`.toLowerCase());
  return address && address.type === 'address' ? address : null;
}
