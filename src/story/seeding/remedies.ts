/** What the owner of an input row can do about an error of the org, by Salesforce's status code. */
const REMEDIES: Record<string, string> = {
  STRING_TOO_LONG: 'shorten it, or set "truncate" in the mapping',
  REQUIRED_FIELD_MISSING: 'give the field a value, or map it',
  INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST: 'use a value of the picklist, or translate it under "values" in the mapping',
  INVALID_FIELD_FOR_INSERT_UPDATE: 'grant the user edit access to the field, or take it out of the mapping',
  INVALID_FIELD: 'deploy the field, or take it out of the mapping',
  JSON_PARSER_ERROR: 'give the field a "type" in the mapping that fits the org\'s field',
  NUMBER_OUTSIDE_VALID_RANGE: 'correct the number',
  DUPLICATE_VALUE: 'a record with this unique value exists: leave the row out, or correct the value',
  INVALID_EMAIL_ADDRESS: 'correct the address',
  FIELD_CUSTOM_VALIDATION_EXCEPTION: 'correct the row as the validation rule says',
  UNABLE_TO_LOCK_ROW: 'seed the row again',
};

/** An error of the org as a reason that names the remedy. */
export const withRemedy = (code: string, message: string): string => {
  const remedy = REMEDIES[code];
  return `${code}: ${message}${remedy ? `; ${remedy}` : ''}`;
};
