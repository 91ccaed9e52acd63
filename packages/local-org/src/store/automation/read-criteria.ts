import { MetadataError } from '../schema/problems.ts';
import type { XmlElement } from '../schema/xml.ts';
import type { FieldSchema, ObjectSchema } from '../types.ts';
import { fieldAt } from './field-path.ts';
import { everyOf, parseLogic } from './filter-logic.ts';
import { literalOf } from './literals.ts';
import type { Criteria, Criterion, CriterionOperation } from './types.ts';

const OPERATIONS = new Set<string>([
  'equals',
  'notEqual',
  'lessThan',
  'lessOrEqual',
  'greaterThan',
  'greaterOrEqual',
  'contains',
  'notContain',
  'startsWith',
  'includes',
  'excludes',
]);
const TEXT_ONLY = new Set(['contains', 'notContain', 'startsWith', 'includes', 'excludes']);
/** Quoted values may hold commas. */
const LISTED = /\s*(?:"([^"]*)"|([^,]*))\s*(?:,|$)/y;

type Objects = ReadonlyMap<string, ObjectSchema>;

/** Reads the criteria of a rule: `criteriaItems` with an optional `booleanFilter`, or a `formula`. Metadata API Developer Guide, "FilterItem". */
export function readCriteria(
  objects: Objects,
  object: ObjectSchema,
  element: XmlElement,
  itemsElement = 'criteriaItems',
): Criteria {
  const formula = element.text('formula');
  if (formula !== null && formula !== '') return { kind: 'formula', formula };
  return readFilterItems(objects, object, element, itemsElement);
}

/** Reads filter items with an optional `booleanFilter`. Metadata API Developer Guide, "FilterItem". */
export function readFilterItems(
  objects: Objects,
  object: ObjectSchema,
  element: XmlElement,
  itemsElement: string,
): Criteria {
  const items = element.all(itemsElement).map((item) => readCriterion(objects, object, item));
  if (items.length === 0) return { kind: 'always' };
  const logic = element.text('booleanFilter');
  return {
    kind: 'items',
    items,
    logic: logic === null || logic === '' ? everyOf(items.length) : parseLogic(logic, items.length),
  };
}

function readCriterion(objects: Objects, object: ObjectSchema, item: XmlElement): Criterion {
  item.only(new Set(['field', 'operation', 'value', 'valueField', 'sortOrder', 'table']));
  if (item.text('valueField')) throw new MetadataError('criteria that compare two fields are not supported');
  const operation = item.needed('operation');
  if (!OPERATIONS.has(operation)) throw new MetadataError(`the operation ${operation} of criteria is not supported`);
  const path = pathOf(object, fieldOf(object, item));
  const field = fieldAt(objects, object, path);
  const text = item.text('value') ?? '';
  return {
    path: field.referenceTo?.includes('RecordType') === true ? path.replace(/Id$/i, '.DeveloperName') : path,
    type: field.type,
    operation: operation as CriterionOperation,
    values: valuesOf(field, operation, text),
  };
}

/** Filters of duplicate rules name the object beside the field. */
function fieldOf(object: ObjectSchema, item: XmlElement): string {
  const [field, table] = [item.needed('field'), item.text('table')];
  return table === null || table === '' || table.toLowerCase() === object.name.toLowerCase()
    ? field
    : `${table}.${field}`;
}

/** `Case.Priority` is the record's own field, `User.Username` one of who saves, `Account.Name` one of the parent. */
export function pathOf(object: ObjectSchema, field: string): string {
  const [first = '', ...rest] = field.split('.');
  if (rest.length === 0) return field;
  if (first.toLowerCase() === object.name.toLowerCase()) return rest.join('.');
  return first.toLowerCase() === 'user' ? `$User.${rest.join('.')}` : field;
}

/** Values of text fields are lists, separated by commas; others stand alone. */
function valuesOf(field: FieldSchema, operation: string, text: string): Criterion['values'] {
  const isText = !['boolean', 'int', 'double', 'currency', 'percent', 'date', 'datetime', 'time'].includes(field.type);
  if (!isText) {
    if (TEXT_ONLY.has(operation)) throw new MetadataError(`${operation} does not go with ${field.name}`);
    return [literalOf(field, text)];
  }
  const values: string[] = [];
  LISTED.lastIndex = 0;
  while (LISTED.lastIndex < text.length) {
    const match = LISTED.exec(text);
    if (match === null) throw new MetadataError(`the value ${text} of criteria cannot be read`);
    values.push((match[1] ?? match[2] ?? '').trim());
  }
  return values.length === 0 ? [null] : values.map((value) => (value === '' ? null : value));
}
