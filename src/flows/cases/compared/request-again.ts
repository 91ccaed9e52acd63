import { tellsRowLock } from '../../../shared/salesforce/row-lock.ts';
import type { SalesforceClient } from '../../../shared/salesforce/client.ts';

/** A Case as the comparison saw it: one that has moved on since is not asked for. */
export interface CaseAsSeen {
  key: string;
  version: number;
  attempt: number;
}

const PATH = '/services/apexrest/concord/v1/cases/request-again';
/** What RequestAgainResource takes in one call. */
const RECORDS_A_CALL = 200;

interface Line {
  key: string;
  outcome: 'REQUESTED' | 'IGNORED' | 'NOT_FOUND' | 'REFUSED';
  errorCode: string | null;
}

const problemOf = ({ outcome, errorCode }: Line): string | null => {
  switch (outcome) {
    case 'REQUESTED':
      return null;
    case 'IGNORED':
      return 'the Case has moved on since it was compared; compare again';
    case 'NOT_FOUND':
      return 'there is no such Case any more, or this user may not see it';
    case 'REFUSED':
      return tellsRowLock(errorCode)
        ? 'the Case is being saved elsewhere; compare again'
        : `Salesforce refused it: ${errorCode ?? 'no error code'}`;
  }
};

/** Asks the org to send these Cases' requests or write-backs once more. Answers why one was not sent, by key. */
export const requestAgain = async (client: SalesforceClient, cases: CaseAsSeen[]): Promise<Map<string, string>> => {
  const problems = new Map<string, string>();
  for (let start = 0; start < cases.length; start += RECORDS_A_CALL) {
    const records = cases.slice(start, start + RECORDS_A_CALL);
    const { results } = await client.post<{ results: Line[] }>(PATH, { records });
    for (const line of results) {
      const problem = problemOf(line);
      if (problem !== null) problems.set(line.key, problem);
    }
  }
  return problems;
};
