import type { CatalogueObject } from '../src/store/schema/standard-objects.ts';
import type { ClassFile } from './class-file.ts';
import { PUBLIC, STATIC } from './class-file.ts';
import { labelOf, readFieldSpec } from './field-spec.ts';
import type { StandardField } from './field-spec.ts';
import { apexName, readType } from './signature.ts';

/** An object of the catalogue as it is written: types are not checked before the store reads it. */
export interface StandardObject extends Omit<CatalogueObject, 'fields'> {
  custom: false;
  fields: Record<string, StandardField>;
}

export interface ObjectOverlay {
  /** Fields every object gets that has them in the jar. */
  system: Record<string, string>;
  /**
   * `can` holds a letter for each thing the object allows: create, update, delete, undelete (n),
   * trigger, merge, query. Fields: short forms as in field-spec.ts; '' takes all from the jar.
   */
  objects: Record<
    string,
    {
      label?: string;
      plural?: string;
      prefix: string | null;
      can: string;
      fields: Record<string, string>;
      without?: string[];
    }
  >;
}

/** Apex type of a field in the jar to the short form of the describe type. */
const DESCRIBE_TYPE: Record<string, string> = {
  Id: 'ref()',
  String: 'string(255)',
  Boolean: 'boolean',
  Integer: 'int',
  Long: 'double(18,0)',
  Decimal: 'double(18,2)',
  Double: 'double(18,2)',
  Date: 'date',
  Datetime: 'datetime',
  Time: 'time',
  Blob: 'base64',
  Address: 'address',
  Object: 'anyType',
};

export function buildObjectCatalogue(
  classes: Iterable<ClassFile>,
  overlay: ObjectOverlay,
): Record<string, StandardObject> {
  const jar = new Map<string, Map<string, string>>();
  for (const file of classes) {
    const name = apexName(file.name.slice(file.name.lastIndexOf('/') + 1));
    if (overlay.objects[name] !== undefined) jar.set(name, jarFields(file));
  }
  const objects: Record<string, StandardObject> = {};
  for (const [name, entry] of Object.entries(overlay.objects).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const can = (letter: string): boolean => entry.can.includes(letter);
    const label = entry.label ?? labelOf(name);
    objects[name] = {
      name,
      label,
      labelPlural: entry.plural ?? `${label}s`,
      keyPrefix: entry.prefix,
      custom: false,
      createable: can('c'),
      updateable: can('u'),
      deletable: can('d'),
      undeletable: can('n'),
      triggerable: can('t'),
      mergeable: can('m'),
      queryable: can('q'),
      fields: fieldsOf(name, overlay, jar.get(name) ?? new Map<string, string>()),
    };
  }
  nameChildRelationships(objects, jar);
  return objects;
}

function jarFields(file: ClassFile): Map<string, string> {
  const fields = new Map<string, string>();
  for (const field of file.fields) {
    if (field.flags & PUBLIC && !(field.flags & STATIC)) fields.set(apexName(field.name), readType(field.signature));
  }
  return fields;
}

function fieldsOf(object: string, overlay: ObjectOverlay, jar: Map<string, string>): StandardObject['fields'] {
  const entry = overlay.objects[object];
  const specs = new Map(Object.entries(entry?.fields ?? {}));
  const system = Object.entries(overlay.system).filter(
    ([name]) => jar.has(name) && !(entry?.without ?? []).includes(name),
  );
  const fields: StandardObject['fields'] = {};
  for (const [name, spec] of [...system, ...specs]) {
    const type = jar.get(name);
    if (type === undefined && spec === '') throw new Error(`${object}.${name} is in neither the jar nor the overlay`);
    const field = readFieldSpec(name, spec === '' ? (DESCRIBE_TYPE[type ?? ''] ?? 'string(255)') : spec);
    if (field.type === 'reference') addTarget(field, jar);
    fields[name] = field;
  }
  return fields;
}

/** In the jar a lookup is two fields: `AccountId` of type Id and `Account` of the parent's type. */
function addTarget(field: StandardField, jar: Map<string, string>): void {
  const relationship = field.name.replace(/Id$/, '');
  const target = jar.get(relationship);
  if (field.relationshipName === undefined && target !== undefined && relationship !== field.name)
    field.relationshipName = relationship;
  if ((field.referenceTo ?? []).length === 0 && target !== undefined) field.referenceTo = [target];
  if ((field.referenceTo ?? []).length === 0) throw new Error(`${field.name}: what does it refer to?`);
}

/** In the jar a parent lists its children as `Cases: Case[]`, which names one lookup if there is but one. */
function nameChildRelationships(objects: Record<string, StandardObject>, jar: Map<string, Map<string, string>>): void {
  for (const [parent, members] of jar) {
    for (const [relationship, type] of members) {
      const child = objects[/^List<(.*)>$/.exec(type)?.[1] ?? ''];
      if (child === undefined) continue;
      const lookups = Object.values(child.fields).filter(
        (field) => field.referenceTo?.includes(parent) && !['CreatedById', 'LastModifiedById'].includes(field.name),
      );
      const named = lookups.some((field) => field.childRelationshipName === relationship);
      const free = lookups.filter((field) => field.childRelationshipName === undefined);
      if (!named && lookups.length === 1 && free[0] !== undefined) free[0].childRelationshipName = relationship;
    }
  }
}
