/** Record types and validation rules of an object. */
import type { ObjectSchema } from '../types.ts';
import type { XmlElement } from './xml.ts';

const RECORD_TYPE_ELEMENTS = new Set([
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
  element.only(RECORD_TYPE_ELEMENTS);
  const developerName = element.needed('fullName');
  return {
    developerName,
    label: element.text('label') ?? developerName,
    description: element.text('description'),
    active: element.flag('active'),
  };
}

const RULE_ELEMENTS = new Set([
  'active',
  'description',
  'errorConditionFormula',
  'errorDisplayField',
  'errorMessage',
  'fullName',
]);

/** Reads `<ValidationRule>`. */
export function readValidationRule(element: XmlElement): ObjectSchema['validationRules'][number] {
  element.only(RULE_ELEMENTS);
  const errorField = element.text('errorDisplayField');
  const description = element.text('description');
  return {
    name: element.needed('fullName'),
    active: element.flag('active'),
    formula: element.needed('errorConditionFormula'),
    message: element.needed('errorMessage'),
    ...(errorField !== null && errorField !== '' && { errorField }),
    ...(description !== null && description !== '' && { description }),
  };
}
