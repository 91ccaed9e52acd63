import { MetadataError } from '../schema/problems.ts';
import type { FieldSchema, ObjectSchema } from '../types.ts';

type Objects = ReadonlyMap<string, ObjectSchema>;

/**
 * The field that a path of relationships leads to: `Priority`, `Account.Name`, `$User.Username`.
 * Throws MetadataError when the way does not exist, so that a deployment says so and not the first save.
 */
export function fieldAt(objects: Objects, object: ObjectSchema, path: string): FieldSchema {
  const [first = '', ...rest] = path.split('.');
  if (first.toLowerCase() === '$user') return fieldAt(objects, objects.get('user')!, rest.join('.'));
  if (rest.length === 0) {
    const field = object.fields.get(first.toLowerCase());
    if (field === undefined) throw new MetadataError(`${object.name} has no field ${first}`);
    return field;
  }
  return fieldAt(objects, parentOf(objects, object, first), rest.join('.'));
}

function parentOf(objects: Objects, object: ObjectSchema, relationship: string): ObjectSchema {
  const lookup = [...object.fields.values()].find(
    (field) => field.relationshipName?.toLowerCase() === relationship.toLowerCase(),
  );
  const parent = objects.get(lookup?.referenceTo?.[0]?.toLowerCase() ?? '');
  if (parent === undefined) throw new MetadataError(`${object.name} has no relationship ${relationship}`);
  return parent;
}
