/** Security.stripInaccessible: copies of records without the fields the user may not see or write. */
import type { FieldSchema, ObjectSchema } from '../../../store/types.ts';
import type { PlatformRuntime } from '../../services.ts';
import type { SObject } from '../../values/index.ts';
import { ApexList, apexException } from '../../values/index.ts';
import { objectSchema } from './sobject-type.ts';

export type AccessTypeName = 'CREATABLE' | 'READABLE' | 'UPDATABLE' | 'UPSERTABLE';

const OBJECT_RIGHTS: Record<AccessTypeName, ('create' | 'read' | 'edit')[]> = {
  CREATABLE: ['create'],
  READABLE: ['read'],
  UPDATABLE: ['edit'],
  UPSERTABLE: ['create', 'edit'],
};

export class Stripper {
  readonly #runtime: PlatformRuntime;
  readonly #access: AccessTypeName;
  /** Object to the fields that were taken out. */
  readonly removed = new Map<string, Set<string>>();

  constructor($: PlatformRuntime, access: AccessTypeName) {
    this.#runtime = $;
    this.#access = access;
  }

  /** NoAccessException when the user may not do this to the object at all. */
  checkObject(object: string): void {
    const { may } = this.#runtime.services;
    if (OBJECT_RIGHTS[this.#access].some((right) => !may.object(object, right)))
      throw apexException('NoAccessException', `No access to entity: ${object}`);
  }

  /** The copy, and whether anything was taken out of it. */
  strip(record: SObject): { copy: SObject; modified: boolean } {
    const schema = objectSchema(this.#runtime, record.type);
    if (schema === null) return { copy: record, modified: false };
    const copy = record.clone(true, false, true, true);
    copy.isClone = false;
    copy.cloneSourceId = null;
    let modified = false;
    for (const name of record.fieldNames()) {
      const field = schema.fields.get(name.toLowerCase());
      if (!field || this.#keeps(schema, field)) continue;
      copy.unset(name);
      this.#note(schema.name, name);
      modified = true;
    }
    for (const [name, parent] of record.parents()) {
      if (parent === null) continue;
      const inner = this.strip(parent);
      copy.putParent(name, inner.copy);
      modified ||= inner.modified;
    }
    for (const [name, children] of record.children()) {
      const inner = (children.items as SObject[]).map((child) => this.strip(child));
      copy.putChildren(
        name,
        new ApexList(
          children.elementType,
          inner.map((child) => child.copy),
        ),
      );
      modified ||= inner.some((child) => child.modified);
    }
    return { copy, modified };
  }

  #keeps(object: ObjectSchema, field: FieldSchema): boolean {
    if (field.type === 'id') return true;
    const { may } = this.#runtime.services;
    if (this.#access === 'READABLE')
      return may.object(object.name, 'read') && may.field(object.name, field.name, 'read');
    if (!may.field(object.name, field.name, 'edit')) return false;
    const createable = this.#access === 'UPDATABLE' || field.createable;
    return (
      createable &&
      (this.#access === 'CREATABLE' || field.updateable || (this.#access === 'UPSERTABLE' && field.createable))
    );
  }

  #note(object: string, field: string): void {
    const fields = this.removed.get(object);
    if (fields) fields.add(field);
    else this.removed.set(object, new Set([field]));
  }
}
