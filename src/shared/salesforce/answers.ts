/** The shapes of Salesforce's answers to queries, for every client of it. */
import { isArrayOf, isPlain, isText, type Plain } from '../shapes.ts';

/** REST API Developer Guide, Composite: queries and collections in one call. */
export const QUERIES_PER_COMPOSITE = 5;

export interface QueryPage<Row = Plain> {
  done: boolean;
  /** Where the next rows are; not always told, even when there are more. */
  nextRecordsUrl?: string;
  records: Row[];
}

/** The page of a query; null when it is none. */
export const queryPageOf = <Row = Plain>(body: unknown): QueryPage<Row> | null => {
  if (!isPlain(body) || typeof body.done !== 'boolean' || !isArrayOf(body.records, isPlain)) return null;
  const { done, nextRecordsUrl } = body;
  return { done, records: body.records as Row[], ...(isText(nextRecordsUrl) ? { nextRecordsUrl } : {}) };
};

/** The answer to one request of a composite. */
export interface CompositePart {
  referenceId: string;
  httpStatusCode: number;
  body: unknown;
}

const isPart = (value: unknown): value is CompositePart =>
  isPlain(value) && isText(value.referenceId) && typeof value.httpStatusCode === 'number';

/** The parts of a composite's answer, in its order; null when it is none. */
export const partsOf = (answer: unknown): CompositePart[] | null =>
  isPlain(answer) && isArrayOf(answer.compositeResponse, isPart) ? answer.compositeResponse : null;
