import type { SaveContext } from '../../save/context.ts';
import type { Entry } from '../../save/entry.ts';
import { fromField, NULL } from '../../formula/values.ts';
import type { FormulaValue } from '../../formula/values.ts';
import { StoreError } from '../../types.ts';
import type { FieldSchema, FieldType, ObjectSchema, Row, Value } from '../../types.ts';
import { MERGED } from './check-references.ts';
import { OPERATORS, textOf, type Held } from './operators.ts';
import type { Assignment, Conditions, FlowBody, Operand, Resource } from './types.ts';

interface Resolved {
  value: Held;
  type: FieldType;
}

const isRow = (held: Held): held is Row => typeof held === 'object' && held !== null && 'values' in held;

/** What one interview of a flow knows: the record that triggered it, its variables, and what its elements found. */
export class FlowScope {
  readonly context: SaveContext;
  /** The record that triggered the flow, with what the flow assigned. */
  readonly record: Row;
  faultMessage = '';
  readonly #flow: string;
  readonly #entry: Entry;
  readonly #body: FlowBody;
  readonly #held = new Map<string, Held>();
  /** Fields that the flow set, by record: an update writes no others. */
  readonly #dirty = new Map<Row, Set<string>>();

  constructor(context: SaveContext, flow: string, body: FlowBody, entry: Entry, record: Row) {
    this.context = context;
    this.#flow = flow;
    this.#body = body;
    this.#entry = entry;
    this.record = record;
    for (const [name, resource] of body.resources)
      if (resource.kind === 'variable') this.#held.set(name, this.#initial(resource));
  }

  hold(name: string, held: Held): void {
    this.#held.set(name, held);
  }

  /** What is behind a path: a value, a record, several, or null. */
  read(path: string): Held {
    return this.#resolve(path).value;
  }

  operand(operand: Operand): Held {
    if (operand.kind === 'literal') return operand.value;
    return operand.kind === 'reference' ? this.read(operand.path) : this.merged(operand.text);
  }

  /** The text with what its merge fields stand for. */
  merged(text: string): string {
    return text.replace(MERGED, (_, path: string) => {
      const { value, type } = this.#resolve(path);
      return type === 'datetime' && typeof value === 'number' ? new Date(value).toISOString() : textOf(value);
    });
  }

  holds({ items, logic }: Conditions): boolean {
    return logic((index) => {
      const { left, operator, right } = items[index]!;
      const was = (): Held => this.read(left.replace(/^\$Record(?=\.|$)/, '$Record__Prior'));
      return OPERATORS.get(operator)!(this.read(left), this.operand(right), was);
    });
  }

  /** The value of a formula, whose names stand in `{!…}`. */
  formula(text: string, field: Pick<FieldSchema, 'type' | 'scale'>): Value {
    return this.context.rules.evaluate(this.context, text.replace(MERGED, '$1'), `flow ${this.#flow}`, field, {
      isNew: this.#entry.old === null,
      value: (name) => this.#asFormulaValue(name),
      prior: (name) => this.#asFormulaValue(name.replace(/^\$Record(?=\.)/i, '$Record__Prior')),
    });
  }

  assign({ to, operator, value }: Assignment): void {
    const given = this.operand(value);
    const [head = '', ...rest] = to.split('.');
    const held = head === '$Record' ? this.record : (this.#held.get(head) ?? null);
    if (rest.length === 0) this.#held.set(head, combined(operator, held, given));
    else if (isRow(held)) this.set(held, rest.join('.'), combined(operator, this.read(to), given));
    else throw new StoreError('INVALID_OPERATION', `${to} cannot be set: ${head} holds no record`);
  }

  /** Sets a field of a record in memory. */
  set(row: Row, name: string, held: Held): void {
    const field = this.objectOf(row).fields.get(name.toLowerCase());
    if (field === undefined) throw new StoreError('INVALID_FIELD', `${row.object} has no field ${name}`, [name]);
    row.values.set(field.name, inField(field, held));
    const dirty = this.#dirty.get(row) ?? new Set();
    this.#dirty.set(row, dirty.add(field.name));
  }

  /** What the flow set of a record. */
  changesOf(row: Row): Map<string, Value> {
    return new Map([...(this.#dirty.get(row) ?? [])].map((name) => [name, row.values.get(name) ?? null]));
  }

  saved(row: Row): void {
    this.#dirty.delete(row);
  }

  objectOf(row: Row): ObjectSchema {
    return this.context.schema.objects.get(row.object.toLowerCase())!;
  }

  #initial(resource: Extract<Resource, { kind: 'variable' }>): Held {
    if (resource.collection) return [];
    if (resource.object !== null) return { object: resource.object, id: null, values: new Map<string, Value>() };
    return resource.initial === null ? (resource.type === 'boolean' ? false : null) : this.operand(resource.initial);
  }

  #resolve(path: string): Resolved {
    const [head = '', ...rest] = path.split('.');
    switch (head) {
      case '$Record':
        return this.#climb(this.record, rest);
      case '$Record__Prior':
        return this.#entry.old === null ? { value: null, type: 'string' } : this.#climb(this.#entry.old, rest);
      case '$Flow':
        return this.#ofFlow(rest.join('.'));
      case '$GlobalConstant':
        return { value: CONSTANTS[rest.join('.')] ?? null, type: rest[0] === 'EmptyString' ? 'string' : 'boolean' };
      case '$User':
      case '$Profile':
      case '$UserRole':
      case '$Permission':
        return plain(this.context.rules.read(this.context, this.#entry, path));
      default:
        return this.#ofResource(head, rest);
    }
  }

  #ofFlow(name: string): Resolved {
    if (name === 'FaultMessage') return { value: this.faultMessage, type: 'string' };
    if (name === 'CurrentDate')
      return { value: new Date(this.context.moment).toISOString().slice(0, 10), type: 'date' };
    if (name === 'CurrentDateTime') return { value: this.context.moment, type: 'datetime' };
    throw new StoreError('INVALID_OPERATION', `$Flow.${name} is not supported by the local org`);
  }

  #ofResource(head: string, rest: string[]): Resolved {
    const resource = this.#body.resources.get(head);
    if (resource?.kind === 'formula') return { value: this.formula(resource.formula, resource), type: resource.type };
    if (resource?.kind === 'template') return { value: this.merged(resource.text), type: 'string' };
    const held = this.#held.get(head) ?? null;
    if (isRow(held)) return this.#climb(held, rest);
    return { value: rest.length === 0 ? held : null, type: resource?.type ?? 'string' };
  }

  /** Follows relationships from a record: to a field, or to a parent record. */
  #climb(row: Row, [name, ...rest]: string[]): Resolved {
    if (name === undefined) return { value: row, type: 'anyType' };
    const object = this.objectOf(row);
    const field = object.fields.get(name.toLowerCase());
    if (field?.type === 'address')
      throw new StoreError('INVALID_OPERATION', `flows of the local org read the parts of ${name}, not all of it`);
    if (field !== undefined && rest.length === 0)
      return { value: row.values.get(field.name) ?? null, type: field.type };
    const lookup = [...object.fields.values()].find(
      (each) => each.relationshipName?.toLowerCase() === name.toLowerCase(),
    );
    const id = lookup === undefined ? null : row.values.get(lookup.name);
    const parent = typeof id === 'string' ? this.context.schema.byKeyPrefix.get(id.slice(0, 3)) : undefined;
    const [found] = parent === undefined ? [] : this.context.records.read(parent, [id as string]);
    return found === undefined ? { value: null, type: 'string' } : this.#climb(found, rest);
  }

  #asFormulaValue(name: string): FormulaValue {
    const { value, type } = this.#resolve(name);
    if (typeof value === 'object' && value !== null) return NULL;
    return fromField({ type } as FieldSchema, (value as Value | undefined) ?? null);
  }
}

const CONSTANTS: Record<string, Value> = { True: true, False: false, EmptyString: '' };

function plain({ type, value }: FormulaValue): Resolved {
  if (type === 'date') return { value: new Date(value).toISOString().slice(0, 10), type };
  return { value, type: type === 'number' ? 'double' : type === 'text' || type === 'null' ? 'string' : type };
}

function combined(operator: string, held: Held, given: Held): Held {
  if (operator === 'Assign') return given;
  if (Array.isArray(held)) return [...(held as Held[]), ...(Array.isArray(given) ? (given as Held[]) : [given])];
  if (typeof held === 'string' || typeof given === 'string') return `${textOf(held)}${textOf(given)}`;
  const [a, b] = [Number(held ?? 0), Number(given ?? 0)];
  return operator === 'Subtract' ? a - b : a + b;
}

const NOT_TEXT = new Set(['boolean', 'int', 'double', 'currency', 'percent', 'date', 'datetime', 'time']);

/** A value as the field takes it: text fields take numbers and dates as text. */
function inField(field: FieldSchema, held: Held): Value {
  if (held === null || held === undefined || typeof held === 'object') return field.type === 'boolean' ? false : null;
  return NOT_TEXT.has(field.type) ? (held as Value) : textOf(held);
}
