/** Which objects the Tooling API answers queries for: the ones whose rows the org keeps. */
import { apiError } from '../errors.ts';

const TOOLING_OBJECTS = new Set([
  'apexclass',
  'apextrigger',
  'apexlog',
  'apextestqueueitem',
  'apextestresult',
  'apextestrunresult',
  'asyncapexjob',
  'entitydefinition',
  'fielddefinition',
  'organization',
  'user',
  'profile',
  'permissionset',
  'sourcemember',
]);
const FROM = /\bFROM\s+(\w+)/i;

/** Subqueries and string literals are cut out, so that the outermost FROM is found. */
const outermost = (soql: string): string => {
  let text = soql.replace(/'(?:[^'\\]|\\.)*'/g, "''");
  for (let shorter = text.replace(/\([^()]*\)/g, ''); shorter !== text; shorter = text.replace(/\([^()]*\)/g, '')) {
    text = shorter;
  }
  return text;
};

export const checkToolingQuery = (soql: string): void => {
  const object = FROM.exec(outermost(soql))?.[1];
  if (object && !TOOLING_OBJECTS.has(object.toLowerCase())) {
    throw apiError('INVALID_TYPE', `sObject type '${object}' is not supported by the local org's Tooling API.`);
  }
};
