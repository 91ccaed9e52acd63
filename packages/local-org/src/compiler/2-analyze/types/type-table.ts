/** Makes and interns types. */
import type { ObjectDescription, SchemaDescription, TypeCatalogue, TypeRef } from '../../types.ts';
import { type UserType, PRIMITIVES, type Type, type TypeKind } from '../symbols.ts';
import { NAME } from './name-object.ts';

const SPECIAL: [key: string, kind: TypeKind, ref: TypeRef][] = [
  ['void', 'void', 'void'],
  ['null', 'null', 'null'],
  ['error', 'error', 'Object'],
  ['object', 'object', 'Object'],
  ['sobject', 'sobject', 'SObject'],
];

export class TypeTable {
  readonly catalogue: TypeCatalogue;
  readonly schema: SchemaDescription;
  readonly #interned = new Map<string, Type>();
  readonly #refs = new Map<TypeRef, Type>();

  readonly void: Type;
  readonly null: Type;
  readonly error: Type;
  readonly object: Type;
  readonly sobject: Type;
  readonly boolean: Type;
  readonly integer: Type;
  readonly long: Type;
  readonly double: Type;
  readonly decimal: Type;
  readonly string: Type;
  readonly id: Type;

  constructor(catalogue: TypeCatalogue, schema: SchemaDescription) {
    this.catalogue = catalogue;
    this.schema = schema;
    const special = SPECIAL.map(([key, kind, ref]) =>
      this.#make(kind, key, ref, { platform: catalogue.types[key] ?? null }),
    );
    [this.void, this.null, this.error, this.object, this.sobject] = special as [Type, Type, Type, Type, Type];
    this.boolean = this.platform('boolean');
    this.integer = this.platform('integer');
    this.long = this.platform('long');
    this.double = this.platform('double');
    this.decimal = this.platform('decimal');
    this.string = this.platform('string');
    this.id = this.platform('id');
  }

  #make(kind: TypeKind, key: string, name: string, more: Partial<Type> = {}): Type {
    const args = more.args ?? [];
    const ref = args.length === 0 ? name : `${name}<${args.map((arg) => arg.ref).join(',')}>`;
    const identity = `${kind} ${ref.toLowerCase()}`;
    let type = this.#interned.get(identity);
    if (type === undefined) {
      type = { kind, ref, key, args, platform: null, user: null, object: null, ...more };
      this.#interned.set(identity, type);
    }
    return type;
  }

  /** A catalogue type by lower-cased name; `Object` stands in for types that the catalogue has not. */
  platform(key: string, args: readonly Type[] = []): Type {
    if (key === 'object') return this.object ?? this.#make('object', key, 'Object');
    if (key === 'sobject') return this.sobject;
    const entry = this.catalogue.types[key];
    if (entry === undefined) return this.error;
    return this.#make(PRIMITIVES.has(key) ? 'primitive' : 'platform', key, entry.name, { platform: entry, args });
  }

  has(key: string): boolean {
    return this.catalogue.types[key] !== undefined;
  }

  list(element: Type): Type {
    return this.platform('list', [element]);
  }

  set(element: Type): Type {
    return this.platform('set', [element]);
  }

  map(key: Type, value: Type): Type {
    return this.platform('map', [key, value]);
  }

  record(object: ObjectDescription): Type {
    const key = object.name.toLowerCase();
    return this.#make('sobject', key, object.name, { object, platform: this.catalogue.types['sobject'] ?? null });
  }

  /** A concrete object by any-case name. */
  recordNamed(name: string): Type | null {
    const key = name.toLowerCase();
    const object = this.schema.objects[key] ?? (key === 'name' ? NAME : undefined);
    return object === undefined ? null : this.record(object);
  }

  user(declared: UserType): Type {
    return this.#make('user', declared.name.toLowerCase(), declared.name, { user: declared });
  }

  /** A type as the catalogue and the schema write it; `bindings` gives the values of type parameters. */
  fromRef(ref: TypeRef, bindings?: ReadonlyMap<string, Type>): Type {
    if (bindings === undefined || bindings.size === 0) {
      let type = this.#refs.get(ref);
      if (type === undefined) this.#refs.set(ref, (type = this.#read(ref)));
      return type;
    }
    return this.#read(ref, bindings);
  }

  #read(ref: TypeRef, bindings?: ReadonlyMap<string, Type>): Type {
    const open = ref.indexOf('<');
    const name = open < 0 ? ref : ref.slice(0, open);
    const bound = bindings?.get(name);
    if (bound !== undefined) return bound;
    const args = open < 0 ? [] : splitArguments(ref.slice(open + 1, -1)).map((arg) => this.fromRef(arg, bindings));
    const key = name.toLowerCase();
    if (key === 'void') return this.void;
    if (key === 'object') return this.object;
    if (this.has(key)) return this.platform(key, args);
    return this.recordNamed(name) ?? this.error;
  }
}

/** `Id,List<Case>` → `Id`, `List<Case>`. */
function splitArguments(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '<') depth++;
    else if (text[i] === '>') depth--;
    else if (text[i] === ',' && depth === 0) {
      parts.push(text.slice(from, i).trim());
      from = i + 1;
    }
  }
  return [...parts, text.slice(from).trim()];
}
