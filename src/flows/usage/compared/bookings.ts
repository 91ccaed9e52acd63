/** The service application's bookings, by its public API. */
import type { Wanted } from '../../../reconciliation/compared-object.ts';
import { chunks } from '../../../reconciliation/sides/salesforce-records.ts';
import type { ExternalRequest } from '../../../reconciliation/types.ts';
import { expected } from '../../../shared/expected.ts';
import { isArrayOf, isOptional, isPlain, isText } from '../../../shared/shapes.ts';
import { entryValues } from '../../../shared/usage-entry.ts';
import type { BookingState } from './types.ts';

interface View {
  key: string;
  adId: string;
  version: number;
  appliedVersion: number | null;
  applied: { contractNumber: string; productNumber: string; units: string } | null;
  outcome: BookingState['outcome'];
  errorCode: string | null;
  report: { state: 'queued' | 'taken' | 'rejected'; queuedAt: string } | null;
  updatedAt: string;
}

const isApplied = (value: unknown): boolean =>
  value === null ||
  (isPlain(value) && isText(value.contractNumber) && isText(value.productNumber) && isText(value.units));

const isReport = (value: unknown): boolean =>
  value === null || (isPlain(value) && isText(value.state) && isText(value.queuedAt));

const isView = (value: unknown): value is View =>
  isPlain(value) &&
  isText(value.key) &&
  isText(value.adId) &&
  typeof value.version === 'number' &&
  isOptional(value.appliedVersion, 'number') &&
  isApplied(value.applied) &&
  isOptional(value.outcome, 'string') &&
  isOptional(value.errorCode, 'string') &&
  isReport(value.report) &&
  isText(value.updatedAt);

const isViews = (value: unknown): value is View[] => isArrayOf(value, isView);

const stateOf = ({ key, adId, version, appliedVersion, applied, report, updatedAt, ...rest }: View): BookingState => ({
  key,
  externalId: adId,
  revision: version,
  appliedVersion,
  counts: applied !== null,
  contractNumber: applied?.contractNumber ?? null,
  values: applied ? entryValues({ ...applied, version: appliedVersion! }) : {},
  outcome: rest.outcome,
  errorCode: rest.errorCode,
  report: report && { state: report.state, queuedAt: Date.parse(report.queuedAt) },
  updatedAt: Date.parse(updatedAt),
  deleted: false,
});

const bookingsOf = (answer: unknown): BookingState[] =>
  expected(isPlain(answer) ? answer.bookings : null, isViews, 'the service application', 'bookings').map(stateOf);

const LOOKUP_LIMIT = 1_000;

/** Bookings by key, or by the identity of decoded elements: a thousand of one of these in a call. */
export const lookUp = async (
  request: ExternalRequest,
  { keys = [], elements = [] }: Wanted,
): Promise<BookingState[]> => {
  const states: BookingState[] = [];
  for (const part of chunks(keys, LOOKUP_LIMIT))
    states.push(...bookingsOf(await request('POST', '/v1/bookings/lookup', { keys: part })));
  for (const part of chunks(elements, LOOKUP_LIMIT))
    states.push(...bookingsOf(await request('POST', '/v1/bookings/lookup', { elements: part })));
  return states;
};

/** Bookings of ads of which something is still to be reported, or was refused. */
export const readUnsettled = async (request: ExternalRequest): Promise<BookingState[]> => {
  const states: BookingState[] = [];
  for (let after: string | null = ''; after !== null;) {
    const page: { next?: unknown } = await request('GET', `/v1/bookings/unsettled?after=${after}`);
    states.push(...bookingsOf(page));
    after = isText(page.next) ? page.next : null;
  }
  return states;
};
