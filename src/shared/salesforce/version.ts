/** The version of Salesforce's API that everything here speaks. */
export const API_VERSION = '67.0';
