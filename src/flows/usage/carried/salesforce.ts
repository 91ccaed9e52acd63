/** Salesforce as the usage flow speaks with it: our Apex REST. */
import type { IntegrationClient } from '../../../middle-layer/clients/salesforce/integration-client.ts';
import { TargetUnavailable } from '../../../middle-layer/clients/errors.ts';
import { isArrayOf, isOptional, isPlain, isText } from '../../../shared/shapes.ts';
import { timeOf } from '../../../shared/salesforce/soql.ts';
import type { AdMessage, AdOutcome, SealMessage, Use } from '../../../shared/usage-messages.ts';

const PATH = '/services/apexrest/concord/v1/usage/report';

/** What Salesforce says of one ad. */
export interface ReportLine {
  adId: string;
  version: number;
  outcome: AdOutcome;
  errorCode: string | null;
  message: string | null;
  /** Of a refusal: whether the same may pass later. */
  retryable: boolean;
  /** The version that the ad's entries say now; null: it has none. */
  appliedVersion: number | null;
}

/** A seal that nobody has taken yet. */
export interface SealRow extends Omit<SealMessage, 'kind' | 'id'> {
  /** Of the Contract_Seal__c. */
  sealId: string;
  contractId: string;
}

/** Rejects with the errors of the middle layer's clients. */
export interface UsageSalesforce {
  /** Reports up to 200 ads in one call; a line each, in order. */
  report(ads: readonly AdMessage[]): Promise<ReportLine[]>;
  /** Some of the seals that wait to be taken, in the order of their ids. */
  pendingSeals(): Promise<SealRow[]>;
  /** Says that these seals were taken, by their ids. Rejects with TargetUnavailable unless Salesforce says so of each. */
  sealsTaken(sealIds: readonly string[]): Promise<void>;
  takeCallCount(): number;
}

/** An ad as Apex takes it. */
interface Reported extends Pick<AdMessage, 'adId' | 'version' | 'title' | 'contractNumber' | 'currency' | 'decision'> {
  bookedAt: string;
  cancelled: boolean;
  uses: Use[];
}

const reported = ({ kind: _kind, id: _id, ...ad }: AdMessage): Reported => ad;

const OUTCOMES: readonly unknown[] = ['APPLIED', 'IGNORED', 'EXCEPTION', 'REFUSED'] satisfies AdOutcome[];

const isLine = (value: unknown): value is ReportLine =>
  isPlain(value) &&
  isText(value.adId) &&
  OUTCOMES.includes(value.outcome) &&
  isOptional(value.errorCode, 'string') &&
  isOptional(value.message, 'string') &&
  isOptional(value.retryable, 'boolean') &&
  isOptional(value.appliedVersion, 'number');

/** With a basis of 131,072 characters each. */
const MAX_SEALS = 20;
const PENDING_SEALS = `SELECT Id, Contract__c, Contract_Number__c, Entries__c, Units__c, Amount__c, Digest__c, Basis__c, Basis_Digest__c, Sealed_At__c FROM Contract_Seal__c WHERE Pending__c = 'Pending' ORDER BY Id LIMIT ${MAX_SEALS}`;

const sealOf = (row: Record<string, unknown>): SealRow => {
  const text = (name: string): string => {
    const value = row[name];
    if (typeof value !== 'string')
      throw new TargetUnavailable(
        'BAD_ANSWER',
        `a seal came without ${name}: give the integration user the permission set Concord_Usage_Integration`,
      );
    return value;
  };
  return {
    sealId: text('Id'),
    contractId: text('Contract__c'),
    contractNumber: text('Contract_Number__c'),
    entries: Number(row.Entries__c),
    units: text('Units__c'),
    amount: text('Amount__c'),
    digest: text('Digest__c'),
    basis: text('Basis__c'),
    basisDigest: text('Basis_Digest__c'),
    sealedAt: new Date(timeOf(text('Sealed_At__c')) ?? Number.NaN).toISOString(),
  };
};

const isSaved = (value: unknown): boolean => isPlain(value) && value.success === true;

export const httpUsage = (rest: IntegrationClient): UsageSalesforce => ({
  report: async (ads) => {
    const answer = await rest.call<unknown>('POST', PATH, { ads: ads.map(reported) });
    const results = isPlain(answer) ? answer.results : undefined;
    if (
      !isArrayOf(results, isLine) ||
      results.length !== ads.length ||
      results.some(({ adId }, at) => adId !== ads[at]!.adId)
    )
      throw new TargetUnavailable('BAD_ANSWER', `${PATH} did not answer one line for each ad, in order`);
    return results.map((line, at) => ({
      adId: line.adId,
      version: ads[at]!.version,
      outcome: line.outcome,
      errorCode: line.errorCode ?? null,
      message: line.message ?? null,
      retryable: line.retryable,
      appliedVersion: line.appliedVersion ?? null,
    }));
  },
  pendingSeals: async () => (await rest.query(PENDING_SEALS)).map(sealOf),
  sealsTaken: async (sealIds) => {
    const records = sealIds.map((id) => ({ attributes: { type: 'Contract_Seal__c' }, id, Pending__c: null }));
    const saved = await rest.change<unknown>('PATCH', '/composite/sobjects', { allOrNone: false, records });
    if (!Array.isArray(saved) || saved.length !== records.length || !saved.every(isSaved))
      throw new TargetUnavailable('SEAL_NOT_TAKEN', `Salesforce keeps seals as pending: ${JSON.stringify(saved)}`);
  },
  takeCallCount: () => rest.takeCallCount(),
});
