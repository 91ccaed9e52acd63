/** Salesforce as the usage flow speaks with it: our Apex REST. */
import type { IntegrationClient } from '../../../middle-layer/clients/salesforce/integration-client.ts';
import { TargetUnavailable } from '../../../middle-layer/clients/errors.ts';
import { rowsOf } from '../../../middle-layer/clients/salesforce/rows.ts';
import { isArrayOf, isOptional, isPlain, isText } from '../../../shared/shapes.ts';
import { PROGRESS_COLUMNS, progressOf, type SealProgress } from '../../../shared/seal-progress.ts';
import { isOneOf, timeOf } from '../../../shared/salesforce/soql.ts';
import type {
  AdMessage,
  AdOutcome,
  DecisionKind,
  DecisionMessage,
  SealMessage,
  Use,
} from '../../../shared/usage-messages.ts';

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

/** What was decided in Salesforce on a use of an ad, and nobody has taken yet. */
export interface DecisionRow extends Omit<DecisionMessage, 'kind' | 'id'> {
  /** Of the Usage_Exception__c. */
  exceptionId: string;
}

/** A seal that is in progress. */
export interface SealingRow extends SealProgress {
  contractNumber: string;
}

/** What waits to be taken. Each kind is handed out by itself: of one that cannot be read the other knows nothing. */
export interface Waiting {
  /** Some of the seals, in the order of their ids. */
  seals(): Promise<SealRow[]>;
  /** Some of the decisions, in the order of the ids of their exceptions. */
  decisions(): Promise<DecisionRow[]>;
  /** Some of the seals in progress, those first that have not moved for the longest time. Nobody takes them: they are looked at. */
  sealings(): Promise<SealingRow[]>;
}

/** Rejects with the errors of the middle layer's clients. */
export interface UsageSalesforce {
  /** Reports up to 200 ads in one call; a line each, in order. */
  report(ads: readonly AdMessage[]): Promise<ReportLine[]>;
  /** Asks for all that waits to be taken: one call, and one more where there are decisions. */
  waiting(): Promise<Waiting>;
  /** Says that these seals were taken, by their ids. Rejects with TargetUnavailable unless Salesforce says so of each. */
  sealsTaken(sealIds: readonly string[]): Promise<void>;
  /**
   * Asks for up to 200 seals once more, by their ids: what was taken of them is lost. Why not, or null, of each in order. Rejects
   * with TargetUnavailable where no answer tells.
   */
  askForSeals(sealIds: readonly string[]): Promise<(string | null)[]>;
  /** As `sealsTaken`, by the ids of exceptions. */
  decisionsTaken(exceptionIds: readonly string[]): Promise<void>;
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

const PERMISSION_SET = 'Concord_Usage_Integration';

/** What `Pending__c` of a seal says that was taken, and is asked for once more: SealDraft.AGAIN of the Apex class. */
const AGAIN = 'Again';

/** With a basis of 131,072 characters each. */
const MAX_SEALS = 20;
const PENDING_SEALS = `SELECT Id, Contract__c, Contract_Number__c, Entries__c, Units__c, Amount__c, Digest__c, Basis__c, Basis_Digest__c, Sealed_At__c, Pending__c FROM Contract_Seal__c WHERE Pending__c IN ('Pending', '${AGAIN}') ORDER BY Id LIMIT ${MAX_SEALS}`;

/** Those that somebody has to look at are the first. */
const MAX_SEALINGS = 20;
const SEALINGS = `SELECT Contract__r.ContractNumber, ${PROGRESS_COLUMNS} FROM Contract_Sealing__c ORDER BY LastModifiedDate LIMIT ${MAX_SEALINGS}`;

type Row = Record<string, unknown>;

const textIn =
  (what: string, row: Row) =>
  (name: string): string => {
    const value = row[name];
    if (typeof value !== 'string')
      throw new TargetUnavailable(
        'BAD_ANSWER',
        `${what} came without ${name}: give the integration user the permission set ${PERMISSION_SET}`,
      );
    return value;
  };

const sealingOf = (row: Row): SealingRow => ({
  contractNumber: textIn('a contract', isPlain(row.Contract__r) ? row.Contract__r : {})('ContractNumber'),
  ...progressOf(row),
});

const isoTime = (text: string): string => new Date(timeOf(text) ?? Number.NaN).toISOString();

const sealOf = (row: Row): SealRow => {
  const text = textIn('a seal', row);
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
    sealedAt: isoTime(text('Sealed_At__c')),
    ...(row.Pending__c === AGAIN ? { again: true as const } : {}),
  };
};

/** As many as one call says of that they were taken. */
const MAX_DECISIONS = 200;
const PENDING_DECISIONS = `SELECT Id, Ad_Id__c, Version__c, Decision__c, Decision_Reason__c, Decided_By__c, Decided_At__c, Next_Contract__r.ContractNumber FROM Usage_Exception__c WHERE Pending__c = 'Pending' ORDER BY Id LIMIT ${MAX_DECISIONS}`;
const appliedVersions = (adIds: readonly string[]): string =>
  `SELECT Ad_Id__c adId, MAX(Version__c) version FROM Usage_Entry__c WHERE ${isOneOf('Ad_Id__c', [...adIds])} GROUP BY Ad_Id__c`;

const KINDS: Readonly<Record<string, DecisionKind>> = {
  'Next Contract': 'NEXT_CONTRACT',
  Credit: 'CREDIT',
  Drop: 'DROP',
};

const decisionOf = (row: Row, appliedVersion: number | null): DecisionRow => {
  const text = textIn('a decision', row);
  const next = row.Next_Contract__r;
  const decision = KINDS[text('Decision__c')];
  if (!decision)
    throw new TargetUnavailable('BAD_ANSWER', `nobody here knows the decision ${text('Decision__c')} of an exception`);
  return {
    exceptionId: text('Id'),
    adId: text('Ad_Id__c'),
    version: Number(row.Version__c),
    decision,
    nextContractNumber:
      decision === 'NEXT_CONTRACT' && isPlain(next) ? textIn('a contract', next)('ContractNumber') : null,
    reason: isText(row.Decision_Reason__c) ? row.Decision_Reason__c : null,
    by: text('Decided_By__c'),
    at: isoTime(text('Decided_At__c')),
    appliedVersion,
  };
};

const isSaved = (value: unknown): boolean => isPlain(value) && value.success === true;

/** Sets what is pending of these records; an answer for each, in order. */
const mark = async (
  rest: IntegrationClient,
  type: string,
  ids: readonly string[],
  pending: string | null,
): Promise<unknown> =>
  rest.change<unknown>('PATCH', '/composite/sobjects', {
    allOrNone: false,
    records: ids.map((id) => ({ attributes: { type }, id, Pending__c: pending })),
  });

/** Nothing of these records is pending any more. Rejects with TargetUnavailable unless Salesforce says so of each. */
const taken = async (rest: IntegrationClient, type: string, ids: readonly string[]): Promise<void> => {
  const saved = await mark(rest, type, ids, null);
  if (!Array.isArray(saved) || saved.length !== ids.length || !saved.every(isSaved))
    throw new TargetUnavailable('NOT_TAKEN', `Salesforce keeps records as pending: ${JSON.stringify(saved)}`);
};

/** What Salesforce says of a record that it did not save. */
const refusalIn = (saved: unknown): string => {
  const errors: unknown = isPlain(saved) ? saved.errors : null;
  const error: unknown = Array.isArray(errors) ? errors[0] : null;
  return isPlain(error) && isText(error.message) ? error.message : 'Salesforce refused it, and did not say why';
};

const askForSeals = async (rest: IntegrationClient, ids: readonly string[]): Promise<(string | null)[]> => {
  const saved = await mark(rest, 'Contract_Seal__c', ids, AGAIN);
  if (!Array.isArray(saved) || saved.length !== ids.length)
    throw new TargetUnavailable('BAD_ANSWER', 'Salesforce did not answer for each seal');
  return saved.map((each) => (isSaved(each) ? null : refusalIn(each)));
};

const decisionsOf = async (rest: IntegrationClient, rows: readonly Row[]): Promise<DecisionRow[]> => {
  if (rows.length === 0) return [];
  const adIds = [...new Set(rows.map((row) => textIn('a decision', row)('Ad_Id__c')))];
  const applied = new Map(
    (await rest.query(appliedVersions(adIds))).map(({ adId, version }) => [adId, Number(version)]),
  );
  return rows.map((row) => decisionOf(row, applied.get(row.Ad_Id__c) ?? null));
};

/** The first page of each kind suffices: what it leaves out waits on. */
const waiting = async (rest: IntegrationClient): Promise<Waiting> => {
  const { pages } = await rest.pages<Row>({ seals: PENDING_SEALS, decisions: PENDING_DECISIONS, sealings: SEALINGS });
  return {
    seals: async () => rowsOf('seals', pages.seals!, PERMISSION_SET).map(sealOf),
    decisions: async () => decisionsOf(rest, rowsOf('decisions', pages.decisions!, PERMISSION_SET)),
    sealings: async () => rowsOf('sealings', pages.sealings!, PERMISSION_SET).map(sealingOf),
  };
};

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
  waiting: () => waiting(rest),
  sealsTaken: (sealIds) => taken(rest, 'Contract_Seal__c', sealIds),
  askForSeals: (sealIds) => askForSeals(rest, sealIds),
  decisionsTaken: (exceptionIds) => taken(rest, 'Usage_Exception__c', exceptionIds),
  takeCallCount: () => rest.takeCallCount(),
});
