/** Where nobody answers. */
export const NOWHERE = 'http://127.0.0.1:9';

/** The environment of a middle layer that starts and reaches nobody; its database is added. */
export const REACHES_NOBODY: Readonly<Record<string, string>> = {
  SALESFORCE_URL: NOWHERE,
  SALESFORCE_ACCESS_TOKEN: 't',
  SALESFORCE_STREAM: 'off',
  CASES_EXTERNAL_URL: NOWHERE,
  CASES_EXTERNAL_TOKEN: 'e',
  CASES_CALLER_TOKEN: 'secret-e',
  MIDDLE_LAYER_OPERATOR_TOKEN: 'secret-o',
};
