import { MetadataError } from '../../schema/problems.ts';
import type { XmlElement } from '../../schema/xml.ts';
import type { FieldType } from '../../types.ts';
import { EMPTY, readOperand } from './read-parts.ts';
import type { Resource } from './types.ts';

const TYPES: Record<string, FieldType> = {
  Boolean: 'boolean',
  Currency: 'currency',
  Date: 'date',
  DateTime: 'datetime',
  Multipicklist: 'multipicklist',
  Number: 'double',
  Picklist: 'picklist',
  SObject: 'anyType',
  String: 'string',
};

/** Variables, constants, formulas and text templates of a flow, by name. */
export function readResources(root: XmlElement): Map<string, Resource> {
  const resources = new Map<string, Resource>();
  for (const element of root.all('variables'))
    resources.set(element.needed('name'), {
      kind: 'variable',
      type: typeOf(element),
      collection: element.flag('isCollection'),
      object: element.text('objectType'),
      initial: element.first('value') === null ? null : readOperand(element.first('value')),
    });
  for (const element of root.all('constants'))
    resources.set(element.needed('name'), {
      kind: 'variable',
      type: typeOf(element),
      collection: false,
      object: null,
      initial: element.first('value') === null ? EMPTY : readOperand(element.first('value')),
    });
  for (const element of root.all('formulas'))
    resources.set(element.needed('name'), {
      kind: 'formula',
      type: typeOf(element),
      scale: element.integer('scale'),
      formula: element.needed('expression'),
    });
  for (const element of root.all('textTemplates'))
    resources.set(element.needed('name'), { kind: 'template', text: element.text('text') ?? '' });
  return resources;
}

function typeOf(element: XmlElement): FieldType {
  const type = TYPES[element.needed('dataType')];
  if (type === undefined)
    throw new MetadataError(`${element.text('name')} is of type ${element.text('dataType')}, which is not supported`);
  return type;
}
