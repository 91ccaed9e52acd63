import { RequestError, type RoutedRequest } from '../../shared/router.ts';

/** A whole number of the query, between bounds. Throws RequestError 400 naming it. */
export const wholeNumber = (request: RoutedRequest, name: string, fallback: number, max: number): number => {
  const text = request.query.get(name);
  if (text === null) return fallback;
  const value = Number(text);
  if (!/^\d{1,15}$/.test(text) || value > max)
    throw new RequestError(400, 'BAD_REQUEST', `${name} must be a whole number from 0 to ${max}`);
  return value;
};

/** A page of `limit` rows and where the next one starts, or null after the last. */
export const page = <Row>(
  rows: Row[],
  limit: number,
  place: (row: Row) => number,
): { rows: Row[]; next: number | null } => ({
  rows: rows.slice(0, limit),
  next: rows.length > limit ? place(rows[limit - 1]!) : null,
});

export const MAX_PAGE = 1_000;
export const DEFAULT_PAGE = 100;
