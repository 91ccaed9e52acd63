/** Records. Field names come in schema spelling; lookups regard no case. */
import type { TypeRef } from '../../compiler/types.ts';
import type { Apex } from '../types.ts';
import { apexException } from './exception.ts';
import { hashOf, hashSum, stringHash } from './hash.ts';
import { HeapSize } from './heap-size.ts';
import { ComparedByContent, sameKey } from './key.ts';
import type { ApexList } from './list.ts';
import { lowered } from './lowered.ts';
import { made } from './made.ts';
import { spend } from './work.ts';

/** An error of addError: on a field, or on the record when `field` is null. */
export interface RecordError {
  message: string;
  field: string | null;
}

/** What clone() leaves out unless it is told to keep it. */
const AUDIT_FIELDS = new Set(['createddate', 'createdbyid', 'lastmodifieddate', 'lastmodifiedbyid', 'systemmodstamp']);

interface Slot<T> {
  name: string;
  value: T;
}

interface FieldSlot extends Slot<Apex> {
  /** Apex set it; a null that a query brought is not shown as populated. */
  assigned: boolean;
}

export class SObject extends ComparedByContent {
  /** API name of the object, in schema spelling; `AggregateResult` for rows of aggregate queries. */
  readonly type: TypeRef;
  /** It came from a query: reading a field that was not selected is an error, not null. */
  loaded = false;
  /** Trigger records after the save, and Trigger.old. */
  readOnly = false;
  /** It is a record of `Trigger.new` or `Trigger.old`. */
  ofTrigger = false;
  isClone = false;
  cloneSourceId: string | null = null;
  errors: RecordError[] = [];
  /** Database.DMLOptions, or null. */
  options: Apex = null;
  readonly #fields = new Map<string, FieldSlot>();
  readonly #parents = new Map<string, Slot<SObject | null>>();
  readonly #children = new Map<string, Slot<ApexList>>();

  constructor(type: TypeRef, fields: Record<string, Apex> = {}) {
    super();
    this.type = type;
    made(HeapSize.object);
    for (const name in fields) this.put(name, fields[name]);
  }

  get apexType(): TypeRef {
    return this.type;
  }

  get id(): string | null {
    return (this.peek('Id') as string | null) ?? null;
  }

  /** Reads a field: null when it was never set, SObjectException when the query did not select it. */
  get(name: string): Apex {
    const slot = this.#fields.get(lowered(name));
    if (slot !== undefined) return slot.value;
    if (this.loaded) throw this.#notQueried(name);
    return null;
  }

  /** Reads a field without complaint; null when absent. */
  peek(name: string): Apex {
    return this.#fields.get(lowered(name))?.value ?? null;
  }

  /** Writes a field. */
  put(name: string, value: Apex): void {
    if (this.readOnly) throw apexException('FinalException', 'Record is read-only');
    this.#write(name, value, true);
  }

  /** Writes a field of a record that may be read-only: for what fills records (queries, saves). */
  load(name: string, value: Apex): void {
    this.#write(name, value, false);
  }

  #write(name: string, value: Apex, assigned: boolean): void {
    made(HeapSize.reference + (typeof value === 'string' ? value.length : HeapSize.scalar));
    const key = lowered(name);
    const slot = this.#fields.get(key);
    if (slot === undefined) this.#fields.set(key, { name, value, assigned });
    else {
      slot.value = value;
      slot.assigned ||= assigned;
    }
  }

  /** Values of the program that it holds: what Apex set, which others may hold as well, and what a query brought. */
  held(): { assigned: unknown[]; loaded: Apex[] } {
    const assigned: unknown[] = [...this.parents(), ...this.children()].map(([, value]) => value);
    const loaded: Apex[] = [];
    for (const slot of this.#fields.values()) (slot.assigned ? assigned : loaded).push(slot.value);
    return { assigned, loaded };
  }

  /** Forgets a field, as if it had never been set. */
  unset(name: string): void {
    this.#fields.delete(lowered(name));
  }

  has(name: string): boolean {
    return this.#fields.has(lowered(name));
  }

  /** All fields that are present in schema spelling, in the order they were set or selected. */
  fieldNames(): string[] {
    return Array.from(this.#fields.values(), (slot) => slot.name);
  }

  /** Fields with a value or set by Apex: what debug, JSON and getPopulatedFieldsAsMap show. */
  populated(): [string, Apex][] {
    return Array.from(this.#fields.values())
      .filter((slot) => slot.assigned || slot.value !== null)
      .map((slot) => [slot.name, slot.value]);
  }

  /** The parent record; null when the lookup is empty; SObjectException when the query did not select it. */
  parent(relationship: string): SObject | null {
    const slot = this.#parents.get(lowered(relationship));
    if (slot !== undefined) return slot.value;
    if (this.loaded) throw this.#notQueried(relationship);
    return null;
  }

  putParent(relationship: string, record: SObject | null): void {
    this.#parents.set(lowered(relationship), { name: relationship, value: record });
  }

  hasParent(relationship: string): boolean {
    return this.#parents.has(lowered(relationship));
  }

  parents(): [string, SObject | null][] {
    return Array.from(this.#parents.values(), (slot) => [slot.name, slot.value]);
  }

  /** Child records of a sub-query, or null when there was none; SObjectException on a queried record without the sub-query. */
  childRecords(relationship: string): ApexList | null {
    const slot = this.#children.get(lowered(relationship));
    if (slot !== undefined) return slot.value;
    if (this.loaded) throw this.#notQueried(relationship);
    return null;
  }

  putChildren(relationship: string, records: ApexList): void {
    this.#children.set(lowered(relationship), { name: relationship, value: records });
  }

  children(): [string, ApexList][] {
    return Array.from(this.#children.values(), (slot) => [slot.name, slot.value]);
  }

  addError(message: string, field: string | null = null): void {
    this.errors.push({ message, field });
  }

  clear(): void {
    this.#fields.clear();
    this.#parents.clear();
    this.#children.clear();
  }

  /**
   * SObject.clone(preserveId, isDeepClone, preserveReadonlyTimestamps, preserveAutonumber).
   * `autoNumbers` are the lower-cased names of the object's auto-number fields.
   */
  clone(
    preserveId = false,
    deep = false,
    preserveAudit = false,
    preserveAutoNumber = false,
    autoNumbers: ReadonlySet<string> = new Set(),
  ): SObject {
    const copy = new SObject(this.type);
    copy.loaded = this.loaded;
    for (const [key, { name, value, assigned }] of this.#fields) {
      const dropped =
        (key === 'id' && !preserveId) ||
        (AUDIT_FIELDS.has(key) && !preserveAudit) ||
        (autoNumbers.has(key) && !preserveAutoNumber);
      if (!dropped) copy.#write(name, value, assigned);
      // A dropped field of a queried record reads as null, not as unqueried.
      else if (copy.loaded) copy.load(name, null);
    }
    for (const [name, parent] of this.parents())
      copy.putParent(name, deep && parent ? parent.clone(true, true, true, true) : parent);
    copy.isClone = true;
    copy.cloneSourceId = this.id;
    return copy;
  }

  sameContent(other: Apex): boolean {
    if (!(other instanceof SObject) || other.type !== this.type) return false;
    spend(1);
    const mine = this.populated();
    const theirs = new Map(other.populated().map(([name, value]) => [lowered(name), value]));
    return (
      mine.length === theirs.size &&
      mine.every(([name, value]) => {
        const match: Apex = theirs.get(lowered(name));
        return match !== undefined && sameKey(value, match);
      })
    );
  }

  contentHash(): number {
    spend(1);
    return hashSum([
      stringHash(this.type),
      ...this.populated().map(([name, value]) => stringHash(lowered(name)) ^ hashOf(value)),
    ]);
  }

  #notQueried(name: string): Error {
    const text = `SObject row was retrieved via SOQL without querying the requested field: ${this.type}.${name}`;
    return apexException('SObjectException', text) as unknown as Error;
  }
}
