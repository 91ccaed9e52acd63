/** Which queries Bulk API 2.0 takes. */
import type { QueryDescription, QueryFeature } from '../../store/types.ts';
import { apiError } from '../errors.ts';

/**
 * Bulk API 2.0 Developer Guide, "Understanding Bulk API 2.0 Query". TYPEOF and compound fields are refused when the
 * query is described. Salesforce documents the wording of the refusal of subqueries alone.
 */
const REFUSALS: [QueryFeature, string][] = [
  ['children', 'Aggregate Relationships not supported in Bulk V2 Query with CSV content type'],
  ['GROUP BY', 'GROUP BY not supported in Bulk V2 Query'],
  ['aggregates', 'Aggregate functions not supported in Bulk V2 Query'],
  ['OFFSET', 'OFFSET not supported in Bulk V2 Query'],
  ['FIELDS()', 'FIELDS() not supported in Bulk V2 Query'],
];

export const requireBulkQuery = ({ features, columns }: QueryDescription): void => {
  for (const [feature, message] of REFUSALS) if (features.has(feature)) throw apiError('API_ERROR', message);
  if (columns.some(({ type }) => type === 'base64'))
    throw apiError('API_ERROR', 'Blob field not supported in Bulk V2 Query with CSV content type');
};
