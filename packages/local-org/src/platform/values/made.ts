/**
 * A count of the bytes of heap that values were given when they were made, for all transactions together. Nothing is
 * taken off it again: it says when it is time to look at what is still held. As `spend`, it knows no runtime.
 */
import { HeapSize } from './heap-size.ts';

/** Bytes since the process started. */
export let bytesMade = 0;

/** Counts bytes that a value was given. */
export const made = (bytes: number): void => {
  bytesMade += bytes;
};

/** A collection has so many elements or entries more, each of so many references. */
export const madeReferences = (count: number): void => {
  bytesMade += count * HeapSize.reference;
};
