import type { Scalar } from '../../../shared/case-messages.ts';
import type { QueryPage as Page } from '../../../shared/salesforce/answers.ts';
import { SalesforceError } from '../../../shared/salesforce/errors.ts';
import { TargetUnavailable } from '../errors.ts';

/** A row of a query: its fields by name. */
export type Row = Record<string, Scalar>;

export type QueryPage = Page<Row>;

export const isFailure = (page: QueryPage | SalesforceError): page is SalesforceError =>
  page instanceof SalesforceError;

/** The rows of a query that must have worked; `permissionSet`: the one of the flow. */
export const rowsOf = <R = Row>(name: string, page: Page<R> | SalesforceError, permissionSet: string): R[] => {
  if (!(page instanceof SalesforceError)) return page.records;
  throw new TargetUnavailable(
    page.errorCode,
    `the query ${name} failed: ${page.errorCode}: ${page.said ?? 'no text'}; check that force-app is deployed and the user has the permission sets Concord_Integration and ${permissionSet}`,
  );
};
