/**
 * What values take of an Apex heap, in bytes. Salesforce documents none of it. Attested by measurement are that a String
 * takes a byte for each UTF-16 unit, a Blob one for each byte, an Integer eight, that a value that several variables
 * hold counts once, and that a list
 * takes four bytes for each element besides what the element takes itself.
 */
export const HeapSize = {
  /** A place in a collection, a field of an object or a record. */
  reference: 4,
  /** A number, a date or a time. */
  scalar: 8,
  /** A collection, an object or a record, before it holds anything. */
  object: 16,
} as const;
