/** sObject Collections: many records in one request (REST API Developer Guide, "sObject Collections"). */
import { expected } from '../shared/expected.ts';
import { isArrayOf, isPlain, isText } from '../shared/shapes.ts';

export const RECORDS_A_CALL = 200;

/** What became of a record. */
export interface Saved {
  id: string | null;
  success: boolean;
  created: boolean;
  errors: { statusCode: string; message: string; fields: string[] }[];
}

const isSaveError = (value: unknown): value is Saved['errors'][number] =>
  isPlain(value) && isText(value.statusCode) && isText(value.message);

const isSaved = (value: unknown): value is Saved =>
  isPlain(value) &&
  typeof value.success === 'boolean' &&
  (value.success ? isText(value.id) : isArrayOf(value.errors, isSaveError) && value.errors.length > 0);

/** The results of a call, one for each record, in their order. Throws UnreadableAnswer when they are not. */
export const savedIn = (answer: unknown, count: number): Saved[] => {
  const is = (value: unknown): value is Saved[] => isArrayOf(value, isSaved) && value.length === count;
  return expected(answer, is, 'Salesforce', 'a result for each record');
};
