import type { FieldSchema, ObjectSchema } from '../types.ts';
import type { MetadataProblems } from './problems.ts';

/** Tells parents their child relationships, and checks that every lookup points to an object that exists. */
export function linkRelationships(objects: Map<string, ObjectSchema>, problems: MetadataProblems): void {
  for (const child of objects.values()) {
    for (const field of child.fields.values()) {
      for (const target of field.referenceTo ?? []) {
        const parent = objects.get(target.toLowerCase());
        if (parent === undefined)
          problems.add(`${child.name}.${field.name}`, `looks up ${target}, which does not exist`);
        else if (field.childRelationshipName !== undefined) {
          const link = { name: field.childRelationshipName, object: child.name, field: field.name };
          const key = link.name.toLowerCase();
          // Case has two lookups whose children are called Cases, on different parents; on one parent the first counts.
          if (!parent.childRelationships.has(key)) parent.childRelationships.set(key, link);
        }
      }
    }
  }
}

/** Masters an object may have, and levels of details below an object (Salesforce Help, "Considerations for Object Relationships"). */
const MAX_MASTERS = 2;
const MAX_LEVELS = 3;
/** Objects whose records are nobody's master. */
const NEVER_MASTERS = new Set(['User', 'Lead']);

/** Master-detail fields of an object, the first master first. */
export const mastersOf = (object: ObjectSchema): FieldSchema[] =>
  [...object.fields.values()]
    .filter((field) => field.relationshipOrder !== undefined)
    .sort((a, b) => a.relationshipOrder! - b.relationshipOrder!);

/** Refuses master-detail relationships that Salesforce does not take. */
export function checkMasters(objects: ReadonlyMap<string, ObjectSchema>, problems: MetadataProblems): void {
  for (const object of objects.values()) {
    const masters = mastersOf(object);
    if (masters.length > MAX_MASTERS)
      problems.add(object.name, `has ${masters.length} master-details: ${MAX_MASTERS} are allowed`);
    for (const field of masters) {
      const problem = problemOfMaster(object, field);
      if (problem !== null) problems.add(`${object.name}.${field.name}`, problem);
    }
    if (masters.length > 0 && levelOf(objects, object) > MAX_LEVELS)
      problems.add(object.name, `is a detail below more than ${MAX_LEVELS} levels`);
  }
}

function problemOfMaster(object: ObjectSchema, field: FieldSchema): string | null {
  const master = field.referenceTo![0]!;
  if (object.kind !== 'custom') return `a record of ${object.name} cannot be a detail`;
  if (NEVER_MASTERS.has(master)) return `a record of ${master} cannot be a master`;
  return master === object.name ? 'a record cannot be a detail of its own kind' : null;
}

/** How many masters are above a detail, one over the other. A circle counts as too many. */
export function levelOf(
  objects: ReadonlyMap<string, ObjectSchema>,
  object: ObjectSchema,
  below: ReadonlySet<string> = new Set(),
): number {
  if (below.has(object.name)) return MAX_LEVELS + 1;
  const above = mastersOf(object).flatMap((field) => objects.get(field.referenceTo![0]!.toLowerCase()) ?? []);
  const path = new Set([...below, object.name]);
  return above.length === 0 ? 0 : 1 + Math.max(...above.map((master) => levelOf(objects, master, path)));
}
