import type { Clock } from 'kernel/clock.ts';
import { RegexTooComplicated } from '../../regex/index.ts';
import { StoreError } from '../types.ts';
import type { FieldSchema, ObjectSchema, Row, Schema, Value } from '../types.ts';
import { evaluateNode } from './evaluate.ts';
import type { FormulaScope } from './values.ts';
import { parseFormula } from './parse.ts';
import { RegexTests } from './regex-tests.ts';
import type { FormulaNode } from './parse.ts';
import { fromField, NULL, text, toField } from './values.ts';
import type { FormulaValue } from './values.ts';

/** What a formula may ask of the record it is evaluated for. */
export interface FormulaRecord {
  object: ObjectSchema;
  userId: string;
  isNew: boolean;
  /** A field's value now, and before the save. */
  value(name: string): Value;
  prior(name: string): Value;
  /** Steps that regular expressions took. */
  spend(steps: number): void;
}

/** How formulas reach other records. */
export interface FormulaLookups {
  read(object: ObjectSchema, id: string): Row | null;
  hasPermission(userId: string, permission: string): boolean;
}

/** Evaluates formulas for records. Parsed formulas are kept. */
export class Formulas {
  readonly #schema: Schema;
  readonly #clock: Clock;
  readonly #lookups: FormulaLookups;
  readonly #parsed = new Map<string, FormulaNode>();
  readonly #regexes = new RegexTests();

  constructor(schema: Schema, clock: Clock, lookups: FormulaLookups) {
    this.#schema = schema;
    this.#clock = clock;
    this.#lookups = lookups;
  }

  /** The formula's value for the record, in the form of `field` if one is given. `what` names the formula in errors. */
  evaluate(formula: string, record: FormulaRecord, what: string, field?: FieldSchema): Value {
    const reads = {
      isNew: record.isNew,
      value: (name: string) => this.#resolve(record, name, (own) => record.value(own)),
      prior: (name: string) => this.#resolve(record, name, (own) => record.prior(own)),
    };
    return this.evaluateWith(formula, reads, what, field, (steps) => record.spend(steps));
  }

  /** The value of a formula whose names `reads` resolves; `spend` hears of the steps that regular expressions took. */
  evaluateWith(
    formula: string,
    reads: Pick<FormulaScope, 'isNew' | 'value' | 'prior'>,
    what: string,
    field: Pick<FieldSchema, 'type' | 'scale'> | undefined,
    spend: (steps: number) => void,
  ): Value {
    const scope: FormulaScope = {
      ...reads,
      now: this.#clock.now(),
      matches: (value, pattern) => this.#regexes.matches(value, pattern, spend),
    };
    return toField(
      field ?? { type: 'anyType' },
      this.#guard(what, () => evaluateNode(this.#parse(formula), scope)),
    );
  }

  /** What formulas of the record read under this name: a field, one of a parent, or of a global variable. */
  read(record: FormulaRecord, name: string): FormulaValue {
    return this.#resolve(record, name, (own) => record.value(own));
  }

  /** The value of a formula field, given the values of what it reads, by lower-cased name. */
  evaluateField(field: FieldSchema, values: ReadonlyMap<string, FormulaValue>): Value {
    const read = (name: string): FormulaValue => values.get(name.toLowerCase()) ?? NULL;
    const matches = (value: string, pattern: string): boolean => this.#regexes.matches(value, pattern);
    const scope: FormulaScope = { now: this.#clock.now(), isNew: false, value: read, prior: read, matches };
    return toField(
      field,
      this.#guard(`formula field ${field.name}`, () => evaluateNode(this.#parse(field.formula!), scope)),
    );
  }

  #parse(formula: string): FormulaNode {
    let tree = this.#parsed.get(formula);
    if (tree === undefined) this.#parsed.set(formula, (tree = parseFormula(formula)));
    return tree;
  }

  #guard<T>(what: string, work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (error instanceof StoreError && error.code === 'INVALID_FORMULA')
        throw new StoreError(error.code, `${what}: ${error.message}`);
      if (error instanceof RegexTooComplicated) throw new StoreError('LIMIT_EXCEEDED', `${what}: ${error.message}`);
      throw error;
    }
  }

  #resolve(record: FormulaRecord, name: string, own: (field: string) => Value): FormulaValue {
    const parts = name.split('.');
    if (name.startsWith('$')) return this.#global(record, parts);
    if (parts.length === 1) return typed(record.object, name, own(name));
    return this.#climb(record.object, parts, own);
  }

  /** Follows `Account.Owner.Name` from record to record. */
  #climb(object: ObjectSchema, parts: string[], own: (field: string) => Value): FormulaValue {
    const [relationship = '', ...rest] = parts;
    const lookup = [...object.fields.values()].find(
      (field) => field.relationshipName?.toLowerCase() === relationship.split(':')[0]!.toLowerCase(),
    );
    if (lookup === undefined)
      throw new StoreError('INVALID_FORMULA', `${object.name} has no relationship ${relationship}`);
    const id = own(lookup.name);
    if (typeof id !== 'string') return NULL;
    const parent = this.#schema.byKeyPrefix.get(id.slice(0, 3));
    if (parent === undefined) return NULL;
    return this.#ofRecord(parent, id, rest);
  }

  #ofRecord(object: ObjectSchema, id: string, parts: string[]): FormulaValue {
    const row = this.#lookups.read(object, id);
    if (row === null) return NULL;
    const value = (name: string): Value => row.values.get(object.fields.get(name.toLowerCase())?.name ?? name) ?? null;
    return parts.length === 1 ? typed(object, parts[0]!, value(parts[0]!)) : this.#climb(object, parts, value);
  }

  #global(record: FormulaRecord, [name = '', ...rest]: string[]): FormulaValue {
    switch (name.toLowerCase()) {
      case '$permission':
        return { type: 'boolean', value: this.#lookups.hasPermission(record.userId, rest.join('.')) };
      case '$user':
        return this.#ofRecord(this.#schema.objects.get('user')!, record.userId, rest);
      case '$profile':
        return this.#climb(this.#schema.objects.get('user')!, ['Profile', ...rest], this.#userValue(record.userId));
      case '$userrole':
        return this.#climb(this.#schema.objects.get('user')!, ['UserRole', ...rest], this.#userValue(record.userId));
      default:
        throw new StoreError('INVALID_FORMULA', `the global variable ${name} is not supported by the local org`);
    }
  }

  #userValue(userId: string): (field: string) => Value {
    const user = this.#lookups.read(this.#schema.objects.get('user')!, userId);
    return (field) => user?.values.get(field) ?? null;
  }
}

function typed(object: ObjectSchema, name: string, value: Value): FormulaValue {
  const field = object.fields.get(name.toLowerCase());
  if (field === undefined) throw new StoreError('INVALID_FORMULA', `${object.name} has no field ${name}`);
  return field.type === 'reference' || field.type === 'id'
    ? text(value === null ? null : String(value).slice(0, 15))
    : fromField(field, value);
}
