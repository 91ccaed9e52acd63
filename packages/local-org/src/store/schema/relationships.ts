import type { ObjectSchema } from '../types.ts';
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
