import { StoreError } from '../types.ts';
import type { Position } from './ast.ts';

/** Characters of the query shown before and after the place of an error. */
const EXCERPT = 40;

/** An error that points into the query, laid out as Salesforce does. */
export function queryError(
  code: string,
  text: string,
  position: Position,
  message: string,
  fields: string[] = [],
): StoreError {
  const line = text.split('\n')[position.line - 1] ?? '';
  const from = Math.max(0, position.column - 1 - EXCERPT);
  const excerpt = line.slice(from, position.column - 1 + EXCERPT);
  const caret = `${' '.repeat(position.column - 1 - from)}^`;
  return new StoreError(
    code,
    `\n${excerpt}\n${caret}\nERROR at Row:${position.line}:Column:${position.column}\n${message}`,
    fields,
  );
}

/** The query cannot be understood. */
export const malformed = (message: string): StoreError => new StoreError('MALFORMED_QUERY', message);

/** The query uses a feature of SOQL that the local org does not have. */
export const unsupported = (feature: string): StoreError =>
  new StoreError('MALFORMED_QUERY', `${feature} is not supported by the local org (see DIFFERENCES.md)`);

export const noSuchColumn = (text: string, position: Position, field: string, entity: string): StoreError =>
  queryError(
    'INVALID_FIELD',
    text,
    position,
    `No such column '${field}' on entity '${entity}'. If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. Please reference your WSDL or the describe call for the appropriate names.`,
  );

export const noSuchRelationship = (text: string, position: Position, name: string): StoreError =>
  queryError(
    'INVALID_FIELD',
    text,
    position,
    `Didn't understand relationship '${name}' in field path. If you are attempting to use a custom relationship, be sure to append the '__r' after the custom relationship name. Please reference your WSDL or the describe call for the appropriate names.`,
  );

export const noSuchObject = (text: string, position: Position, name: string): StoreError =>
  queryError(
    'INVALID_TYPE',
    text,
    position,
    `sObject type '${name}' is not supported. If you are attempting to use a custom object, be sure to append the '__c' after the entity name. Please reference your WSDL or the describe call for the appropriate names.`,
  );
