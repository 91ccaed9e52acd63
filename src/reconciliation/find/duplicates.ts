import type { SalesforceClient } from '../../shared/salesforce/client.ts';
import type { ComparedObject, Wanted } from '../compared-object.ts';
import { readIdentities, type Identity } from '../sides/salesforce-records.ts';
import type { Compared, ExternalRequest, ExternalState } from '../types.ts';
import { isAtRest, type Rules } from './at-rest.ts';

/** The kind of discrepancy that a compared object has when its records name each other. */
const DUPLICATE = 'duplicate';

/** The first 15 characters of an id of the object, or null when it is none; the last three of 18 only check them. */
const shortId = (id: string | null, { prefix }: ComparedObject): string | null =>
  id !== null && id.startsWith(prefix) && /^[A-Za-z0-9]{15}([A-Za-z0-9]{3})?$/.test(id) ? id.slice(0, 15) : null;

/** The Salesforce record, by the first 15 characters of its id, that the external one names although its key does not lead there. */
const namedInside = ({ salesforce, external }: Compared, compared: ComparedObject): string | null => {
  if (!external) return null;
  const { id, origin } = compared.outside.standsFor(external);
  // a record that the key leads to counts for more than the origin, which a copy keeps for ever
  const named = shortId(id ?? (salesforce ? null : origin), compared);
  return salesforce && shortId(salesforce.id, compared) === named ? null : named;
};

/** The external record that the Salesforce one names although its key does not lead there. */
const namedOutside = ({ salesforce, external }: Compared): string | null =>
  salesforce?.externalId && salesforce.externalId !== external?.externalId ? salesforce.externalId : null;

/** Whether it takes a further look to tell it from a duplicate: an automatic repair would act on a record that points elsewhere. */
export const mayBeDuplicate = (finding: Compared, compared: ComparedObject): boolean =>
  DUPLICATE in compared.kinds &&
  compared.kinds[finding.discrepancy.kind]!.repair !== 'none' &&
  (namedInside(finding, compared) !== null || namedOutside(finding) !== null);

/** By the times of the rules: a counterpart that moved too recently may still be given its right key. */
export interface DuplicatePorts extends Pick<Rules, 'now' | 'graceMs' | 'latest'> {
  compared: ComparedObject;
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

/** What the suspects name, as it is now. */
interface Counterparts {
  insideOf(suspect: Compared): Identity | undefined;
  outsideOf(suspect: Compared): ExternalState | undefined;
  insideWithKey(key: string): Identity | undefined;
  outsideWithKey(key: string): ExternalState | undefined;
}

const some = <T>(values: (T | null)[]): T[] => [...new Set(values.filter((value) => value !== null))];

const readCounterparts = async (
  suspects: Compared[],
  { compared, salesforce, external }: DuplicatePorts,
): Promise<Counterparts> => {
  const lookUp = (wanted: Wanted): Promise<ExternalState[]> => compared.outside.lookUp(external, wanted);
  const living = (records: ExternalState[]): ExternalState[] => records.filter(({ deleted }) => !deleted);
  const named = living(await lookUp({ externalIds: some(suspects.map(namedOutside)) }));
  const ids = some(suspects.map((suspect) => namedInside(suspect, compared)));
  const records = await readIdentities(salesforce, compared, { ids, keys: some(named.map(({ key }) => key)) });
  const byId = new Map(records.map((row) => [shortId(row.id, compared), row]));
  const keys = some(ids.map((id) => byId.get(id)?.key ?? null));
  const others = living(await lookUp({ keys }));
  const byExternalId = new Map(named.map((row) => [row.externalId, row]));
  return {
    insideOf: (suspect) => byId.get(namedInside(suspect, compared)),
    outsideOf: (suspect) => byExternalId.get(namedOutside(suspect) ?? ''),
    insideWithKey: (key) => records.find((row) => row.key === key),
    outsideWithKey: (key) => others.find((row) => row.key === key),
  };
};

interface Pair {
  recordId: string;
  externalId: string;
  movedAt: number;
  detail: string;
}

/** The Salesforce record and the external one that one names and whose keys differ; null when what is named is gone, or is right. */
const pairOf = (suspect: Compared, counterparts: Counterparts, { one, many }: ComparedObject['names']): Pair | null => {
  const { key } = suspect.discrepancy;
  const named = counterparts.insideOf(suspect);
  if (named?.key && named.key !== key) {
    const { externalId } = suspect.external!;
    const other = counterparts.outsideWithKey(named.key);
    const detail = other
      ? `the external records ${externalId} and ${other.externalId} both stand for the ${one} ${named.id}, which has the key ${named.key}`
      : `the external record ${externalId} stands for the ${one} ${named.id}, which has another key, ${named.key}, that no external record has`;
    return { recordId: named.id, externalId, movedAt: named.modifiedAt, detail };
  }
  const record = counterparts.outsideOf(suspect);
  if (!record || record.key === key) return null;
  const { id: recordId } = suspect.salesforce!;
  const other = counterparts.insideWithKey(record.key);
  const detail = other
    ? `the ${many} ${recordId} and ${other.id} both stand for the external record ${record.externalId}, which has the key ${record.key}`
    : `the ${one} ${recordId} stands for the external record ${record.externalId}, which has another key, ${record.key}, that no ${one} has`;
  return { recordId, externalId: record.externalId, movedAt: record.updatedAt, detail };
};

/**
 * Tells which findings are duplicates: one side names a living counterpart that has another key, so that a
 * repair could make a third record or overwrite the evidence. Two records that name each other are told once.
 */
export const tellDuplicates = async (suspects: Compared[], ports: DuplicatePorts): Promise<Told> => {
  const told: Told = { compared: [], inFlight: [] };
  if (suspects.length === 0) return told;
  const counterparts = await readCounterparts(suspects, ports);
  for (const suspect of suspects) {
    const pair = pairOf(suspect, counterparts, ports.compared.names);
    if (!pair) {
      told.compared.push(suspect);
      continue;
    }
    const { recordId, externalId, movedAt, detail } = pair;
    const { key } = suspect.discrepancy;
    const name = `${recordId}|${externalId}`;
    if (!isAtRest(movedAt, ports)) told.inFlight.push(key);
    else if (!ports.pairs.has(name)) {
      ports.pairs.add(name);
      const { fields } = suspect.discrepancy;
      told.compared.push({ ...suspect, discrepancy: { kind: DUPLICATE, key, recordId, externalId, fields, detail } });
    }
  }
  return told;
};
