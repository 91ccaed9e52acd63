import type { Scalar } from '../../shared/case-messages.ts';
import type { Element } from '../digest/element.ts';
import { isArrayOf, isOptional, isPlain, isText } from '../../shared/shapes.ts';
import type { ExternalState } from '../types.ts';
import { expected } from './expected.ts';

/** Sends one request to the external system's public API and returns its parsed JSON. */
export type ExternalRequest = <T>(method: 'GET' | 'POST', path: string, body?: unknown) => Promise<T>;

interface View {
  externalId: string;
  key: string;
  revision: number;
  requestVersion: number | null;
  salesforceCaseId: string | null;
  originCaseId: string | null;
  syncStatus: ExternalState['syncStatus'];
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
const viewsOf = (answer: unknown): ExternalState[] =>
  expected(isPlain(answer) ? answer.cases : null, isViews, 'the external system', 'records').map(stateOf);

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
}: View): ExternalState => ({
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
});

/** Records by key and by the identity of decoded elements. */
export const lookUp = async (
  request: ExternalRequest,
  keys: string[],
  elements: Element[] = [],
): Promise<ExternalState[]> => {
  const wanted: { keys: string[]; elements: Element[] }[] = [];
  for (let start = 0; start < keys.length; start += LOOKUP_LIMIT)
    wanted.push({ keys: keys.slice(start, start + LOOKUP_LIMIT), elements: [] });
  for (let start = 0; start < elements.length; start += LOOKUP_LIMIT)
    wanted.push({ keys: [], elements: elements.slice(start, start + LOOKUP_LIMIT) });
  const states: ExternalState[] = [];
  for (const part of wanted) {
    states.push(...viewsOf(await request('POST', '/v1/cases/lookup', part)));
  }
  return states;
};

/** Records by external id. */
export const lookUpByExternalId = async (request: ExternalRequest, externalIds: string[]): Promise<ExternalState[]> => {
  const states: ExternalState[] = [];
  for (let start = 0; start < externalIds.length; start += LOOKUP_LIMIT) {
    const part = { externalIds: externalIds.slice(start, start + LOOKUP_LIMIT) };
    states.push(...viewsOf(await request('POST', '/v1/cases/lookup', part)));
  }
  return states;
};

/** Records that have not settled: Case id missing or shared with another record, or update-sync-status not `Success`. */
export const readUnsettled = async (request: ExternalRequest): Promise<ExternalState[]> =>
  viewsOf(await request('GET', '/v1/cases/unsettled'));
