/** `@{NewCase.id}`, `@{cases.records[0].Id}`: results of earlier subrequests in later ones. */
import { apiError } from '../errors.ts';
import { isObject, type Json } from '../json-body.ts';

const REFERENCE = /@\{([^}]+)\}/g;
const WHOLE = /^@\{([^}]+)\}$/;

/** Bodies of finished subrequests by reference id. */
export type Results = ReadonlyMap<string, unknown>;

/** A copy of a request body with the references filled in. A text that is nothing but a reference takes the value's type. */
export const fillBody = (json: Json, results: Results): Json => {
  if (typeof json === 'string') {
    const whole = WHOLE.exec(json);
    return whole
      ? lookUp(whole[1]!, results)
      : json.replace(REFERENCE, (_, name: string) => String(lookUp(name, results)));
  }
  if (Array.isArray(json)) return json.map((item) => fillBody(item, results));
  if (!isObject(json)) return json;
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, fillBody(value, results)]));
};

export const fillUrl = (url: string, results: Results): string =>
  url.replace(REFERENCE, (_, name: string) => encodeURIComponent(String(lookUp(name, results))));

const lookUp = (reference: string, results: Results): boolean | number | string => {
  const [id, ...steps] = reference.split(/[.[\]]+/).filter((step) => step !== '');
  let value: unknown = results.get(id!);
  for (const step of steps) value = (value as Record<string, unknown> | null | undefined)?.[step];
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  throw apiError('PROCESSING_HALTED', `Invalid reference specified. No value for ${reference} found in ${id}`);
};
