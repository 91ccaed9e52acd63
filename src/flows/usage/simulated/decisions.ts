/** What was decided on exceptions, in Salesforce and in the service application. */
import type { World } from '../../../simulation/world.ts';
import { allExceptions, type EntryRow, type ExceptionRow } from './in-org.ts';

const text = (row: ExceptionRow): string => `${row.Decision__c} ${row.Next_Contract__r?.ContractNumber ?? ''}`;

/** What Salesforce has decided stays decided. */
export class StandingDecisions {
  readonly #seen = new Map<string, string>();

  changed(exceptions: readonly ExceptionRow[]): string[] {
    return exceptions
      .filter((row) => row.Decision__c !== null || this.#seen.has(row.Id))
      .flatMap((row) => {
        const before = this.#seen.get(row.Id) ?? text(row);
        this.#seen.set(row.Id, before);
        return before === text(row)
          ? []
          : [`the decision on ${row.Booking_Key__c} was ${before}, and became ${text(row)}`];
      });
  }
}

/** Decisions that the application has not heard of, a line each. */
export const decisionsUnderWay = async (world: World): Promise<string[]> =>
  (await allExceptions(world))
    .filter((row) => row.Pending__c !== null)
    .map((row) => `the decision on ${row.Booking_Key__c} is pending`);

interface MadeDecision {
  name: string;
  kind: string;
  carriedOut: number;
  inSalesforce: boolean;
}

const KINDS: Readonly<Record<string, string>> = { 'Next Contract': 'NEXT_CONTRACT', Credit: 'CREDIT', Drop: 'DROP' };

/** Once everything has arrived: the application has what was decided in Salesforce, and nothing was entered without it. */
export const decisionsApart = async (
  world: World,
  exceptions: readonly ExceptionRow[],
  entries: readonly EntryRow[],
): Promise<string[]> => {
  const made = new Map(
    (
      await world.db.query<MadeDecision>(
        `SELECT ad_id || '@' || version AS name, kind, carried_version AS "carriedOut", in_salesforce AS "inSalesforce" FROM ad_decision ORDER BY 1`,
      )
    ).map((decision) => [decision.name, decision]),
  );
  return exceptions
    .filter((row) => row.Decision__c !== null)
    .flatMap((row) => {
      const own = made.get(`${row.Ad_Id__c}@${row.Version__c}`);
      const isHere = row.Decided_By__c !== null;
      if (isHere && (own?.kind !== KINDS[row.Decision__c!] || !own?.inSalesforce))
        return [
          `${row.Booking_Key__c} was decided in Salesforce (${row.Decision__c}), and the application has ${own?.kind ?? 'nothing'}`,
        ];
      const blind = entries.find(
        (entry) =>
          isHere &&
          entry.Ad_Id__c === row.Ad_Id__c &&
          entry.Version__c > row.Version__c &&
          entry.Version__c < own!.carriedOut,
      );
      return blind
        ? [
            `version ${blind.Version__c} of ${blind.Booking_Key__c} was entered without what was decided on ${row.Version__c}`,
          ]
        : [];
    });
};
