/** The record id that a path names. */
import type { ObjectSchema } from '../../store/types.ts';
import type { Caller } from '../call.ts';
import { notFound } from '../errors.ts';

/** The id with 18 characters; it must belong to the object. */
export const recordId = ({ deps }: Caller, object: ObjectSchema, id: string): string => {
  const normal = deps.store.normalizeId(id);
  if (normal && deps.store.objectOfId(normal)?.name === object.name) return normal;
  throw notFound(`Provided external ID field does not exist or is not accessible: ${id}`);
};
