/** Members of platform types by lower-cased name, inherited ones included. */
import type { CatalogueField, CatalogueMethod, CatalogueType } from '../types.ts';
import { ancestors } from './types/ancestors.ts';
import type { Type } from './symbols.ts';
import type { TypeTable } from './types/type-table.ts';

/** A member and the (instantiated) type that declares it. */
export interface Found<T> {
  owner: Type;
  member: T;
}

type ByName<T> = Map<string, T[]>;

function byName<T extends { name: string }>(members: readonly T[] = []): ByName<T> {
  const map: ByName<T> = new Map();
  for (const member of members) {
    const key = member.name.toLowerCase();
    const same = map.get(key);
    if (same === undefined) map.set(key, [member]);
    else same.push(member);
  }
  return map;
}

export class CatalogueMembers {
  readonly #types: TypeTable;
  readonly #methods = new Map<CatalogueType, ByName<CatalogueMethod>>();
  readonly #fields = new Map<CatalogueType, ByName<CatalogueField>>();

  constructor(types: TypeTable) {
    this.#types = types;
  }

  /** The type, its supertypes that the catalogue describes, and Object. */
  *#owners(type: Type): Generator<Type> {
    if (type.kind === 'sobject') {
      yield this.#types.sobject;
    } else {
      for (const owner of ancestors(this.#types, type).keys()) if (owner.kind !== 'user') yield owner;
    }
    // An Id may be used as the text that it is.
    if (type === this.#types.id) yield this.#types.string;
    yield this.#types.object;
  }

  #ownMethods(type: CatalogueType): ByName<CatalogueMethod> {
    let methods = this.#methods.get(type);
    if (methods === undefined) this.#methods.set(type, (methods = byName(type.methods)));
    return methods;
  }

  #ownFields(type: CatalogueType): ByName<CatalogueField> {
    let fields = this.#fields.get(type);
    if (fields === undefined) this.#fields.set(type, (fields = byName(type.fields)));
    return fields;
  }

  /** Overloads of the nearest types first. */
  methods(type: Type, name: string, isStatic: boolean): Found<CatalogueMethod>[] {
    const found: Found<CatalogueMethod>[] = [];
    for (const owner of this.#owners(type)) {
      if (owner.platform === null) continue;
      for (const member of this.#ownMethods(owner.platform).get(name.toLowerCase()) ?? []) {
        if (member.static === isStatic) found.push({ owner, member });
      }
    }
    return found;
  }

  field(type: Type, name: string, isStatic: boolean): Found<CatalogueField> | null {
    for (const owner of this.#owners(type)) {
      if (owner.platform === null) continue;
      const member = this.#ownFields(owner.platform)
        .get(name.toLowerCase())
        ?.find((field) => field.static === isStatic);
      if (member !== undefined) return { owner, member };
    }
    return null;
  }
}
