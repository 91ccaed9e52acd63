import type { PlatformRows } from '../records/platform-rows.ts';
import type { MetadataFile } from '../schema/find-metadata.ts';
import { MetadataError } from '../schema/problems.ts';
import { readXml } from '../schema/xml.ts';
import type { XmlElement } from '../schema/xml.ts';
import type { FieldSchema, ObjectSchema, Schema, Value } from '../types.ts';

/** Makes the row of a custom metadata record, `Type.Record.md-meta.xml`, and returns its object and id. */
export function writeMetadataRecord(
  rows: PlatformRows,
  schema: Schema,
  file: MetadataFile,
): { object: string; id: string } {
  const [type = '', developerName = ''] = file.name.split('.');
  const object = schema.objects.get(`${type}__mdt`.toLowerCase());
  if (object === undefined || developerName === '')
    throw new MetadataError(`is a record of ${type}__mdt, which does not exist`);
  const root = readXml(file.path, 'CustomMetadata');
  root.only(new Set(['description', 'label', 'protected', 'values']));
  const label = root.needed('label');
  const values: Record<string, Value> = {
    MasterLabel: label,
    Label: label,
    Language: 'en_US',
    NamespacePrefix: null,
    QualifiedApiName: developerName,
  };
  for (const element of root.all('values')) {
    element.only(new Set(['field', 'value']));
    const field = object.fields.get(element.needed('field').toLowerCase());
    if (field === undefined)
      throw new MetadataError(`sets ${element.text('field')}, which ${object.name} does not have`);
    values[field.name] = valueOf(field, element.first('value'), rows, object);
  }
  return { object: object.name, id: rows.ensure(object.name, { DeveloperName: developerName }, values) };
}

function valueOf(field: FieldSchema, element: XmlElement | null, rows: PlatformRows, object: ObjectSchema): Value {
  const text = element?.content ?? '';
  if (element === null || element.attribute('xsi:nil') === 'true' || text === '')
    return field.type === 'boolean' ? false : null;
  switch (field.type) {
    case 'boolean':
      return text === 'true';
    case 'double':
    case 'percent':
    case 'currency':
    case 'int':
      return numberOf(field, text);
    case 'datetime':
      return Date.parse(text);
    case 'reference':
      return relationOf(field, text, rows, object);
    default:
      return text;
  }
}

function numberOf(field: FieldSchema, text: string): number {
  const value = Number(text);
  if (Number.isNaN(value)) throw new MetadataError(`sets ${field.name} to ${text}, which is not a number`);
  return value;
}

/** A metadata relationship names its record by developer name; the row may come later in the load. */
function relationOf(field: FieldSchema, text: string, rows: PlatformRows, object: ObjectSchema): string {
  const target = field.referenceTo?.[0] ?? object.name;
  return rows.ensure(target, { DeveloperName: text.split('.').at(-1)! });
}
