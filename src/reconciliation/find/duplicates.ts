import { KINDS } from '../kinds.ts';
import { lookUp, lookUpByExternalId, type ExternalRequest } from '../sides/external-records.ts';
import type { SalesforceClient } from '../sides/salesforce-client.ts';
import { readIdentities, type CaseIdentity } from '../sides/salesforce-records.ts';
import type { Compared, ExternalState } from '../types.ts';
import { isAtRest, type Rules } from './classify.ts';

/** Salesforce's ids begin with the prefix of their object; the last three of 18 characters only check the first 15. */
const CASE_ID = /^(500[A-Za-z0-9]{12})([A-Za-z0-9]{3})?$/;

const shortId = (id: string | null): string | null => (id === null ? null : (CASE_ID.exec(id)?.[1] ?? null));

/** The Case, by the first 15 characters of its id, that the external record names although its key does not lead there. */
const strangeCase = ({ salesforce, external }: Compared): string | null => {
  if (!external) return null;
  // a Case that the key leads to counts for more than the origin, which a copy keeps for ever
  const id = shortId(external.salesforceCaseId ?? (salesforce ? null : external.originCaseId));
  return salesforce && shortId(salesforce.id) === id ? null : id;
};

/** The external record that the Case names although its key does not lead there. */
const strangeRecord = ({ salesforce, external }: Compared): string | null =>
  salesforce?.externalId && salesforce.externalId !== external?.externalId ? salesforce.externalId : null;

/** Whether it takes a further look to tell it from a duplicate: an automatic repair would act on a record that points elsewhere. */
export const mayBeDuplicate = (compared: Compared): boolean =>
  KINDS[compared.discrepancy.kind].repair !== 'none' &&
  (strangeCase(compared) !== null || strangeRecord(compared) !== null);

/** By the times of the rules: a counterpart that moved too recently may still be given its right key. */
export interface DuplicatePorts extends Pick<Rules, 'now' | 'graceMs' | 'latest'> {
  salesforce: SalesforceClient;
  external: ExternalRequest;
  /** Pairs that this run has told already: grows. */
  pairs: Set<string>;
}

export interface Told {
  /** Duplicates, and what turned out to be none: as it came. */
  compared: Compared[];
  /** Keys of which nothing can be told yet. */
  inFlight: string[];
}

/** What the suspects name, read anew. */
interface Counterparts {
  caseOf(suspect: Compared): CaseIdentity | undefined;
  recordOf(suspect: Compared): ExternalState | undefined;
  caseWithKey(key: string): CaseIdentity | undefined;
  recordWithKey(key: string): ExternalState | undefined;
}

const some = <T>(values: (T | null)[]): T[] => [...new Set(values.filter((value) => value !== null))];

const readCounterparts = async (
  suspects: Compared[],
  { salesforce, external }: DuplicatePorts,
): Promise<Counterparts> => {
  const living = (records: ExternalState[]): ExternalState[] => records.filter(({ deleted }) => !deleted);
  const named = living(await lookUpByExternalId(external, some(suspects.map(strangeRecord))));
  const ids = some(suspects.map(strangeCase));
  const cases = await readIdentities(salesforce, { ids, keys: some(named.map(({ key }) => key)) });
  const byId = new Map(cases.map((row) => [shortId(row.id), row]));
  const keys = some(ids.map((id) => byId.get(id)?.key ?? null));
  const others = living(await lookUp(external, keys));
  const byExternalId = new Map(named.map((row) => [row.externalId, row]));
  return {
    caseOf: (suspect) => byId.get(strangeCase(suspect)),
    recordOf: (suspect) => byExternalId.get(strangeRecord(suspect) ?? ''),
    caseWithKey: (key) => cases.find((row) => row.key === key),
    recordWithKey: (key) => others.find((row) => row.key === key),
  };
};

interface Pair {
  caseId: string;
  externalId: string;
  movedAt: number;
  detail: string;
}

/** The Case and the external record that one names and whose keys differ; null when what is named is gone, or is right. */
const pairOf = (suspect: Compared, counterparts: Counterparts): Pair | null => {
  const { key } = suspect.discrepancy;
  const named = counterparts.caseOf(suspect);
  if (named?.key && named.key !== key) {
    const { externalId } = suspect.external!;
    const other = counterparts.recordWithKey(named.key);
    const detail = other
      ? `the external records ${externalId} and ${other.externalId} both stand for the Case ${named.id}, which bears the key ${named.key}`
      : `the external record ${externalId} stands for the Case ${named.id}, which bears another key, ${named.key}, that no external record has`;
    return { caseId: named.id, externalId, movedAt: named.modifiedAt, detail };
  }
  const record = counterparts.recordOf(suspect);
  if (!record || record.key === key) return null;
  const { id: caseId } = suspect.salesforce!;
  const other = counterparts.caseWithKey(record.key);
  const detail = other
    ? `the Cases ${caseId} and ${other.id} both stand for the external record ${record.externalId}, which bears the key ${record.key}`
    : `the Case ${caseId} stands for the external record ${record.externalId}, which bears another key, ${record.key}, that no Case has`;
  return { caseId, externalId: record.externalId, movedAt: record.updatedAt, detail };
};

/**
 * Tells which findings are duplicates: one side names a living counterpart that bears another key, so that a
 * repair could make a third record or overwrite the evidence. A Case and a record that name each other are told once.
 */
export const tellDuplicates = async (suspects: Compared[], ports: DuplicatePorts): Promise<Told> => {
  const told: Told = { compared: [], inFlight: [] };
  if (suspects.length === 0) return told;
  const counterparts = await readCounterparts(suspects, ports);
  for (const suspect of suspects) {
    const pair = pairOf(suspect, counterparts);
    if (!pair) {
      told.compared.push(suspect);
      continue;
    }
    const { caseId, externalId, movedAt, detail } = pair;
    const { key } = suspect.discrepancy;
    const name = `${caseId}|${externalId}`;
    if (!isAtRest(movedAt, ports)) told.inFlight.push(key);
    else if (!ports.pairs.has(name)) {
      ports.pairs.add(name);
      const { fields } = suspect.discrepancy;
      told.compared.push({ ...suspect, discrepancy: { kind: 'duplicate', key, caseId, externalId, fields, detail } });
    }
  }
  return told;
};
