import { isStored, storedFields } from '../database/columns.ts';
import type { FieldSchema, ObjectSchema } from '../types.ts';
import { UNIQUE_TOGETHER } from './standard-behaviour.ts';

/** The fields of an object sorted by what a save does with them. */
export interface ObjectShape {
  /** Fields with a column. */
  stored: FieldSchema[];
  /** Fields of a full row: those with a column and formulas. */
  full: FieldSchema[];
  references: FieldSchema[];
  /** Groups of fields whose values may occur once only; most groups are one field. */
  unique: FieldSchema[][];
  /** Roll-up summaries. */
  summaries: FieldSchema[];
  autoNumbers: { name: string; format: string; start: number }[];
}

/** Works out shapes once for each object. */
export class ObjectShapes {
  readonly #shapes = new Map<ObjectSchema, ObjectShape>();

  of(object: ObjectSchema): ObjectShape {
    let shape = this.#shapes.get(object);
    if (shape === undefined) this.#shapes.set(object, (shape = shapeOf(object)));
    return shape;
  }
}

function shapeOf(object: ObjectSchema): ObjectShape {
  const stored = storedFields(object);
  const together = (UNIQUE_TOGETHER[object.name] ?? []).map((name) => object.fields.get(name.toLowerCase())!);
  return {
    stored,
    full: [...object.fields.values()].filter((field) => isStored(field) || field.formula !== undefined),
    references: stored.filter((field) => field.type === 'reference' && field.referenceTo !== undefined),
    unique: [
      ...stored.filter((field) => field.unique).map((field) => [field]),
      ...(together.length > 0 ? [together] : []),
    ],
    summaries: stored.filter((field) => field.summaryOperation !== undefined),
    autoNumbers: stored.flatMap(({ name, autoNumber }) => (autoNumber === undefined ? [] : [{ name, ...autoNumber }])),
  };
}
