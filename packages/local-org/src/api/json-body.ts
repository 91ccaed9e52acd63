/** Reads JSON request bodies. */
import { apiError } from './errors.ts';
import { describeSyntaxError } from './json-scanner.ts';

export type Json = null | boolean | number | string | Json[] | JsonObject;
export interface JsonObject {
  [key: string]: Json;
}

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A value as text, for messages and for parameters that clients send as text or number. */
export const asText = (value: Json | undefined): string =>
  typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing');

export const parseJson = (text: string): Json => {
  if (text.trim() === '') {
    throw apiError('JSON_PARSER_ERROR', 'The HTTP entity body is required, but this request has no entity body.');
  }
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw apiError('JSON_PARSER_ERROR', describeSyntaxError(text));
  }
};

export const parseJsonObject = (text: string): JsonObject => {
  const value = parseJson(text);
  if (isObject(value)) return value;
  const found = Array.isArray(value) ? 'array' : typeof value;
  throw apiError('JSON_PARSER_ERROR', `The request body must be a JSON object, found: ${found}`);
};
