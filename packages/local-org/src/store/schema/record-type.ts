import type { ObjectSchema } from '../types.ts';
import type { XmlElement } from './xml.ts';

const KNOWN = new Set([
  'active',
  'businessProcess',
  'compactLayoutAssignment',
  'description',
  'fullName',
  'label',
  'picklistValues',
]);

/** Reads `<RecordType>`: its name and label. Its picklist values are a matter of pages; the API takes every value of the field. */
export function readRecordType(element: XmlElement): NonNullable<ObjectSchema['recordTypes']>[number] {
  element.only(KNOWN);
  const developerName = element.needed('fullName');
  return {
    developerName,
    label: element.text('label') ?? developerName,
    description: element.text('description'),
    active: element.flag('active'),
  };
}
