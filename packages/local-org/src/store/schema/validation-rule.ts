import type { ObjectSchema } from '../types.ts';
import type { XmlElement } from './xml.ts';

const KNOWN = new Set([
  'active',
  'description',
  'errorConditionFormula',
  'errorDisplayField',
  'errorMessage',
  'fullName',
]);

/** Reads `<ValidationRule>`. */
export function readValidationRule(element: XmlElement): ObjectSchema['validationRules'][number] {
  element.only(KNOWN);
  const errorField = element.text('errorDisplayField');
  return {
    name: element.needed('fullName'),
    active: element.flag('active'),
    formula: element.needed('errorConditionFormula'),
    message: element.needed('errorMessage'),
    ...(errorField !== null && errorField !== '' && { errorField }),
  };
}
