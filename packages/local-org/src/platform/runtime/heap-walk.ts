/** Adds up what is reached from some values, each thing once. */
import {
  ApexBlob,
  ApexEnum,
  ApexException,
  ApexList,
  ApexMap,
  ApexObject,
  ApexSet,
  HeapSize,
  NativeObject,
  SObject,
} from '../values/index.ts';

/** Texts of fewer characters count wherever they stand; longer ones count once, however many places hold them. */
const SHARED_TEXT = 64;

/** Bytes that `roots` reach. */
export const heapSize = (roots: readonly unknown[]): number => {
  const walk = new HeapWalk();
  walk.reach(roots);
  return walk.total();
};

class HeapWalk {
  readonly #seen = new Set<object>();
  readonly #waiting: object[] = [];
  readonly #texts = new Set<string>();
  /** Texts that queries brought: each record has its own, and whoever else holds one shares it. */
  readonly #loaded = new Set<string>();
  #bytes = 0;

  reach(values: readonly unknown[]): void {
    for (const value of values) this.#reachOne(value);
  }

  total(): number {
    for (let next = this.#waiting.pop(); next !== undefined; next = this.#waiting.pop()) this.#enter(next);
    for (const text of this.#texts) if (!this.#loaded.has(text)) this.#bytes += text.length;
    return this.#bytes;
  }

  #reachOne(value: unknown): void {
    if (typeof value === 'string') this.#text(value);
    else if (typeof value === 'number' || typeof value === 'bigint') this.#bytes += HeapSize.scalar;
    else if (typeof value === 'object' && value !== null && !this.#seen.has(value)) {
      this.#seen.add(value);
      this.#waiting.push(value);
    }
  }

  #text(text: string): void {
    if (text.length < SHARED_TEXT) this.#bytes += text.length;
    else this.#texts.add(text);
  }

  #enter(value: object): void {
    if (value instanceof SObject) this.#record(value);
    else if (value instanceof ApexBlob) this.#bytes += value.bytes.length;
    else {
      const places = placesOf(value);
      if (places === null) this.#bytes += HeapSize.scalar;
      else this.#object(places);
    }
  }

  #object(places: readonly unknown[]): void {
    this.#bytes += HeapSize.object + places.length * HeapSize.reference;
    this.reach(places);
  }

  #record(record: SObject): void {
    if (record.ofTrigger) return;
    const { assigned, loaded } = record.held();
    this.#bytes += loaded.length * HeapSize.reference;
    for (const value of loaded) {
      if (typeof value !== 'string' || value.length < SHARED_TEXT) this.#reachOne(value);
      else {
        this.#bytes += value.length;
        this.#loaded.add(value);
      }
    }
    this.#object(assigned);
  }
}

/** What an object has places for; null for what has none: dates, times and decimals. */
const placesOf = (value: object): readonly unknown[] | null => {
  if (value instanceof ApexList) return value.items;
  if (value instanceof ApexMap) return value.entries().flat();
  if (value instanceof ApexSet) return value.values();
  if (value instanceof ApexObject) return Object.values(value);
  if (value instanceof ApexException) return [value.message, value.cause];
  if (value instanceof NativeObject) return value.held();
  return value instanceof ApexEnum ? [] : null;
};
