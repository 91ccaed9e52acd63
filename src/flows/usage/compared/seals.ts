/** Whether both other sides hold the seals that Salesforce has: no digest tells that. */
import { isAtRest, type Rules } from '../../../reconciliation/find/at-rest.ts';
import type { Discrepancy, ExternalRequest } from '../../../reconciliation/types.ts';
import { expected } from '../../../shared/expected.ts';
import type { SalesforceClient } from '../../../shared/salesforce/client.ts';
import { quoted, timeOf } from '../../../shared/salesforce/soql.ts';
import { isArrayOf, isPlain, isText } from '../../../shared/shapes.ts';
import type { HeldSeal } from '../../../shared/usage-seal.ts';
import { keyOfContract } from '../carried/drafts.ts';
import type { UsageKind } from './types.ts';

/** Seals of one query, in the order of their ids: the primary key serves it, however many there are. */
const SEALS_A_PAGE = 2_000;

interface Stated extends Omit<HeldSeal, 'own'> {
  id: string;
  sealedAt: number;
  isPending: boolean;
}

const SAID = ['entries', 'units', 'amount', 'digest', 'basisDigest'] as const;

const isOwn = (value: unknown): boolean =>
  value === null || (isPlain(value) && Number.isInteger(value.entries) && isText(value.units) && isText(value.digest));

const isHeld = (value: unknown): value is HeldSeal =>
  isPlain(value) &&
  Number.isInteger(value.entries) &&
  [value.contractNumber, value.units, value.amount, value.digest, value.basisDigest].every(isText) &&
  isOwn(value.own);

const isHeldList = (value: unknown): value is HeldSeal[] => isArrayOf(value, isHeld);

/** All seals that a side holds, by the key of their contracts: page by page. */
const readHeld = async (request: ExternalRequest, path: string): Promise<Map<string, HeldSeal>> => {
  const held = new Map<string, HeldSeal>();
  for (let after: string | null = ''; after !== null;) {
    const page: { seals?: unknown; next?: unknown } = await request(
      'GET',
      `${path}?after=${encodeURIComponent(after)}`,
    );
    for (const seal of expected(page.seals, isHeldList, 'the service application', 'seals'))
      held.set(keyOfContract(seal.contractNumber), seal);
    after = isText(page.next) ? page.next : null;
  }
  return held;
};

const statedOf = (row: Record<string, unknown>): Stated => ({
  id: row.Id as string,
  contractNumber: row.Contract_Number__c as string,
  entries: Number(row.Entries__c),
  units: row.Units__c as string,
  amount: row.Amount__c as string,
  digest: row.Digest__c as string,
  basisDigest: row.Basis_Digest__c as string,
  sealedAt: timeOf(row.Sealed_At__c)!,
  isPending: row.Pending__c !== null,
});

/** All seals of Salesforce: an API call for each two thousand. */
const readStated = async (client: SalesforceClient): Promise<Stated[]> => {
  const stated: Stated[] = [];
  for (let after = ''; ;) {
    const rows = await client.query(
      `SELECT Id, Contract_Number__c, Entries__c, Units__c, Amount__c, Digest__c, Basis_Digest__c, Sealed_At__c, Pending__c FROM Contract_Seal__c${after === '' ? '' : ` WHERE Id > ${quoted(after)}`} ORDER BY Id LIMIT ${SEALS_A_PAGE}`,
    );
    stated.push(...rows.map(statedOf));
    if (rows.length < SEALS_A_PAGE) return stated;
    after = stated.at(-1)!.id;
  }
};

interface Sides {
  /** The application's, and the middle layer's. */
  here: Map<string, HeldSeal>;
  audited: Map<string, HeldSeal>;
  stated: Stated[];
}

/** Salesforce is read last: what others hold and it does not, it has no more. */
const readSides = async (client: SalesforceClient, external: ExternalRequest): Promise<Sides> => ({
  here: await readHeld(external, '/v1/seals'),
  audited: await readHeld(external, '/v1/seals/audited'),
  stated: await readStated(client),
});

const found = (
  kind: UsageKind,
  contractNumber: string,
  recordId: string | null,
  detail: string,
): Discrepancy<UsageKind> => ({
  kind,
  key: `contract ${keyOfContract(contractNumber)}`,
  recordId,
  externalId: null,
  fields: [],
  detail: `the seal of contract ${contractNumber} ${detail}`,
});

const differsFrom =
  (stated: Stated) =>
  (held: HeldSeal | undefined): boolean =>
    held !== undefined && SAID.some((field) => held[field] !== stated[field]);

/** What is wrong with what both other sides hold of one seal; null: nothing. */
const apart = (stated: Stated, { here, audited }: Sides): Discrepancy<UsageKind> | null => {
  const key = keyOfContract(stated.contractNumber);
  const holders = [
    ['the service application', here.get(key)],
    ['the middle layer', audited.get(key)],
  ] as const;
  const names = (those: (held: HeldSeal | undefined) => boolean): string =>
    holders
      .filter(([, held]) => those(held))
      .map(([name]) => name)
      .join(' and ');
  const forked = names(differsFrom(stated));
  if (forked !== '')
    return found(
      'broken seal',
      stated.contractNumber,
      stated.id,
      `is another one in ${forked}; no side replaces its own`,
    );
  const missing = names((held) => held === undefined);
  if (missing !== '') return found('lost seal', stated.contractNumber, stated.id, `is not in ${missing}`);
  return here.get(key)!.own?.digest === audited.get(key)!.own?.digest
    ? null
    : found(
        'lost seal',
        stated.contractNumber,
        stated.id,
        'is in the middle layer, which does not know what the bookings of the service application come to now',
      );
};

/** Seals that somebody holds and Salesforce has no more. */
const gone = ({ here, audited, stated }: Sides): Discrepancy<UsageKind>[] => {
  const known = new Set(stated.map(({ contractNumber }) => keyOfContract(contractNumber)));
  return [...new Map([...audited, ...here])]
    .filter(([key]) => !known.has(key))
    .map(([, { contractNumber }]) =>
      found('broken seal', contractNumber, null, 'is held outside, and Salesforce has none of that contract any more'),
    );
};

/**
 * Seals that the application or the middle layer has lost, or has another one of. What was sealed within the grace, and what is
 * pending, is on its way.
 */
export const findSealsApart = async (
  client: SalesforceClient,
  external: ExternalRequest,
  times: Pick<Rules, 'now' | 'graceMs' | 'latest'>,
): Promise<Discrepancy<UsageKind>[]> => {
  const sides = await readSides(client, external);
  return [
    ...sides.stated
      .filter(({ isPending, sealedAt }) => !isPending && isAtRest(sealedAt, times))
      .flatMap((stated) => apart(stated, sides) ?? []),
    ...gone(sides),
  ];
};

/** Those of these lost seals that all three sides have by now: their keys. */
export const sealsFoundAgain = async (
  client: SalesforceClient,
  external: ExternalRequest,
  lost: readonly Discrepancy[],
): Promise<Set<string>> => {
  if (lost.length === 0) return new Set();
  const sides = await readSides(client, external);
  const settled = new Set(
    sides.stated
      .filter((stated) => !stated.isPending && apart(stated, sides) === null)
      .map(({ contractNumber }) => `contract ${keyOfContract(contractNumber)}`),
  );
  return new Set(lost.map(({ key }) => key).filter((key) => settled.has(key)));
};
