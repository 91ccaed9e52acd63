/** The registry's records, by its public API. */
import type { Gone, Scalar } from '../../../shared/case-messages.ts';
import { expected } from '../../../shared/expected.ts';
import { isArrayOf, isOptional, isPlain, isText } from '../../../shared/shapes.ts';
import type { Wanted } from '../../../reconciliation/compared-object.ts';
import type { ExternalRequest } from '../../../reconciliation/types.ts';
import type { RegistryState } from './types.ts';

interface View {
  externalId: string;
  key: string;
  revision: number;
  requestVersion: number | null;
  salesforceCaseId: string | null;
  originCaseId: string | null;
  syncStatus: RegistryState['syncStatus'];
  values: Record<string, Scalar>;
  salesforceDeletion: unknown;
  updatedAt: string;
  deletedAt: string | null;
}

const isView = (value: unknown): value is View =>
  isPlain(value) &&
  isText(value.externalId) &&
  isText(value.key) &&
  typeof value.revision === 'number' &&
  isOptional(value.requestVersion, 'number') &&
  isOptional(value.salesforceCaseId, 'string') &&
  isOptional(value.originCaseId, 'string') &&
  isText(value.syncStatus) &&
  isPlain(value.values) &&
  isText(value.updatedAt) &&
  (value.deletedAt === null || isText(value.deletedAt));

const isViews = (value: unknown): value is View[] => isArrayOf(value, isView);

/** The records of an answer. */
const viewsOf = (answer: unknown): RegistryState[] =>
  expected(isPlain(answer) ? answer.cases : null, isViews, 'the external system', 'records').map(stateOf);

/** Reasons of a deletion that leave the record valid. */
const PUT_AWAY = new Set<unknown>(['Archived', 'Left Scope'] satisfies Gone[]);

const LOOKUP_LIMIT = 1_000;

const stateOf = ({
  salesforceDeletion,
  deletedAt,
  updatedAt,
  externalId,
  key,
  revision,
  requestVersion,
  salesforceCaseId,
  originCaseId,
  syncStatus,
  values,
}: View): RegistryState => ({
  externalId,
  key,
  revision,
  requestVersion,
  salesforceCaseId,
  originCaseId,
  syncStatus,
  values,
  updatedAt: Date.parse(updatedAt),
  deleted: deletedAt !== null,
  deletedInSalesforce: salesforceDeletion !== null,
  putAway: isPlain(salesforceDeletion) && PUT_AWAY.has(salesforceDeletion.reason),
});

/** Records by key, by the identity of decoded elements, by external id: a thousand of one of these in a call. */
export const lookUp = async (request: ExternalRequest, wanted: Wanted): Promise<RegistryState[]> => {
  const states: RegistryState[] = [];
  for (const [by, items] of Object.entries(wanted) as [keyof Wanted, unknown[]][])
    for (let start = 0; start < items.length; start += LOOKUP_LIMIT)
      states.push(
        ...viewsOf(await request('POST', '/v1/cases/lookup', { [by]: items.slice(start, start + LOOKUP_LIMIT) })),
      );
  return states;
};

/** Records that have not settled: Case id missing or shared with another record, or update-sync-status not `Success`. */
export const readUnsettled = async (request: ExternalRequest): Promise<RegistryState[]> =>
  viewsOf(await request('GET', '/v1/cases/unsettled'));
