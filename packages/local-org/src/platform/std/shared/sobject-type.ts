/** From element types of collections and names to schema tokens. */
import type { TypeRef } from '../../../compiler/types.ts';
import type { ObjectSchema } from '../../../store/types.ts';
import type { PlatformRuntime } from '../../services.ts';
import type { Apex, Runtime } from '../../types.ts';
import { lowered } from '../../values/lowered.ts';

export const objectSchema = ($: Runtime, object: string): ObjectSchema | null =>
  ($ as PlatformRuntime).services.schema().objects.get(lowered(object)) ?? null;

/** The token of an element type; null for SObject itself and for what is no record. */
export const sobjectTypeOf = ($: Runtime, type: TypeRef): Apex => {
  const object = objectSchema($, type);
  return object === null ? null : $.sobjectType(object.name);
};
