import type { Scalar } from '../../../shared/case-messages.ts';
import {
  partsOf,
  QUERIES_PER_COMPOSITE,
  queryPageOf,
  type QueryPage as Page,
} from '../../../shared/salesforce/answers.ts';
import { TargetUnavailable } from '../errors.ts';
import { badAnswer } from '../http-status.ts';
import { DATA, salesforceError, type SalesforceRest } from './rest.ts';

/** A row of a query: its fields by name. */
export type Row = Record<string, Scalar>;

export type QueryPage = Page<Row>;

/** The page of a query, checked: anything else is no answer of Salesforce. */
export const pageOf = (body: unknown, from: string): QueryPage => {
  const page = queryPageOf<Row>(body);
  if (!page) throw badAnswer(from, 'did not answer with the rows of a query');
  return page;
};

/** A query of a composite request that failed by itself. */
export interface QueryFailure {
  errorCode: string;
  message: string;
}

/** A record to be updated in the same call, under the name of its answer. */
export interface Update {
  referenceId: string;
  /** For example `Sync_Control__c/a01…`. */
  record: string;
  values: Record<string, string | null>;
}

/**
 * Runs up to five named queries in one API call, and an update beside them. The update's failure is no failure of
 * the queries: `onUpdateFailed` is told its code.
 */
export const queryAll = async (
  rest: SalesforceRest,
  queries: Record<string, string>,
  update: Update | null = null,
  onUpdateFailed: (code: string) => void = () => {},
): Promise<Record<string, QueryPage | QueryFailure>> => {
  const names = Object.keys(queries);
  if (names.length > QUERIES_PER_COMPOSITE)
    throw new Error(`a composite request takes at most ${QUERIES_PER_COMPOSITE} queries, not ${names.length}`);
  const answer = await rest.call('POST', `${DATA}/composite`, {
    allOrNone: false,
    compositeRequest: [
      ...names.map((referenceId) => ({
        method: 'GET',
        referenceId,
        url: `${DATA}/query?q=${encodeURIComponent(queries[referenceId]!)}`,
      })),
      ...(update
        ? [
            {
              method: 'PATCH',
              referenceId: update.referenceId,
              url: `${DATA}/sobjects/${update.record}`,
              body: update.values,
            },
          ]
        : []),
    ],
  });
  const parts = partsOf(answer);
  if (!parts) throw badAnswer('the composite request', 'was not answered part by part');
  const byName = new Map(parts.map((response) => [response.referenceId, response]));
  const updated = update ? byName.get(update.referenceId) : undefined;
  if (updated && updated.httpStatusCode >= 300)
    onUpdateFailed(salesforceError(updated.body)?.errorCode ?? `HTTP_${updated.httpStatusCode}`);
  const pages: Record<string, QueryPage | QueryFailure> = {};
  for (const name of names) {
    const response = byName.get(name);
    if (!response) throw new TargetUnavailable('BAD_ANSWER', `the composite answer has no part ${name}`);
    const { httpStatusCode: status, body } = response;
    pages[name] =
      status === 200
        ? pageOf(body, `the query ${name}`)
        : (salesforceError(body) ?? { errorCode: `HTTP_${status}`, message: 'no text' });
  }
  return pages;
};

export const isFailure = (page: QueryPage | QueryFailure): page is QueryFailure => 'errorCode' in page;

/** The rows of a query that must have worked. */
export const rowsOf = (name: string, page: QueryPage | QueryFailure): Row[] => {
  if (!isFailure(page)) return page.records;
  throw new TargetUnavailable(
    page.errorCode,
    `the query ${name} of the sweep failed: ${page.errorCode}: ${page.message}; check that force-app is deployed and the user has the permission sets Concord_Integration and Concord_Cases_Integration`,
  );
};
